/** Every kind of case with its rules: the one place where a new kind is entered. */
import { agencyRules } from './agency/rules.js';
import { applicationRules } from './application/rules.js';
import { calendarRules } from './small-kinds/calendar.js';
import type { CaseRules } from './case.js';
import { declaredTableRules } from './small-kinds/declared-table.js';
import { hotspotRules } from './small-kinds/hotspot.js';
import { normativeDocumentRules } from './small-kinds/normative-document.js';
import { plainActRules } from './small-kinds/plain-rules.js';
import { publicationRules } from './publication/rules.js';
import { remedyRules } from './small-kinds/remedy.js';
import { reportRules } from './report/rules.js';

/** Rules whose view type is known only to themselves: whoever holds them passes views back unopened. */
export type AnyRules = CaseRules<unknown>;

export const ALL_RULES: readonly AnyRules[] = [
  agencyRules,
  publicationRules,
  applicationRules,
  ...remedyRules,
  normativeDocumentRules,
  hotspotRules,
  declaredTableRules,
  ...plainActRules,
  calendarRules,
  reportRules,
];

const byKind = new Map(ALL_RULES.map((rules) => [rules.kind, rules]));

export function rulesOf(kind: string): AnyRules | undefined {
  return byKind.get(kind);
}
