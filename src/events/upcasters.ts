/**
 * From any stored version of an event to today's: pure functions, one per step vN → vN+1. What was stored is hashed and kept as it was;
 * only readers see the newer shape, so no upcaster can change history.
 */
import { currentVersion, type StoredType } from './catalog.js';

export type EventData = Readonly<Record<string, unknown>>;
type Upcaster = (data: EventData) => EventData;

/** What a registration that said nothing stood for as long as version 1 was stored. Today's defaults may be others; these never change. */
const PROFILE_OF_V1 = { reporting: 'included', forms: ['2014-shandong', '2019', '2021'] } as const;

function withProfile(data: EventData): EventData {
  const { reporting, forms, derived } = data as { reporting?: string; forms?: readonly string[]; derived: EventData };
  const profile = { reporting: reporting ?? PROFILE_OF_V1.reporting, forms: forms ?? PROFILE_OF_V1.forms };
  return { ...data, derived: { ...derived, profile } };
}

/** `type@N` → the step from version N to N + 1. Every version below the current one has its step; a test holds it. */
export const UPCASTERS: Readonly<Record<string, Upcaster>> = {
  'agency.registered@1': withProfile,
};

/** Data of `type` stored in `version`, in today's shape. Throws on a version this program does not know: counting must stop, not guess. */
export function upcast(type: StoredType, version: number, data: EventData): EventData {
  const current = currentVersion(type);
  if (!Number.isInteger(version) || version < 1 || version > current) {
    throw new Error(`${type} was stored in version ${version}; this program knows versions 1 to ${current}`);
  }
  let shape = data;
  for (let step = version; step < current; step += 1) {
    const upcaster = UPCASTERS[`${type}@${step}`];
    if (upcaster === undefined) throw new Error(`no upcaster for ${type}@${step}`);
    shape = upcaster(shape);
  }
  return shape;
}
