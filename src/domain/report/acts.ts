/** The acts of a yearly report (年度报告): what each says, and what its decision adds. */
import type { ActRow } from '../act-row.js';
import type { MadePublic, Rests, Signed } from '../facts.js';
import type { Verdict } from '../publication/acts.js';
import type { FrozenTable } from './frozen-table.js';

/** An error finding that stands with a reason: of this rule, in exactly these cells. */
export interface AcceptedFinding {
  readonly rule: string;
  readonly cells: readonly string[];
  readonly reason: string;
}

export interface ReportData {
  readonly 'report.compiled': {
    readonly year: number;
    readonly form: string;
    /** The last event of the ledger that is in the table. */
    readonly index: number;
    readonly tableHash: string;
    readonly accepted?: readonly AcceptedFinding[];
  };
  readonly 'report.cleared': {
    readonly step: string;
    readonly verdict: Verdict;
    readonly tableHash: string;
    readonly opinion?: string;
  };
  readonly 'report.approved': { readonly tableHash: string };
  readonly 'report.published': { readonly tableHash: string; readonly url?: string };
}

export type ReportType = keyof ReportData;

export const REPORT_ACTS = {
  'report.compiled': { counted: false, means: 'The table of a year is frozen, as of an index.' },
  'report.cleared': { counted: false, means: 'One step of the chain reviewed the table.' },
  'report.approved': { counted: false, means: 'The approver signed the table.' },
  'report.published': { counted: true, means: 'The table, as signed, is published.' },
} as const satisfies { readonly [T in ReportType]: ActRow };

export interface ReportFacts {
  /** The whole table is frozen here: no later counting rule reaches it. */
  readonly 'report.compiled': Rests & {
    readonly year: number;
    readonly policy: string;
    readonly formHash: string;
    readonly table: FrozenTable;
  };
  readonly 'report.cleared': Signed;
  readonly 'report.approved': Signed;
  /** `checkpoint`: the signed note that has what it rests on under it; null where nothing is signed. */
  readonly 'report.published': MadePublic & {
    readonly year: number;
    readonly compiled: string;
    readonly checkpoint: string | null;
  };
}
