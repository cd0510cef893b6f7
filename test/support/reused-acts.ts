/**
 * How a read model takes acts whose id another case had used before: they count nothing. Such an act leaves no row in
 * the tables of figures that the model names, and in every other table what any act leaves there. A table that adds
 * something up is one of figures. A void with such an id takes back all the same.
 */
import { messageOf } from '../../src/encoding/unknown-values.js';
import { CHECKPOINT_STREAM } from '../../src/events/catalog.js';
import type { StoredEvent } from '../../src/log/event-log.js';
import { EventsById } from '../../src/read-models/journal/events-by-id.js';
import { Journal } from '../../src/read-models/journal/journal.js';
import type { Applier, ProjectedEvent, Projection } from '../../src/read-models/projection.js';
import { ReadStore } from '../../src/read-models/read-store.js';
import { recordGoldenHistory } from '../events/golden-history.js';
import { attestedItem, sendIdentified } from './identified-histories.js';
import { openTestLedger } from './ledger.js';
import { approvedItem } from './messages.js';
import { placeOfReadModel } from './read-model-source.js';

/** Every type of act there is, as it is stored, and acts under an attested chain. */
export async function everyTypeOfAct(): Promise<StoredEvent[]> {
  const ledger = openTestLedger();
  await recordGoldenHistory(ledger);
  const receipts = await sendIdentified(ledger, attestedItem('attested', approvedItem('attested', '2018-05-01')));
  const others = receipts.filter(({ status }) => status !== 'recorded');
  if (others.length > 0) throw new Error(`not recorded: ${JSON.stringify(others)}`);
  const events = await ledger.log.readAll(null, 10_000);
  await ledger.discard();
  return events.filter(({ stream }) => stream !== CHECKPOINT_STREAM);
}

type Rows = ReadonlyMap<string, ReadonlySet<string>>;

/** By table, each row as a text. */
function rowsOf({ db }: ReadStore, { tables }: Projection): Rows {
  const rows = (table: string): unknown[] => db.prepare(`SELECT * FROM ${table}`).raw().safeIntegers().all();
  const written = (value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value);
  return new Map(
    Object.keys(tables).map((table) => [table, new Set(rows(table).map((row) => JSON.stringify(row, (_, value) => written(value))))]),
  );
}

const holds = (rows: Rows, table: string): ReadonlySet<string> => rows.get(table) ?? new Set();
const isWithin = (one: ReadonlySet<string>, other: ReadonlySet<string>): boolean => [...one].every((row) => other.has(row));
const same = (one: ReadonlySet<string>, other: ReadonlySet<string>): boolean => one.size === other.size && isWithin(one, other);

interface Outcome {
  readonly type: string;
  readonly isVoid: boolean;
  readonly before: Rows;
  readonly reused: Rows;
  readonly plain: Rows;
}

function applied(applier: Applier, event: ProjectedEvent): void {
  applier.apply(event);
  applier.flush();
}

/** What each act leaves in the read model, once with an id that is reused, which is taken back, and once without. */
function outcomes(projection: Projection, events: readonly StoredEvent[]): Outcome[] {
  const store = new ReadStore(':memory:');
  const byId = new EventsById(store.db);
  const journal = new Journal(store.db, byId);
  const applier = projection.open(store.db, byId);
  const found = events.flatMap((stored, index): Outcome[] => {
    const event = journal.take(stored, index, index, true);
    journal.flush();
    if (event.act === null || !projection.handles.includes(stored.type)) {
      if (projection.handles.includes(stored.type)) applied(applier, event);
      return [];
    }
    const before = rowsOf(store, projection);
    store.db.exec('SAVEPOINT reused');
    applied(applier, { ...event, reused: true });
    const reused = rowsOf(store, projection);
    store.db.exec('ROLLBACK TO reused; RELEASE reused');
    applier.reset();
    applied(applier, event);
    return [{ type: stored.type, isVoid: stored.type === 'record.voided', before, reused, plain: rowsOf(store, projection) }];
  });
  store.close();
  return found;
}

