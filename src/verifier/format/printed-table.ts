/** A table as `disclosure table --json` prints it and a pack holds it, and its hash. */
import { isObject } from '../../encoding/unknown-values.js';
import type { PrintedTable as CompareTable } from '../calculator/compare.js';
import { canonicalJson, sha256 } from '../../encoding/canonical-json.js';
import { hasExactly, hasOnly } from './shapes.js';

export type PrintedRow = CompareTable['rows'][number] & {
  readonly label: string;
  readonly unit: string | null;
  readonly basis: string | null;
  /** Of a roll-up: members are missing. */
  readonly partial?: boolean;
};

/** Of a roll-up: an agency it adds up, or says why not. */
export interface PrintedMember {
  readonly agency: string;
  readonly status: string;
}

/** What is said of a table beside its figures; as far as it is needed. */
export interface PrintedFinding {
  readonly rule: string;
  readonly severity: string;
  readonly cells: readonly string[];
}

export interface PrintedTable {
  readonly agency: string;
  readonly year: number;
  readonly form: string;
  readonly policy: string;
  readonly calendar: string;
  readonly view: string;
  readonly asOf: { readonly index: number; readonly recordedAt: string };
  /** Whether `asOf` says a position too: one that is frozen in an event does, one that is a member does not. */
  readonly hasPosition: boolean;
  readonly hash: string;
  readonly rows: readonly PrintedRow[];
  readonly findings: readonly PrintedFinding[];
  /** null for the table of one agency. */
  readonly members: readonly PrintedMember[] | null;
  /** The hash that everything in it gives; the one it bears may be another. */
  readonly computedHash: string;
}

const NAMES: ReadonlySet<string> = new Set(['agency', 'year', 'form', 'policy', 'calendar', 'view', 'asOf', 'hash', 'rows', 'findings']);
const ROLLED_UP: ReadonlySet<string> = new Set([...NAMES, 'members']);
const MEMBER_NAMES = ['agency', 'status'];
const STATUSES: readonly unknown[] = ['included', 'missing', 'vertical'];
const ASOF_NAMES: ReadonlySet<string> = new Set(['index', 'recordedAt', 'position']);
const ROW_NAMES: ReadonlySet<string> = new Set(['code', 'label', 'unit', 'value', 'cells', 'basis']);
const PARTIAL: ReadonlySet<string> = new Set([...ROW_NAMES, 'partial']);
const FINDING_NAMES: ReadonlySet<string> = new Set(['rule', 'severity', 'cells', 'left', 'right', 'message', 'cases', 'caseCount']);
const SEVERITIES: readonly unknown[] = ['error', 'warning', 'info'];

/**
 * Reads a table out of JSON. Throws where it is none: also where it says more than a table does, as nobody would check
 * that.
 */
export function readTable(value: unknown): PrintedTable {
  if (!isObject(value)) throw new Error('a table is an object');
  return readAs(value, null);
}

/** The same of one that says which agencies it adds up. */
export function readRollUp(value: unknown): PrintedTable {
  const members: unknown = isObject(value) ? value['members'] : undefined;
  if (!isObject(value) || !Array.isArray(members) || !members.every(isMember)) throw new Error('it says no members');
  return readAs(value, members);
}

function isMember(member: unknown): member is PrintedMember {
  return hasExactly(member, MEMBER_NAMES) && typeof member['agency'] === 'string' && STATUSES.includes(member['status']);
}

function readAs(value: Record<string, unknown>, members: PrintedTable['members']): PrintedTable {
  const { agency, year, form, policy, calendar, view, asOf, hash, rows, findings } = value;
  const texts = { agency, form, policy, calendar, view, hash };
  if (!areAllTexts(texts)) throw new Error('agency, form, policy, calendar, view or hash is missing');
  if (typeof year !== 'number' || !Number.isSafeInteger(year) || !isObject(asOf) || !Array.isArray(rows))
    throw new Error('year, asOf or rows is missing');
  if (!hasOnly(value, members === null ? NAMES : ROLLED_UP) || !hasOnly(asOf, ASOF_NAMES))
    throw new Error('it says what the table of one agency does not say');
  if (!rows.every((row) => isRow(row, members !== null))) throw new Error('a row has neither code nor values');
  if (new Set(rows.map(({ code }) => code)).size < rows.length) throw new Error('a row is there twice');
  if (!Array.isArray(findings) || !findings.every(isFinding)) throw new Error('its findings cannot be read');
  const { index, recordedAt } = asOf;
  if (typeof index !== 'number' || !Number.isSafeInteger(index) || typeof recordedAt !== 'string')
    throw new Error('asOf has neither index nor time');
  const moment = { asOf: { index, recordedAt }, hasPosition: Object.hasOwn(asOf, 'position') };
  return { ...texts, ...moment, year, rows, findings, members, computedHash: tableHash(value) };
}

function isRow(row: unknown, rolledUp: boolean): row is PrintedRow {
  if (!isObject(row) || !hasOnly(row, rolledUp ? PARTIAL : ROW_NAMES)) return false;
  if (row['partial'] !== undefined && row['partial'] !== true) return false;
  const { code, label, unit, basis, value, cells } = row;
  if (typeof code !== 'string' || typeof label !== 'string' || !isValue(unit) || !isValue(basis)) return false;
  if (cells !== undefined) return value === undefined && isObject(cells) && Object.values(cells).every(isValue);
  return isValue(value);
}

/** `left` and `right` are printed values, null where nothing is compared; `cases` and `caseCount` are there or not. */
function isFinding(finding: unknown): finding is PrintedFinding {
  if (!hasOnly(finding, FINDING_NAMES)) return false;
  const { rule, severity, cells, left, right, message, cases, caseCount } = finding;
  if (typeof rule !== 'string' || !SEVERITIES.includes(severity) || typeof message !== 'string' || !areTexts(cells)) return false;
  if (!isValue(left) || !isValue(right) || (cases !== undefined && !areTexts(cases))) return false;
  return caseCount === undefined || (cases !== undefined && Number.isSafeInteger(caseCount));
}

function areAllTexts<Name extends string>(values: Readonly<Record<Name, unknown>>): values is Readonly<Record<Name, string>> {
  return areTexts(Object.values(values));
}

function areTexts(values: unknown): values is readonly string[] {
  return Array.isArray(values) && values.every((value) => typeof value === 'string');
}

function isValue(printed: unknown): printed is string | null {
  return printed === null || typeof printed === 'string';
}

/** What says where a table stands and how it is printed; a pack has none of these but `hash` and `view`. */
const LEFT_OUT: ReadonlySet<string> = new Set(['hash', 'view', 'stale', 'columns', 'published', 'contentHash', 'asOf']);

/** `sha256:` of the RFC 8785 form of everything but what is left out, `asOf.position` and each row's `section`. */
export function tableHash(table: Readonly<Record<string, unknown>>): string {
  const content = Object.fromEntries(Object.entries(table).filter(([name]) => !LEFT_OUT.has(name)));
  const { index, recordedAt } = table['asOf'] as Readonly<Record<string, unknown>>;
  const rows = (table['rows'] as readonly Readonly<Record<string, unknown>>[]).map(({ section: _section, ...row }) => row);
  return sha256(canonicalJson({ ...content, rows, asOf: { index, recordedAt } }));
}
