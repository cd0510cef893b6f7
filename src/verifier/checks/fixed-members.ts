/**
 * The members before the history: what the pack says of itself, and what decides figures without standing in the log.
 */
import { isUtf8 } from 'node:buffer';
import { canonicalJson, sha256 } from '../../encoding/canonical-json.js';
import { isObject, messageOf } from '../../encoding/unknown-values.js';
import { HASH_BYTES } from '../../ledger/merkle.js';
import { fromBase64, parseVerifierKey, type VerifierKey } from '../../ledger/signed-note.js';
import type { Keys } from './checkpoints-check.js';
import type { Findings } from '../findings.js';
import type { FormRows } from '../format/form-rows.js';
import { KNOWN_CALENDARS, isKnownPolicy } from '../known.js';
import { KNOWN_FORMS, KNOWN_RULES } from '../known-digests.js';
import { FORMAT, type PackHead } from '../format/layout.js';
import type { CalendarYear } from '../calculator/days.js';
import { hasExactly, isCount } from '../format/shapes.js';
import { BadArchive } from '../format/tar.js';

/** JSON of a member. Errors: `BadArchive`. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new BadArchive(`not JSON: ${messageOf(error)}`);
  }
}

/** `pack.json`; null where it is of a format this verifier does not know, which is a finding. Errors: `BadArchive`. */
export function readHead(text: string, findings: Findings): PackHead | null {
  const head = parseJson(text);
  if (!isObject(head) || typeof head['format'] !== 'string') throw new BadArchive('pack.json says no format');
  if (head['format'] !== FORMAT) {
    findings.error('unknown-version', 'pack.json', `未知的包格式 (no format this verifier knows): ${head['format']}; ${FORMAT}`);
    return null;
  }
  if (!isHead(head) || canonicalJson(head) !== text) throw new BadArchive('pack.json is not what it must be');
  if (!isKnownPolicy(head.policy))
    findings.error('policy-unknown', 'pack.json', `统计规则不是核验程序所知的 (no rules of counting this verifier knows): ${head.policy}`);
  return head;
}

/** `calendars.json`; null where they are not the known ones, which is a finding. */
export function readCalendars(text: string, { calendar }: PackHead, findings: Findings): readonly CalendarYear[] | null {
  const known = Object.hasOwn(KNOWN_CALENDARS, calendar) ? KNOWN_CALENDARS[calendar] : undefined;
  if (known === sha256(text)) return (JSON.parse(text) as { readonly years: readonly CalendarYear[] }).years;
  findings.error('calendar-unknown', 'calendars.json', '日历不是核验程序所知的 (not the calendars this verifier knows)');
  return null;
}

/**
 * `rules.json`: the rules of findings that go with the policy of the pack, otherwise a finding. Gives the forms that
 * they are of: the pack has each.
 */
export function checkRules(text: string, { policy }: PackHead, findings: Findings): readonly string[] {
  // An unknown policy was said of pack.json already; no rules are known of it.
  if (isKnownPolicy(policy) && KNOWN_RULES[policy]?.includes(sha256(text)) === true)
    return Object.keys((JSON.parse(text) as { readonly forms: object }).forms);
  findings.error('rules-unknown', 'rules.json', '规则不是核验程序所知的 (not the rules this verifier knows)');
  return [];
}

/** The form in a member under `forms/`; null where it is not a known one, which is a finding. */
export function readForm(name: string, text: string, findings: Findings): { readonly id: string; readonly rows: FormRows } | null {
  const id = name.slice('forms/'.length).replace(/\.json$/, '');
  if (Object.hasOwn(KNOWN_FORMS, id) && KNOWN_FORMS[id]?.includes(sha256(text)) === true) return { id, rows: JSON.parse(text) as FormRows };
  findings.error('form-unknown', name, '表式不是核验程序所知的 (not a form this verifier knows)');
  return null;
}

/** `keys.json`: exactly its two lists of keys, in canonical form. Errors: `BadArchive`, `BadKey`. */
export function readKeys(bytes: Buffer): Keys {
  if (!isUtf8(bytes)) throw new BadArchive('keys.json is not UTF-8');
  const text = bytes.toString();
  const keys = parseJson(text);
  if (!hasExactly(keys, ['ledger', 'witnesses'])) throw new BadArchive('keys.json holds ledger and witnesses, and nothing else');
  if (canonicalJson(keys) !== text) throw new BadArchive('keys.json is not in canonical form');
  const read = (lines: unknown): VerifierKey[] => {
    if (!Array.isArray(lines)) throw new BadArchive('keys.json holds no keys');
    return lines.map((line) => parseVerifierKey(String(line)));
  };
  return { ledger: read(keys['ledger']), witnesses: read(keys['witnesses']) };
}

const HEAD_NAMES = ['format', 'origin', 'size', 'root', 'cut', 'policy', 'calendar'] as const satisfies readonly (keyof PackHead)[];

function isHead(head: unknown): head is PackHead {
  if (!hasExactly(head, HEAD_NAMES)) return false;
  const { origin, size, root, cut, policy, calendar } = head;
  if (typeof policy !== 'string' || typeof calendar !== 'string' || !(origin === null || (typeof origin === 'string' && origin !== '')))
    return false;
  if (typeof root !== 'string' || fromBase64(root)?.length !== HASH_BYTES) return false;
  return isCount(size) && (cut === null || isCut(cut));
}

/** One of both is named, or both. */
function isCut(cut: unknown): boolean {
  if (!hasExactly(cut, ['agency', 'year'])) return false;
  const { agency, year } = cut;
  if (agency === null && year === null) return false;
  const isYear = year === null || (isCount(year) && year <= 9999);
  return isYear && (agency === null || (typeof agency === 'string' && /^[a-z0-9-]{1,40}$/.test(agency)));
}
