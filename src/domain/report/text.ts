/** The text that officers write of a yearly report, and its hash. */
import { canonicalJson, sha256 } from '../../encoding/canonical-json.js';
import type { CaseRef } from '../identifiers.js';

/** What is signed of a text: which report it is of, and its parts as they were sent, references and all. */
export interface ReportText {
  readonly year: number;
  readonly form: string;
  /** By the number of the part, `1` the first. */
  readonly parts: Readonly<Record<string, string>>;
}

/** `sha256:` of the RFC 8785 form of `{form, parts, year}`, and of nothing else. */
export function textHashOf({ year, form, parts }: ReportText): string {
  return sha256(canonicalJson({ year, form, parts }));
}

/** What is wrong in a part of a text. */
export interface TextFlaw {
  /** Its number as it was sent. */
  readonly part: string;
  readonly problem: string;
}

/** What the domain needs to know of the language of report texts, and of the parts of each form. */
export interface TextCatalog {
  /** Empty where every part is one of the form's, and every number in it a reference to what the form has. */
  flaws(form: string, parts: ReportText['parts']): readonly TextFlaw[];
}

const ROLLED_UP = '-rollup';

/** The number of the case of a report: of a year, or of a year with the agencies below. */
export function reportNumber(year: number, rollup: boolean): string {
  return `${year}${rollup ? ROLLED_UP : ''}`;
}

/** Whether a case is the report of a roll-up. */
export function isRollUp({ kind, number }: CaseRef): boolean {
  return kind === 'report' && number.endsWith(ROLLED_UP);
}
