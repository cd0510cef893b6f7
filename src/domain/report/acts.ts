/** The acts of a yearly report (年度报告): what each says, and what its decision adds. */
import type { ActRow } from '../act-row.js';
import type { MadePublic, Rests, Signed } from '../facts.js';
import type { Verdict } from '../publication/acts.js';
import type { FrozenTable } from './frozen-table.js';
import type { ReportText } from './text.js';

/** An error finding that stands with a reason: of this rule, in exactly these cells. */
export interface AcceptedFinding {
  readonly rule: string;
  readonly cells: readonly string[];
  readonly reason: string;
}

/** What a version of the text says: `textHash` covers the rest of it (see text.ts). */
export interface TextData {
  readonly year: number;
  readonly form: string;
  readonly textHash: string;
  /**
   * By the number of the part, `1` the first: its text with references. Parts that are not there keep the template's.
   */
  readonly parts: Readonly<Record<string, string>>;
}

/** What is signed: the table compiled last, and the text once one stands. */
interface SignedHashes {
  readonly tableHash: string;
  readonly textHash?: string;
}

export interface ReportData {
  readonly 'report.compiled': {
    readonly year: number;
    readonly form: string;
    /** The last event of the ledger that is in the table. */
    readonly index: number;
    readonly tableHash: string;
    readonly accepted?: readonly AcceptedFinding[];
    /** Why a published table is restated. */
    readonly reason?: string;
    /** The table with the agencies below it, on `report/<year>-rollup`. */
    readonly rollup?: boolean;
  };
  readonly 'report.text-drafted': TextData;
  readonly 'report.text-revised': TextData;
  readonly 'report.cleared': SignedHashes & {
    readonly step: string;
    readonly verdict: Verdict;
    readonly opinion?: string;
  };
  readonly 'report.approved': SignedHashes;
  readonly 'report.published': SignedHashes & { readonly url?: string };
}

export type ReportType = keyof ReportData;

export const REPORT_ACTS = {
  'report.compiled': { counted: false, means: 'The table of a year is frozen, as of an index.' },
  'report.text-drafted': { counted: false, means: 'The text 正文 of the report is written; its numbers are references.' },
  'report.text-revised': { counted: false, means: 'Another version of the text; it opens a new round of review.' },
  'report.cleared': { counted: false, means: 'One step of the chain reviewed the table, and the text where there is one.' },
  'report.approved': { counted: false, means: 'The approver signed the table, and the text where there is one.' },
  'report.published': { counted: true, means: 'The table and the text, as signed, are published.' },
} as const satisfies { readonly [T in ReportType]: ActRow };

export interface ReportFacts {
  /** The whole table is frozen here: no later counting rule reaches it. */
  readonly 'report.compiled': Rests & {
    readonly year: number;
    readonly policy: string;
    readonly formHash: string;
    readonly table: FrozenTable;
  };
  readonly 'report.text-drafted': Rests;
  readonly 'report.text-revised': Rests;
  readonly 'report.cleared': Signed;
  readonly 'report.approved': Signed;
  /**
   * `checkpoint`: the signed note that has what it rests on under it; null where nothing is signed. `text`: what was
   * sealed until now, exactly what `textHash` covers; absent where the report has no text of officers.
   */
  readonly 'report.published': MadePublic & {
    readonly year: number;
    readonly compiled: string;
    readonly checkpoint: string | null;
    readonly text?: ReportText;
  };
}
