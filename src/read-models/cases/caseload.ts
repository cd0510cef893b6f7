/**
 * The caseload: one row per case with where it stands now, since when, and whom it waits for; the acts this follows
 * from; the officers who did them; and which remedies were ever filed about an application.
 */
import type { Act, ActOf, AnyData } from '../../domain/acts.js';
import type Database from 'better-sqlite3';
import { NOT_STANDING, type Standing } from '../../domain/facts.js';
import { rulesOf, type AnyRules } from '../../domain/kinds.js';
import { NO_CASES } from '../../domain/states.js';
import { ownDraft } from '../../domain/next-acts/own-draft.js';
import { evolveProgress, NO_PROGRESS, progressOf, type Progress } from '../../domain/next-acts/progress.js';
import { isSigned } from '../../domain/next-acts/waits-for.js';
import { waitKey } from '../../domain/next-acts/wait-key.js';
import { isRemedy } from '../../domain/small-kinds/remedy.js';
import { EVERY_ACT, NO_ACTS } from '../every-act.js';
import type { EventsById } from '../journal/events-by-id.js';
import { OfficerCases, OFFICER_CASES_SCHEMA } from '../officers/officer-cases.js';
import { OfficerRows, OFFICERS_SCHEMA, OFFICERS_TABLES } from '../officers/officer-rows.js';
import type { Applier, ProjectedEvent, Projection } from '../projection.js';
import { ActsAtHand, CaseActWriter, CASE_ACTS_SCHEMA, KeptActs, publicNumber, type Written } from './case-acts.js';

