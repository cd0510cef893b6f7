/** Answers as they are for who may read the agency, and not who its officers are: roles stand, names do not. */
import type { Trail } from '../../read-models/trail/trail-reader.js';
import { QueryProblem } from '../../read-models/query-problem.js';
import type { YearlyReport } from '../../tables/report-reader.js';
import { isObject } from '../../encoding/unknown-values.js';

/** Fields that name an officer or a caller, wherever they stand. */
const NAMES: ReadonlySet<string> = new Set(['actor', 'approvedBy', 'holder', 'holders', 'caller']);

/** The same value without the fields that name somebody; `more` are left out as well. */
export function withoutNames(value: unknown, more: readonly string[] = []): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutNames(item, more));
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([name]) => !NAMES.has(name) && !more.includes(name));
  return Object.fromEntries(kept.map(([name, inner]) => [name, withoutNames(inner, more)]));
}

/** Of a released publication, without opinions and notes. Errors: `not-permitted` for every other case. */
export async function trailForReaders(asked: Promise<Trail>): Promise<unknown> {
  const trail = await asked.catch((error: unknown) => {
    // Whether there is such a case is not told either.
    if (error instanceof QueryProblem && error.code === 'unknown-case') throw notShown();
    throw error;
  });
  const released = trail.entries.some(({ type }) => type === 'disclosure.publication.released');
  if (released && ['released', 'released-under-revision', 'withdrawn'].includes(trail.state)) return withoutNames(trail, ['opinion']);
  throw notShown();
}

/** What was published of it, without names and opinions. Errors: `no-published-table` where nothing was. */
export async function reportForThePublic(asked: Promise<YearlyReport>): Promise<unknown> {
  const report = await asked.catch((error: unknown) => {
    // Whether one is being compiled is not told.
    if (error instanceof QueryProblem && error.code === 'unknown-case') throw notPublished();
    throw error;
  });
  const rounds = report.rounds.filter(({ publication }) => publication !== null);
  if (rounds.length === 0) throw notPublished();
  // The events behind a change are explanations, which are not public.
  return withoutNames({ ...report, rounds }, ['opinion', 'events']);
}

function notPublished(): QueryProblem {
  return new QueryProblem('no-published-table', 'No report of this year was published.', 'Ask for a year that was, or with a token.');
}

function notShown(): QueryProblem {
  return new QueryProblem(
    'not-permitted',
    'The caller lacks act or audit in this agency.',
    'With read the trails of released publications are shown.',
  );
}
