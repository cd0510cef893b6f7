/**
 * The text that officers wrote of a year, as somebody may read it: the published one for everybody, from the read
 * models; one that is under way from the log, as it is sealed until its publication.
 */
import { reportRules } from '../../domain/report/rules.js';
import { isPublished } from '../../domain/report/state.js';
import { reportNumber, type ReportText } from '../../domain/report/text.js';
import { maySeeSealed } from '../../domain/who-may-read.js';
import { QueryProblem } from '../../read-models/query-problem.js';
import type { ReadStore } from '../../read-models/read-store.js';
import { agencyOf } from '../../recording/facts/agency-line.js';
import { viewOf, type CaseStore, type LoadedCase } from '../../recording/facts/case-store.js';
import { namedCheckpoint, type NamedCheckpoint, type ReportReader, type ReportRound, type YearlyReport } from '../report-reader.js';
import type { YearQuestion } from '../year-view.js';

export interface TextQuestion extends YearQuestion {
  /** The report of the table with the agencies below it. */
  readonly rollup?: boolean;
  /** Who asks; null = nobody who reviews, absent = anybody, where nobody is identified. */
  readonly officer?: string | null;
}

/** Size and root of a tree that somebody signed; `root` is base64. */
export interface PrintedCheckpoint {
  readonly size: number;
  readonly root: string;
}

export interface StandingText extends ReportText {
  readonly textHash: string;
  readonly status: 'under-way' | 'published';
  /** The table that it is signed with; null before one is compiled. */
  readonly table: { readonly index: number; readonly hash: string } | null;
}

export interface StandingTextParts {
  readonly store: ReadStore;
  readonly reports: ReportReader;
  readonly cases: CaseStore;
  readonly now: () => number;
}

/** What there is to print beside what the tables say. */
export interface Standing {
  /** null where officers wrote none that may be shown. */
  readonly text: StandingText | null;
  /** That of the publication, else the last one that was signed; null where nothing is signed. */
  readonly checkpoint: PrintedCheckpoint | null;
}

export class StandingTexts {
  readonly #parts: StandingTextParts;

  constructor(parts: StandingTextParts) {
    this.#parts = parts;
  }

  /** As of an earlier moment only what was published by then is known. Errors: as of a report, but `unknown-case`. */
  async of(question: TextQuestion): Promise<Standing> {
    const report = this.#report(question);
    const last = report?.rounds.findLast(({ publication }) => publication !== null) ?? null;
    const underWay = question.asOf === undefined ? await this.#underWay(question, report) : null;
    if (underWay !== null) return { text: underWay, checkpoint: this.#printed(null) };
    return { text: last === null ? null : publishedText(last), checkpoint: this.#printed(last?.publication?.checkpoint ?? null) };
  }

  #report({ agency, year, asOf, rollup }: TextQuestion): YearlyReport | null {
    try {
      return this.#parts.reports.report(agency, { year, rollup }, asOf);
    } catch (error) {
      if (error instanceof QueryProblem && error.code === 'unknown-case') return null;
      throw error;
    }
  }

  /** null where none is, or who asks may not see it. */
  async #underWay({ agency, year, rollup = false, officer }: TextQuestion, report: YearlyReport | null): Promise<StandingText | null> {
    const { cases } = this.#parts;
    if (officer === null) return null;
    const loaded = await cases.reload(agency, { kind: 'report', number: reportNumber(year, rollup) });
    const view = viewOf(reportRules, loaded);
    if (view.status === 'unknown' || view.text?.parts === undefined || isPublished(view)) return null;
    if (officer !== undefined && !(await this.#maySee(officer, agency, loaded))) return null;
    const { form, parts, textHash } = view.text;
    const round = report?.rounds.at(-1);
    const table = round === undefined || round.form !== form ? null : tableOf(round);
    return { year, form, parts, textHash, status: 'under-way', table };
  }

  async #maySee(actor: string, agency: string, { state }: LoadedCase): Promise<boolean> {
    const { cases, now } = this.#parts;
    const known = await agencyOf(agency, (code, ref) => cases.reload(code, ref));
    return known !== null && maySeeSealed(known, state, { actor, instant: now() });
  }

  /** The one that is named, else the last one that was signed. */
  #printed(named: NamedCheckpoint | null): PrintedCheckpoint | null {
    const found = named ?? namedCheckpoint(this.#parts.store.checkpoints.last()?.note ?? null);
    return found === null ? null : { size: found.size, root: found.root };
  }
}

function publishedText(round: ReportRound): StandingText | null {
  const { text, publication } = round;
  if (text === null || publication?.text == null) return null;
  return { ...publication.text, textHash: text.textHash, status: 'published', table: tableOf(round) };
}

function tableOf({ index, tableHash }: ReportRound): NonNullable<StandingText['table']> {
  return { index, hash: tableHash };
}
