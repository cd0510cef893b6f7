/** Shapes of JSON: what a pack says it says under the names of docs/audit-pack.md, all of them and no other. */
import { isObject } from '../../encoding/unknown-values.js';

/** The id of an event. */
export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/** Whether it is an RFC 3339 time. */
export function isTime(value: unknown): value is string {
  return typeof value === 'string' && TIME.test(value) && !Number.isNaN(Date.parse(value));
}

/** Whether it counts something: a whole number from 0. */
export function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** Whether it is an object of exactly these names. */
export function hasExactly(value: unknown, names: readonly string[]): value is Record<string, unknown> {
  return isObject(value) && Object.keys(value).length === names.length && names.every((name) => Object.hasOwn(value, name));
}

/** Whether it is an object of no other names than these. */
export function hasOnly(value: unknown, names: ReadonlySet<string>): value is Record<string, unknown> {
  return isObject(value) && Object.keys(value).every((name) => names.has(name));
}
