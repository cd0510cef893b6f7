/**
 * The yearly report of an agency: every compilation that stands, who signed it, what was published, and what each
 * restatement changed by which events.
 */
import type { Caller } from '../domain/agency/acts.js';
import { caseName } from '../domain/identifiers.js';
import { formatInstant } from '../time/instant.js';
import type { AcceptedFinding } from '../domain/report/acts.js';
import { reportNumber, textHashOf, type ReportText } from '../domain/report/text.js';
import { parseCheckpoint } from '../ledger/checkpoint.js';
import { parseNote } from '../ledger/signed-note.js';
import { idText } from '../read-models/journal/journal.js';
import type { ReadStore } from '../read-models/read-store.js';
import { findForm } from '../statistics/forms/registry.js';
import { valuesOf } from '../statistics/table.js';
import { agencyIdOf } from '../read-models/agencies/agency-reader.js';
import { momentOf } from '../read-models/journal/as-of.js';
import { changesBetween, type Change } from '../read-models/figures/changes.js';
import { Figures, type Scope } from '../read-models/figures/figures.js';
import { frozenReport, notAsSigned, type FrozenReport } from './published-report.js';
import { QueryProblem } from '../read-models/query-problem.js';
import { reportActs, type ReportActRow } from '../read-models/reports/report-rows.js';

/** An act on the report: who did it, in which role, when, and how far the name can be trusted. */
export interface Signature {
  readonly eventId: string;
  readonly actor: string;
  readonly role: string | null;
  /** Time of the act, as handed in. */
  readonly at: string;
  readonly recordedAt: string;
  /** `own-token`, `emitter` or `none`. */
  readonly attestation: string;
  /** As its token named who sent it; absent where nobody is identified. */
  readonly caller?: Caller | string;
}

export interface ReportClearance extends Signature {
  readonly step: string;
  readonly verdict: string;
  readonly opinion: string | null;
}

/**
 * The checkpoint a publication names: the ledger, how many events it had and its root in base64; `note` is the signed
 * text.
 */
export interface NamedCheckpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: string;
  readonly note: string;
}

/** The text of officers that a round signs. */
export interface ReportTextVersion extends Signature {
  readonly form: string;
  readonly textHash: string;
}

export interface ReportPublication extends Signature {
  readonly url: string | null;
  /** What it made public of the text, as it was sent; null where officers wrote none. */
  readonly text: ReportText | null;
  readonly withoutReview: boolean;
  /** null where nothing was signed. */
  readonly checkpoint: NamedCheckpoint | null;
  /** Against the publication before it; null for the first, and where the two are in different forms. */
  readonly changes: readonly Change[] | null;
}

/** One version of the report on its way through the chain. */
export interface ReportRound {
  readonly compiled: Signature;
  readonly form: string;
  /** The last event of the ledger in the table. */
  readonly index: number;
  readonly tableHash: string;
  /** null where officers wrote none. */
  readonly text: ReportTextVersion | null;
  /** Why a published table is restated; null where nobody said. */
  readonly reason: string | null;
  /** Errors of the table that stand with a reason. */
  readonly accepted: readonly AcceptedFinding[];
  readonly clearances: readonly ReportClearance[];
  readonly approval: Signature | null;
  readonly publication: ReportPublication | null;
}

export interface YearlyReport {
  readonly agency: string;
  readonly year: number;
  readonly case: string;
  /** In the order of recording; what was taken back is in the trail only. */
  readonly rounds: readonly ReportRound[];
}

export interface ReportOf {
  readonly year: number;
  /** The table with the agencies below it. */
  readonly rollup?: boolean;
}

export class ReportReader {
  readonly #store: ReadStore;
  readonly #figures: Figures;

  constructor(store: ReadStore) {
    this.#store = store;
    this.#figures = new Figures(store);
  }

