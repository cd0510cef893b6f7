/** What names a case, an agency and a content. */

/** A case: `<kind>/<number>`, unique in its agency. */
export interface CaseRef {
  readonly kind: string;
  readonly number: string;
}

export function caseName(ref: CaseRef): string {
  return `${ref.kind}/${ref.number}`;
}

const CASE_NUMBER = /^(?!\.)[\p{L}\p{Nd}〔〕()._-]{1,64}$/u;

/**
 * `kind/number` → its parts; `null` unless the number is 1–64 letters, digits or `〔〕()._-` in NFKC form, not beginning
 * with a dot.
 */
export function parseCaseName(text: unknown): CaseRef | null {
  if (typeof text !== 'string') return null;
  const slash = text.indexOf('/');
  if (slash <= 0) return null;
  const kind = text.slice(0, slash);
  const number = text.slice(slash + 1);
  if (!/^[a-z][a-z-]*$/.test(kind) || !CASE_NUMBER.test(number) || number !== number.normalize('NFKC')) return null;
  return { kind, number };
}

/** The stream of a case. Agency codes hold no slash, case kinds neither, so no two cases share a name. */
export function streamOf(agency: string, ref: CaseRef): string {
  return `${ref.kind}-${agency}/${ref.number}`;
}

const AGENCY_CODE = /^[a-z0-9-]{1,40}$/;

export function isAgencyCode(text: unknown): text is string {
  return typeof text === 'string' && AGENCY_CODE.test(text);
}

/** A content hash: `sha256:` and 64 lower-case hexadecimal digits. */
export function isContentHash(text: unknown): text is string {
  return typeof text === 'string' && /^sha256:[0-9a-f]{64}$/.test(text);
}
