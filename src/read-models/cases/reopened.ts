/** Applications that a decision opened again: closed, and to be answered once more. */
import { parseCaseName, streamOf } from '../../domain/identifiers.js';
import type { Preparing } from '../../sqlite/statements.js';
import { KeptActs, type KeptAct } from './case-acts.js';

/** Remedies that named the application, standing or not. */
const REMEDIES = `SELECT r.stream_id AS streamId, c.kind FROM remedies r CROSS JOIN cases c USING (stream_id)
  WHERE r.agency_id = @agencyId AND r.application = @name`;

const OPENS_REMEDY = /\.(filed|received)$/;

/** An application by its name, and the row id of its agency. */
export interface Named {
  readonly agencyId: number;
  readonly name: string;
}

/** Decisions that stand, of remedies whose standing filing names the application. */
export function decisionsAbout(db: Preparing, kept: KeptActs, named: Named): KeptAct[] {
  const remedies = db.prepare<unknown[], { streamId: number; kind: string }>(REMEDIES).all({ ...named });
  return remedies.flatMap((remedy) => {
    const acts = kept.of(remedy);
    const names = acts.some(({ type, detail }) => OPENS_REMEDY.test(type) && detail === named.name);
    return names ? acts.filter(({ type }) => type.endsWith('.decided')) : [];
  });
}

/**
 * Applications that may be open again: few decisions correct an answer, so their word is looked for before anything of
 * the application is read. test/read-models/reopened.test.ts looks at how this and the next are run.
 */
export const CORRECTED = `SELECT DISTINCT r.application FROM remedies r CROSS JOIN case_acts a USING (stream_id)
  WHERE r.agency_id = @agency AND instr(a.acts, '"corrected"') > 0`;
/** States in which nobody is at work on it. */
export const CLOSED = `SELECT c.stream_id FROM streams s CROSS JOIN cases c USING (stream_id)
  WHERE s.stream = @stream AND c.state IN ('replied', 'answered-again', 'abandoned', 'withdrawn') AND c.erased = 0`;

const CLOSES = /\.(replied|reply-remade|abandoned|withdrawn)$/;

/** Row ids of the agency's applications that end before a standing decision with result `corrected`. */
export function reopenedOf(db: Preparing, agency: string, agencyId: number): number[] {
  const kept = new KeptActs(db);
  const names = db.prepare<unknown[], { application: string }>(CORRECTED).all({ agency: agencyId });
  const closed = db.prepare<unknown[], { stream_id: number }>(CLOSED);
  return names.flatMap(({ application: name }) => {
    const ref = parseCaseName(name);
    const streamId = ref === null ? undefined : closed.get({ stream: streamOf(agency, ref) })?.stream_id;
    if (streamId === undefined) return [];
    const ends = kept.of({ streamId, kind: 'application' }).filter(({ type }) => CLOSES.test(type));
    const last = Math.max(...ends.map(({ instant }) => instant));
    const corrected = decisionsAbout(db, kept, { agencyId, name }).filter(({ data }) => data.result === 'corrected');
    return corrected.some(({ instant }) => instant > last) ? [streamId] : [];
  });
}
