/**
 * From any stored version of an event to today's: pure functions, one per step vN → vN+1. What was stored is hashed and
 * kept as it was; only readers see the newer shape, so no upcaster can change history.
 */
import { membersOf } from '../encoding/unknown-values.js';
import { currentVersion, type StoredType } from './catalog.js';

export type EventData = Readonly<Record<string, unknown>>;
type Upcaster = (data: EventData) => EventData;

/**
 * What a registration that said nothing stood for as long as version 1 was stored. Today's defaults may be others;
 * these never change.
 */
const PROFILE_OF_V1 = { reporting: 'included', forms: ['2014-shandong', '2019', '2021'] } as const;

function withProfile(data: EventData): EventData {
  const profile = { reporting: data['reporting'] ?? PROFILE_OF_V1.reporting, forms: data['forms'] ?? PROFILE_OF_V1.forms };
  return { ...data, derived: { ...membersOf(data['derived']), profile } };
}

/**
 * Version 1 held in clear what version 2 seals: the fields are the same, and whoever reads without a key drops them
 * (see envelope.ts).
 */
function sealedSince(data: EventData): EventData {
  return data;
}

/** Version 1 told the title of the publication it was left with, released or not. */
function withoutTitle(data: EventData): EventData {
  const { derived } = data as { derived: { voided: { type?: string }; leaves: EventData } };
  if (derived.voided.type?.startsWith('publication.') !== true) return data;
  return { ...data, derived: { ...derived, leaves: { ...derived.leaves, title: null } } };
}

/** A figure of version 1 is a plain number, which the reader of version 2 reads as the same. */
function plainNumber(data: EventData): EventData {
  return data;
}

/** Version 1 knew no texts: its acts are of tables alone. */
function withoutText(data: EventData): EventData {
  return data;
}

/** Printed values of version 1 are read by the first reader. */
function printedInV1(data: EventData): EventData {
  return { ...data, derived: { ...membersOf(data['derived']), printed: 1 } };
}

/** `type@N` → the step from version N to N + 1. Every version below the current one has its step; a test holds it. */
export const UPCASTERS: Readonly<Record<string, Upcaster>> = {
  'agency.registered@1': withProfile,
  'application.received@1': sealedSince,
  'application.third-party-consulted@1': sealedSince,
  'application.third-party-answered@1': sealedSince,
  'application.extended@1': sealedSince,
  'application.cleared@1': sealedSince,
  'application.fee-waived@1': sealedSince,
  'application.abandoned@1': sealedSince,
  'application.withdrawn@1': sealedSince,
  'complaint.received@1': sealedSince,
  'complaint.decided@1': sealedSince,
  'reconsideration.filed@1': sealedSince,
  'reconsideration.decided@1': sealedSince,
  'lawsuit.filed@1': sealedSince,
  'lawsuit.decided@1': sealedSince,
  'publication.drafted@1': sealedSince,
  'publication.revised@1': sealedSince,
  'publication.cleared@1': sealedSince,
  'publication.rejected@1': sealedSince,
  'publication.released@1': sealedSince,
  'publication.checked@1': sealedSince,
  'publication.corrected@1': sealedSince,
  'publication.withdrawn@1': sealedSince,
  'publication.approved@1': sealedSince,
  'application.supplement-requested@1': sealedSince,
  'application.supplemented@1': sealedSince,
  'application.reply-drafted@1': sealedSince,
  'application.reply-revised@1': sealedSince,
  'application.approved@1': sealedSince,
  'application.replied@1': sealedSince,
  'application.reply-remade@1': sealedSince,
  'application.fee-charged@1': sealedSince,
  'record.voided@1': withoutTitle,
  'agency.figure-declared@1': plainNumber,
  'table.declared@1': printedInV1,
  'report.compiled@1': withoutText,
  'report.cleared@1': withoutText,
  'report.approved@1': withoutText,
  'report.published@1': withoutText,
};

/**
 * Data of `type` stored in `version`, in today's shape. Throws on a version this program does not know: counting must
 * stop, not guess.
 */
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