/** What is wrong, by what is wrong with which tables: the types of acts. */
function faults(projection: Projection, found: readonly Outcome[]): Map<string, Set<string>> {
  const wrong = new Map<string, Set<string>>();
  const say = (what: string, type: string): unknown => wrong.set(what, (wrong.get(what) ?? new Set()).add(type));
  const others = Object.keys(projection.tables).filter((table) => !projection.figures.includes(table));
  for (const { type, isVoid, before, reused, plain } of found) {
    const counted = isVoid ? [] : projection.figures.filter((table) => !same(holds(before, table), holds(reused, table)));
    if (counted.length > 0)
      say(`an act whose id is reused leaves rows in ${counted.join(', ')}, its tables of figures; look at event.reused`, type);
    const lost = [...others, ...(isVoid ? projection.figures : [])].filter((table) => !isWithin(holds(plain, table), holds(reused, table)));
    if (lost.length > 0)
      say(
        `an act whose id is reused does not leave in ${lost.join(', ')} what it leaves under another id: a void takes back first, also when reused; then pass over event.reused`,
        type,
      );
  }
  return wrong;
}

/** Tables that add nothing up though their rows name neither an act nor a case, each with the reason. */
const NO_FIGURES: Readonly<Record<string, string>> = {
  registered_days: 'an agency has one day of registration, whatever the id of that act',
  tiles: 'every event is a leaf',
  officer_cases: 'an act stands in its case whatever its id: a bit for the case, which a void takes back',
};

/**
 * Tables whose rows name neither the act (`idx`) nor the case (`stream_id`) they are of: something is added up in them.
 */
function addingUp(projection: Projection): string[] {
  const { tables, figures, schema } = projection;
  const { db } = new ReadStore(':memory:');
  db.exec(schema);
  projection.open(db, new EventsById(db));
  const columns = (table: string): unknown[] => db.prepare('SELECT name FROM pragma_table_info(?)').pluck().all(table);
  const names = (table: string): boolean => columns(table).some((column) => /(^|_)(idx|stream_id)$/.test(String(column)));
  const found = Object.keys(tables).filter((table) => !figures.includes(table) && NO_FIGURES[table] === undefined && !names(table));
  db.close();
  return found;
}

const few = (types: readonly string[]): string =>
  types.length < 5 ? types.join(', ') : `${types.slice(0, 3).join(', ')} and ${types.length - 3} more`;

/** Lines that say where to look; none for a read model that takes reused ids as it must. */
export function reusedFaults(projection: Projection, events: readonly StoredEvent[]): string[] {
  const { name, tables } = projection;
  // Missing where types are not checked.
  const { figures }: Partial<Projection> = projection;
  const declared = placeOfReadModel(name, 'figures:', `name: '${name}'`);
  if (figures === undefined)
    return [`${declared}: name in \`figures\` the tables where an act with a reused id leaves nothing; [] where it counts nothing`];
  const unknown = figures.filter((table) => !Object.hasOwn(tables, table));
  if (unknown.length > 0) return [`${declared}: \`figures\` names ${unknown.join(', ')}, no table of the read model`];
  const adding = addingUp(projection);
  if (adding.length > 0)
    return [
      `${declared}: ${adding.join(', ')} names neither an act (idx) nor a case (stream_id): name it in \`figures\`, and pass over event.reused`,
    ];
  const apply = placeOfReadModel(name, ' apply(', 'apply:', `name: '${name}'`);
  try {
    const found = outcomes(projection, events);
    const counts = figures.some((table) => found.some(({ before, plain }) => !same(holds(before, table), holds(plain, table))));
    const idle = `${declared}: no act of test/events/golden-history.ts leaves anything in ${figures.join(', ')}: nothing is held of it`;
    return [
      ...(figures.length === 0 || counts ? [] : [idle]),
      ...[...faults(projection, found)].map(([what, types]) => `${apply}: ${what} (${few([...types])})`),
    ];
  } catch (error) {
    return [`${apply}: fails: ${messageOf(error)}`];
  }
}
