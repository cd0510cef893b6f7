/** What is said of a year's acts beside the figures: without review, chain changed, same item and the like. */
import { formatInstant } from '../time/instant.js';
import { CASE_RULES, type CaseRule } from '../statistics/case-rules.js';
import type { YearFigures, YearRemarks } from '../statistics/table.js';
import type { Selection } from '../statistics/form.js';
import type { Figures, FormScope, Scope } from './figures/figures.js';
import { implausibleDates } from './dates/implausible-dates.js';
import { doubtfulVerdicts, type DoubtfulVerdicts } from './deadlines/verdicts.js';
import { isMissing } from './nothing-recorded.js';

/** What a rule may look at. */
interface Asked {
  readonly figures: Figures;
  readonly scope: FormScope;
  /** The figures of the same year and form. */
  readonly standing: YearFigures;
  readonly verdicts: DoubtfulVerdicts;
}

/** Of each finding that names cases, which they are: each once, in the order of its first event. */
const CASES: { readonly [R in CaseRule]: (asked: Asked) => readonly string[] } = {
  'signed-without-role': ({ figures, scope }) =>
    subjects(
      figures,
      scope,
      `SELECT s.subject FROM signed_without_role w JOIN streams s USING (stream_id)
         WHERE w.agency_id = ? AND w.year = ? AND w.idx <= ? GROUP BY s.stream_id HAVING SUM(w.change) > 0 ORDER BY s.stream_id`,
    ),
  'doubtful-name': ({ figures, scope }) => doubtfulNames(figures, scope),
  'id-reused-across-cases': ({ figures, scope }) =>
    subjects(
      figures,
      scope,
      'SELECT DISTINCT s.subject FROM reused_ids r JOIN streams s USING (stream_id) WHERE r.agency_id = ? AND r.year = ? AND r.idx <= ? ORDER BY s.stream_id',
    ),
  'implausible-date': ({ figures, scope, standing }) => implausibleDates(figures, scope, standing),
  'provisional-verdict': ({ verdicts }) => verdicts.provisional,
  'judged-otherwise': ({ verdicts }) => verdicts.otherwise,
  'without-review': ({ figures, scope }) => casesCounted(figures, scope, { measure: 'act.without-review' }),
};

/** `standing`: the figures of the same year and form. */
export function remarksOf(figures: Figures, scope: FormScope, standing: YearFigures): YearRemarks {
  const { agencyId, year, index } = scope;
  const asked = { figures, scope, standing, verdicts: doubtfulVerdicts(figures, scope) };
  return {
    results: scope.form.notes
      .filter(({ names }) => names === 'cases')
      .map((note) => ({ note, cases: casesCounted(figures, scope, note.select) }))
      .filter(({ cases: found }) => found.length > 0),
    lateReplies: casesCounted(figures, scope, { measure: 'application.late' }),
    chainChanges: figures
      .prepare<unknown[], { at: string; recordedAt: number; times: number }>(
        `SELECT m.dimensions ->> 'at' AS at, MIN(e.recorded_at) AS recordedAt, SUM(c.amount) AS times FROM measures m CROSS JOIN contributions c USING (key_id) JOIN events e USING (idx)
             WHERE c.agency_id = ? AND c.year = ? AND c.idx <= ? AND m.measure = 'chain.changed' GROUP BY m.key_id HAVING SUM(c.amount) > 0 ORDER BY MIN(c.idx)`,
      )
      .all(agencyId, year, index)
      .flatMap(({ at, recordedAt, times }) => Array.from({ length: times }, () => ({ at, recordedAt: formatInstant(recordedAt) }))),
    sameItems: sameItems(figures, scope),
    cases: new Map(CASE_RULES.map((rule) => [rule, CASES[rule](asked)])),
    nothingRecorded: isMissing(figures, scope),
  };
}

/** By a statement of agency, year and last event. */
function subjects(figures: Figures, { agencyId, year, index }: Scope, sql: string): string[] {
  return figures.prepare<unknown[], string>(sql).pluck().all(agencyId, year, index);
}

/** Cases in which an act of the year stands that a name from before the rule of names signed, or names. */
function doubtfulNames(figures: Figures, { agencyId, year, index }: Scope): string[] {
  const rows = figures.prepare<unknown[], string>(
    `SELECT DISTINCT s.subject, s.stream_id FROM doubtful_names d JOIN streams s USING (stream_id)
       JOIN trail t ON t.stream_id = d.stream_id AND t.idx = d.idx
       WHERE d.agency_id = ? AND d.year = ? AND d.idx <= ? AND (t.voided_idx IS NULL OR t.voided_idx > ?) ORDER BY s.stream_id`,
  );
  return rows.pluck().all(agencyId, year, index, index);
}

/** Cases in which contributions of the year stand. */
function casesCounted(figures: Figures, { agencyId, year, index }: Scope, selection: Selection): string[] {
  const keys = figures.keys(selection);
  if (keys.length === 0) return [];
  const rows = figures.prepare<unknown[], string>(
    `SELECT s.subject FROM json_each(?) k CROSS JOIN contributions c ON c.agency_id = ? AND c.year = ? AND c.key_id = k.value AND c.idx <= ?
       CROSS JOIN streams s USING (stream_id) GROUP BY s.stream_id HAVING SUM(c.amount) > 0 ORDER BY s.stream_id`,
  );
  return rows.pluck().all(JSON.stringify(keys), agencyId, year, index);
}

function sameItems(figures: Figures, { agencyId, year, index }: Scope): string[][] {
  const marked = figures.prepare<unknown[], { subject: string; stream_id: number }>(
    `SELECT DISTINCT s.subject, s.stream_id FROM item_marks i JOIN streams s USING (stream_id)
       WHERE i.agency_id = ? AND i.mark = ? AND i.idx <= ? AND (i.ended_idx IS NULL OR i.ended_idx > ?)`,
  );
  const ofYear = figures.prepare<unknown[], string>(
    `SELECT DISTINCT mark FROM shared_marks CROSS JOIN item_marks USING (agency_id, mark)
       WHERE agency_id = ? AND year = ? AND idx <= ? AND (ended_idx IS NULL OR ended_idx > ?) ORDER BY mark`,
  );
  const groups = ofYear
    .pluck()
    .all(agencyId, year, index, index)
    .map((mark) =>
      marked
        .all(agencyId, mark, index, index)
        .sort((a, b) => a.stream_id - b.stream_id)
        .map(({ subject }) => subject),
    );
  // Two items with the same content and the same number are one pair, not two.
  return [...new Map(groups.filter((group) => group.length > 1).map((group) => [group.join('\n'), group])).values()];
}