  /**
   * `of`: the year, or also whether it is of the roll-up. `asOf` as for a table. Errors: `unknown-agency`,
   * `unknown-case` where nothing was compiled by then, `bad-as-of`, `not-reached`.
   */
  report(agency: string, of: number | ReportOf, asOf?: string): YearlyReport {
    const { year, rollup = false } = typeof of === 'number' ? { year: of } : of;
    return this.#figures.answer(() => {
      const { index } = momentOf(this.#store.db, asOf, this.#figures.lastIndex());
      const scope = { agencyId: agencyIdOf(this.#figures, agency), year, rollup, index };
      const rows = reportActs(this.#figures, scope);
      const name = caseName({ kind: 'report', number: reportNumber(year, rollup) });
      if (rows.length === 0)
        throw new QueryProblem(
          'unknown-case',
          `Agency ${agency} has compiled no report of ${year} by then.`,
          `Send report.compiled on ${name}.`,
        );
      const opened = roundsIn(rows);
      const published = opened.flatMap(({ acts }) => acts.filter(({ type }) => type === 'report.published'));
      const rounds = opened.map((round) => {
        const at = published.findIndex((act) => round.acts.includes(act));
        return this.#round(scope, round, published[at], published[at - 1]);
      });
      return { agency, year, case: name, rounds };
    });
  }

  #round(
    scope: Scope,
    { compiled, text, acts }: OpenedRound,
    published: ReportActRow | undefined,
    before: ReportActRow | undefined,
  ): ReportRound {
    const frozen = frozenReport(this.#figures, compiled.index);
    const approval = acts.find(({ type }) => type === 'report.approved');
    return {
      compiled: signature(compiled),
      form: frozen.table.form,
      index: frozen.asOf,
      tableHash: frozen.table.hash,
      text: text === null ? null : { ...signature(text), form: text.detail.form ?? '', textHash: text.detail.textHash ?? '' },
      reason: compiled.detail.reason ?? null,
      accepted: compiled.detail.accepted ?? [],
      clearances: acts.filter(({ type }) => type === 'report.cleared').map(clearance),
      approval: approval === undefined ? null : signature(approval),
      publication:
        published === undefined
          ? null
          : {
              ...signature(published),
              url: published.detail.url ?? null,
              text: publicText(published),
              withoutReview: published.detail.unreviewed === true,
              checkpoint: namedCheckpoint(published.detail.checkpoint ?? null),
              changes: before === undefined ? null : this.#changes(scope, frozenReport(this.#figures, before.compiled), frozen),
            },
    };
  }

  /** Of a roll-up nothing is told: its events are of many agencies. */
  #changes(scope: Scope, earlier: FrozenReport, later: FrozenReport): Change[] | null {
    const form = findForm(later.table.form);
    if (form === undefined || earlier.table.form !== form.id || later.table.members !== undefined) return null;
    return changesBetween(this.#figures, { ...scope, form, index: later.asOf }, earlier.asOf, {
      before: valuesOf(earlier.table.rows),
      after: valuesOf(later.table.rows),
      paper: [earlier, later].some(({ table }) => table.view !== 'live'),
    });
  }
}

/** A version of the report: the table compiled last and the text written last, and what followed until the next. */
interface OpenedRound {
  readonly compiled: ReportActRow;
  readonly text: ReportActRow | null;
  readonly acts: readonly ReportActRow[];
}

/** A text before any table opens none: there is nothing to sign. */
function roundsIn(rows: readonly ReportActRow[]): OpenedRound[] {
  const rounds: { compiled: ReportActRow; text: ReportActRow | null; acts: ReportActRow[] }[] = [];
  let text: ReportActRow | null = null;
  for (const row of rows) {
    const last = rounds.at(-1);
    if (row.type.startsWith('report.text-')) text = row;
    if (row.type === 'report.compiled') rounds.push({ compiled: row, text, acts: [] });
    else if (last !== undefined && row === text) rounds.push({ compiled: last.compiled, text, acts: [] });
    else last?.acts.push(row);
  }
  return rounds;
}

/** Handed out only if it still has the hash that was signed. Errors: as of a frozen table. */
function publicText({ index, detail: { text, textHash } }: ReportActRow): ReportText | null {
  if (text === undefined) return null;
  if (textHashOf(text) !== textHash) throw notAsSigned('text published', index);
  return text;
}

function signature({ eventId, recordedAt, detail: { actor, role, at, attestation, caller } }: ReportActRow): Signature {
  const sender = caller === undefined ? {} : { caller };
  return { eventId: idText(eventId), actor, role, at, recordedAt: formatInstant(recordedAt), attestation, ...sender };
}

function clearance(row: ReportActRow): ReportClearance {
  const { step = '', verdict = '', opinion = null } = row.detail;
  return { ...signature(row), step, verdict, opinion };
}

/** null where nothing was signed. */
export function namedCheckpoint(note: string | null): NamedCheckpoint | null {
  if (note === null) return null;
  const { origin, size, root } = parseCheckpoint(parseNote(note).text);
  return { origin, size, root: root.toString('base64'), note };
}