/**
 * `since_on`: the day of the act that brought the state. `waits`: its key in the order of who must act next
 * (domain/next-acts/wait-key.ts). `document_number`: where anybody may read it.
 */
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS cases (
    stream_id INTEGER PRIMARY KEY,
    agency_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    number TEXT NOT NULL,
    state TEXT NOT NULL,
    title TEXT,
    since_on TEXT NOT NULL,
    waits TEXT,
    document_number TEXT,
    erased INTEGER NOT NULL,
    first_on TEXT NOT NULL,
    last_on TEXT NOT NULL,
    acts INTEGER NOT NULL,
    first_idx INTEGER NOT NULL,
    last_idx INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS cases_by_state ON cases (agency_id, kind, state);
  CREATE INDEX IF NOT EXISTS cases_by_wait ON cases (agency_id, waits) WHERE waits IS NOT NULL;
  CREATE INDEX IF NOT EXISTS cases_by_number ON cases (agency_id, document_number) WHERE document_number IS NOT NULL;
  CREATE TABLE IF NOT EXISTS remedies (
    agency_id INTEGER NOT NULL,
    application TEXT NOT NULL,
    stream_id INTEGER NOT NULL,
    PRIMARY KEY (agency_id, application, stream_id)
  ) STRICT, WITHOUT ROWID;
${CASE_ACTS_SCHEMA}${OFFICERS_SCHEMA}${OFFICER_CASES_SCHEMA}`;

/** What is kept of a case from one act to the next. */
interface Place extends Standing {
  readonly sinceOn: string;
  readonly documentNumber: string | null;
  readonly erased: boolean;
  readonly progress: Progress;
  /** Those that stand. */
  readonly acts: ActsAtHand;
}

/** A case that changed since the last flush. */
interface Row {
  place: Place;
  readonly agencyId: number;
  readonly kind: string;
  readonly number: string;
  readonly firstIndex: number;
  /** Of the acts since the last flush, and how many they are. */
  firstOn: string;
  lastOn: string;
  lastIndex: number;
  recorded: number;
}

/** The statements, each with the row it gives. */
function statements(db: Database.Database) {
  return {
    get: db.prepare<unknown[], Omit<Place, 'progress' | 'erased' | 'acts'> & { readonly erased: number }>(
      'SELECT state, title, since_on AS sinceOn, document_number AS documentNumber, erased FROM cases WHERE stream_id = ?',
    ),
    put: db.prepare(`
        INSERT INTO cases (stream_id, agency_id, kind, number, state, title, since_on, waits, document_number, erased, first_on, last_on,
          acts, first_idx, last_idx) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET state = excluded.state, title = excluded.title, since_on = excluded.since_on, waits = excluded.waits,
          document_number = excluded.document_number, erased = excluded.erased, first_on = MIN(first_on, excluded.first_on),
          last_on = MAX(last_on, excluded.last_on), acts = acts + excluded.acts, last_idx = excluded.last_idx`),
    remedy: db.prepare('INSERT OR IGNORE INTO remedies (agency_id, application, stream_id) VALUES (?, ?, ?)'),
  };
}

class CaseloadApplier implements Applier {
  /** What the acts since the last flush make of each case. */
  readonly #changed = new Map<number, Row>();
  readonly #sql: ReturnType<typeof statements>;
  readonly #kept: KeptActs;
  readonly #writer: CaseActWriter;
  readonly #officers: OfficerRows;
  readonly #actedIn: OfficerCases;

  constructor(db: Database.Database, events: EventsById) {
    this.#sql = statements(db);
    this.#kept = new KeptActs(db);
    this.#writer = new CaseActWriter(db, events);
    this.#officers = new OfficerRows(db);
    this.#actedIn = new OfficerCases(db);
  }

  flush(): void {
    for (const [streamId, { place, agencyId, kind, number, ...row }] of this.#changed) {
      const { state, title, sinceOn, documentNumber, erased, progress, acts } = place;
      const waits = waitKey(kind, { ...progress, erased });
      const where = [streamId, agencyId, kind, number, state, title, sinceOn, waits, documentNumber, erased ? 1 : 0];
      this.#sql.put.run(...where, row.firstOn, row.lastOn, row.recorded, row.firstIndex, row.lastIndex);
      this.#writer.write(streamId, acts);
    }
    this.#changed.clear();
    this.#officers.flush();
    this.#actedIn.flush();
  }

  reset(): void {
    this.#changed.clear();
    this.#officers.reset();
    this.#actedIn.reset();
  }

  apply(event: ProjectedEvent): void {
    const { act, index, streamId, agencyId, stored } = event;
    if (act === null) return;
    const { kind, number } = act.subject;
    const rules = rulesOf(kind);
    if (rules === undefined) throw new Error(`no rules for cases of kind ${kind}`);
    const officerId = this.#officers.take(act, agencyId, index);
    let row = this.#changed.get(streamId);
    if (row === undefined) {
      const place = (stored.revision === 0 ? null : this.#read(streamId, kind)) ?? beginning(act);
      row = { place, agencyId, kind, number, firstIndex: index, firstOn: act.on, lastOn: act.on, lastIndex: index, recorded: 0 };
      this.#changed.set(streamId, row);
    }
    row.place = this.#moved(rules, row.place, act, { streamId, index, revision: stored.revision, agencyId, officerId });
    row.recorded += 1;
    row.lastIndex = index;
    if (act.on < row.firstOn) row.firstOn = act.on;
    if (act.on > row.lastOn) row.lastOn = act.on;
    const { application }: AnyData = act.data;
    if (isRemedy(kind) && application !== undefined) this.#sql.remedy.run(agencyId, application, streamId);
  }

  /** As the last flush left it; how far it has come only where that says who acts next. */
  #read(streamId: number, kind: string): Place | null {
    const row = this.#sql.get.get(streamId);
    if (row === undefined) return null;
    const acts = new ActsAtHand(this.#kept.rows(streamId));
    const progress = isSigned(kind) ? progressOf(acts.told(kind)) : NO_PROGRESS;
    return { ...row, erased: row.erased === 1, progress, acts };
  }

  #moved(rules: AnyRules, before: Place, act: Act, at: Done): Place {
    // Erasing what a case says moves it nowhere.
    if (act.type === 'record.erased') return { ...before, erased: true };
    if (act.type === 'record.voided') return this.#takenBack(rules, before, act, at);
    if (NO_CASES.has(rules.kind)) return { ...before, ...rules.standingAfter(before, act) };
    if (!before.acts.holdsActOf(act.actor)) this.#actedIn.add(at.officerId, at.streamId);
    const told = this.#writer.keep(act, before.acts, at);
    const rule = ownDraft(before.progress, act);
    if (rule !== null) this.#officers.noteOwnDraft(rule, at);
    return { ...stepped(rules, before, told), documentNumber: publicNumber(act) ?? before.documentNumber };
  }

  /** The case folded again without what is taken back; its title is that which the decision says. */
  #takenBack(rules: AnyRules, before: Place, act: ActOf<'record.voided'>, at: Done): Place {
    const { voided, leaves } = act.derived;
    if (NO_CASES.has(rules.kind)) return { ...before, ...leaves };
    const { streamId, agencyId } = at;
    const { acts } = before;
    const gone = acts.drop(this.#writer.indexOf(voided.eventId, streamId));
    if (gone !== null) this.#actedIn.remove(this.#officers.idOf(agencyId, gone), streamId);
    this.#officers.forgetOwnDrafts(streamId);
    // With nothing left the case is where this act put it, or was there before.
    const sinceOn = before.state === NOT_STANDING.state ? before.sinceOn : act.on;
    let place: Place = { ...beginning(act), sinceOn, erased: before.erased, acts };
    for (const kept of acts.told(rules.kind)) {
      const rule = ownDraft(place.progress, kept);
      if (rule !== null)
        this.#officers.noteOwnDraft(rule, { streamId, index: kept.idx, officerId: this.#officers.idOf(agencyId, kept.actor) });
      place = { ...stepped(rules, place, kept), documentNumber: kept.documentNumber ?? place.documentNumber };
    }
    return { ...place, ...leaves };
  }
}

/** Where an act is written, and who did it. */
interface Done extends Written {
  readonly agencyId: number;
  readonly officerId: number;
}

function beginning({ on }: Pick<Act, 'on'>): Place {
  return { ...NOT_STANDING, sinceOn: on, documentNumber: null, erased: false, progress: NO_PROGRESS, acts: new ActsAtHand() };
}

/** The place after a standing act. */
function stepped(rules: AnyRules, before: Place, act: Parameters<AnyRules['standingAfter']>[1]): Place {
  const { state, title, documentNumber, erased, acts } = before;
  // Only these two: the tables of states copy what they are given.
  const standing = rules.standingAfter({ state, title }, act);
  const sinceOn = standing.state === state ? before.sinceOn : act.on;
  return { ...standing, sinceOn, documentNumber, erased, progress: evolveProgress(before.progress, act), acts };
}

export const caseloadProjection: Projection = {
  name: 'caseload',
  version: 6,
  figures: [],
  schema: SCHEMA,
  tables: {
    cases: 'stream_id',
    remedies: 'agency_id, application, stream_id',
    case_acts: 'stream_id, piece',
    officer_cases: 'officer_id, block',
    ...OFFICERS_TABLES,
  },
  // What was under way in a year.
  indexes: { cases_by_days: 'cases (agency_id, kind, last_on, first_on)' },
  handles: EVERY_ACT,
  ignores: NO_ACTS,
  open: (db, events) => new CaseloadApplier(db, events),
};
