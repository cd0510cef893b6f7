/**
 * The text that officers wrote of a year, as somebody may read it: the published one for everybody, from the read
 * models; one that is under way from the log, as it is sealed until its publication.
 */
import { agencyRules } from '../../domain/agency/rules.js';
import { reportRules } from '../../domain/report/rules.js';
import { reportNumber, type ReportText } from '../../domain/report/text.js';
import { maySeeSealed } from '../../domain/who-may-read.js';
import { parseCheckpoint } from '../../ledger/checkpoint.js';
import { parseNote } from '../../ledger/signed-note.js';
import { QueryProblem } from '../../read-models/query-problem.js';
import type { ReadStore } from '../../read-models/read-store.js';
import { viewOf, type CaseStore } from '../../recording/facts/case-store.js';
import type { ReportReader, ReportRound, YearlyReport } from '../report-reader.js';
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
    if (underWay !== null) return { text: underWay, checkpoint: this.#lastSigned() };
    const named = last?.publication?.checkpoint;
    const checkpoint = named == null ? this.#lastSigned() : { size: named.size, root: named.root };
    return { text: last === null ? null : publishedText(last), checkpoint };
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
    const { cases, now } = this.#parts;
    const loaded = await cases.reload(agency, { kind: 'report', number: reportNumber(year, rollup) });
    const view = viewOf(reportRules, loaded);
    if (view.status === 'unknown' || view.text?.parts === undefined || view.published?.opener === view.round.opener.eventId) return null;
    const known = viewOf(agencyRules, await cases.reload(agency, { kind: 'agency', number: agency }));
    const isShown =
      officer === undefined ||
      (officer !== null && known !== null && maySeeSealed(known, loaded.state, { actor: officer, instant: now() }));
    if (!isShown) return null;
    const { form, parts, textHash } = view.text;
    const round = report?.rounds.at(-1);
    const table = round === undefined || round.form !== form ? null : tableOf(round);
    return { year, form, parts, textHash, status: 'under-way', table };
  }

  #lastSigned(): PrintedCheckpoint | null {
    const last = this.#parts.store.checkpoints.last();
    if (last === null) return null;
    const { size, root } = parseCheckpoint(parseNote(last.note).text);
    return { size, root: root.toString('base64') };
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
