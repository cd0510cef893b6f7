/** The members before the history: what the pack says of itself, and what decides figures without standing in the log. */
import { canonicalJson, sha256 } from '../ledger/canonical-json.js';
import { parseVerifierKey, type VerifierKey } from '../ledger/signed-note.js';
import type { Keys } from './checkpoints-check.js';
import type { Findings } from './findings.js';
import type { FormRows } from './form-rows.js';
import { KNOWN_CALENDARS, KNOWN_FORMS, KNOWN_RULES, isKnownPolicy } from './known.js';
import { FORMAT, type PackHead } from './layout.js';
import type { CalendarYear } from './calculator/days.js';
import { BadArchive } from './tar.js';

/** JSON of a member. Errors: `BadArchive`. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new BadArchive(`not JSON: ${(error as Error).message}`);
  }
}

/** `pack.json`; null where it is of a format this verifier does not know, which is a finding. Errors: `BadArchive`. */
export function readHead(text: string, findings: Findings): PackHead | null {
  const head = parseJson(text) as Partial<PackHead> | null;
  if (typeof head?.format !== 'string') throw new BadArchive('pack.json says no format');
  if (head.format !== FORMAT) {
    findings.error('unknown-version', 'pack.json', `未知的包格式 (no format this verifier knows): ${head.format}; ${FORMAT}`);
    return null;
  }
  if (!isHead(head) || canonicalJson(head) !== text) throw new BadArchive('pack.json is not what it must be');
  if (!isKnownPolicy(head.policy))
    findings.error('policy-unknown', 'pack.json', `统计规则不是核验程序所知的 (no rules of counting this verifier knows): ${head.policy}`);
  return head;
}

/** `calendars.json`; null where they are not the known ones, which is a finding. Errors: `BadArchive`. */
export function readCalendars(text: string, head: PackHead, findings: Findings): readonly CalendarYear[] | null {
  const { version, years } = (parseJson(text) ?? {}) as { readonly version?: unknown; readonly years?: unknown };
  const known = typeof version === 'string' && Object.hasOwn(KNOWN_CALENDARS, version) ? KNOWN_CALENDARS[version] : undefined;
  if (version === head.calendar && known === sha256(text) && Array.isArray(years)) return years as CalendarYear[];
  findings.error('calendar-unknown', 'calendars.json', '日历不是核验程序所知的 (not the calendars this verifier knows)');
  return null;
}

/** `rules.json`: the rules of findings that go with the policy of the pack, otherwise a finding. Errors: `BadArchive`. */
export function checkRules(text: string, { policy }: PackHead, findings: Findings): void {
  const said = (parseJson(text) ?? {}) as { readonly policy?: unknown };
  // An unknown policy was said of pack.json already.
  if (said.policy !== policy || (isKnownPolicy(policy) && KNOWN_RULES[policy]?.includes(sha256(text)) !== true))
    findings.error('rules-unknown', 'rules.json', '规则不是核验程序所知的 (not the rules this verifier knows)');
}

/** The form in a member under `forms/`; null where it is not a known one, which is a finding. */
export function readForm(name: string, text: string, findings: Findings): { readonly id: string; readonly rows: FormRows } | null {
  const id = name.slice('forms/'.length).replace(/\.json$/, '');
  if (Object.hasOwn(KNOWN_FORMS, id) && KNOWN_FORMS[id]?.includes(sha256(text)) === true) return { id, rows: JSON.parse(text) as FormRows };
  findings.error('form-unknown', name, '表式不是核验程序所知的 (not a form this verifier knows)');
  return null;
}

/** `keys.json`. Errors: `BadArchive`, `BadKey`. */
export function readKeys(text: string): Keys {
  const { ledger, witnesses } = (parseJson(text) ?? {}) as { readonly ledger?: unknown; readonly witnesses?: unknown };
  const read = (lines: unknown): VerifierKey[] => {
    if (!Array.isArray(lines)) throw new BadArchive('keys.json holds no keys');
    return lines.map((line) => parseVerifierKey(String(line)));
  };
  return { ledger: read(ledger), witnesses: read(witnesses) };
}

function isHead(head: Partial<PackHead>): head is PackHead {
  const { origin, size, root, cut, policy, calendar } = head;
  const texts = typeof root === 'string' && typeof policy === 'string' && typeof calendar === 'string';
  if (!texts || !(origin === null || typeof origin === 'string') || !Number.isSafeInteger(size) || (size as number) < 0) return false;
  if (cut === null) return true;
  if (typeof cut !== 'object') return false;
  const { agency, year } = cut;
  const one = agency !== null || year !== null;
  return one && (agency === null || /^[a-z0-9-]{1,40}$/.test(agency)) && (year === null || Number.isSafeInteger(year));
}
