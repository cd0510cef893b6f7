/**
 * Versions of messages and where their schemas stand. A version is that of what a sender may say: one that refuses more
 * than before is a new one, whatever version its stored event has (events/catalog.ts).
 */
import type { ActType } from '../../domain/acts.js';
import { bareType, currentVersion, isActType, publicType } from '../../events/catalog.js';

/** Types of which there is a later version than the first. */
const LATER: Readonly<Partial<Record<ActType, number>>> = {};

export function messageVersion(type: ActType): number {
  return LATER[type] ?? 1;
}

/** Address of the schema, from the root of the service; also its `$id`. */
export function schemaAddress(type: ActType, version = messageVersion(type)): string {
  return `/v1/schemas/${publicType(type)}/v${version}.json`;
}

/** The type of a message, with or without its prefix; null where there is none. */
export function actTypeOf(type: unknown): ActType | null {
  if (typeof type !== 'string') return null;
  const name = bareType(type);
  return isActType(name) ? name : null;
}

/** Number of the version that a text ends in; a number of the stored event is taken too, as it always was. */
const versionsUpTo = (last: number): string => `0*(${Array.from({ length: last }, (_, at) => at + 1).join('|')})`;

/** What `dataschema` may be: it ends in a version of the type, or is the address of its schema, on any service. */
export function isDataschemaOf(type: ActType, text: string): boolean {
  const pattern = patterns.get(type) ?? new RegExp(dataschemaPattern(type));
  patterns.set(type, pattern);
  return pattern.test(text);
}

/** Compiled once: messages are many. */
const patterns = new Map<ActType, RegExp>();

/** The same as a pattern of a schema. */
export function dataschemaPattern(type: ActType): string {
  const address = `/v1/schemas/${publicType(type).replaceAll('.', '[.]')}/v${versionsUpTo(messageVersion(type))}[.]json`;
  return `([:/@#.]v?${versionsUpTo(Math.max(currentVersion(type), messageVersion(type)))}|${address})$`;
}
