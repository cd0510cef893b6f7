/**
 * What a read model needs, file by file, in order: a failure here is the list of what is left to do. A read model
 * counts as begun when its file says `export const … : Projection`. The read store is loaded while the test runs, so
 * that one that does not load is an entry of the list.
 */
import Database from 'better-sqlite3';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../src/encoding/unknown-values.js';
import { STORED_TYPES } from '../../src/events/catalog.js';
import type { Projection } from '../../src/read-models/projection.js';
import type * as readStore from '../../src/read-models/read-store.js';
import { doesNotLoad } from '../support/form-source.js';
import { placeIn, placeOfReadModel, readModelFiles, type ReadModelFile } from '../support/read-model-source.js';
import type * as reusedActs from '../support/reused-acts.js';

const STORE = 'src/read-models/read-store.ts';

const FIELDS = ['version', 'figures', 'schema', 'tables', 'handles', 'ignores', 'open'] as const satisfies readonly (keyof Projection)[];

/**
 * What has to be there before anything else can be asked: a model without it is found here, where types are not
 * checked.
 */
function basicsLeft(projection: Projection): string[] {
  const place = placeOfReadModel(projection.name, `name: '`);
  const missing = FIELDS.filter((field) => projection[field] === undefined);
  if (missing.length > 0) return [`${place}: say ${missing.join(', ')}: src/read-models/projection.ts tells what they are`];
  try {
    new Database(':memory:').exec(projection.schema);
    return [];
  } catch (error) {
    return [`${placeOfReadModel(projection.name, 'SCHEMA = `', `schema`)}: its schema: ${messageOf(error)}`];
  }
}

/** Types it says nothing of, or says two things of. */
function typesLeft({ name, handles = [], ignores = [] }: Partial<Projection>): string[] {
  const place = placeOfReadModel(name ?? '', 'handles', `name: '`);
  const said = [...handles, ...ignores];
  const silent = STORED_TYPES.filter((type) => !said.includes(type));
  const doubled = handles.filter((type) => ignores.includes(type));
  const unknown = said.filter((type) => !(STORED_TYPES as readonly string[]).includes(type));
  return [
    ...(silent.length === 0
      ? []
      : [
          `${place}: handle or ignore ${silent.join(', ')} (an act of no read model: once, in ACTS_OF_NO_MODEL of src/read-models/every-act.ts)`,
        ]),
    ...(doubled.length === 0 ? [] : [`${place}: both handled and ignored: ${doubled.join(', ')}`]),
    ...(unknown.length === 0 ? [] : [`${place}: no stored type: ${unknown.join(', ')}`]),
  ];
}

/** Tables that its schema makes and `tables` does not name, or in an order of columns they do not have. */
function tablesLeft({ name, tables = {}, schema = '' }: Partial<Projection>, { ReadStore }: typeof readStore): string[] {
  const place = placeOfReadModel(name ?? '', 'tables:', `name: '`);
  const created = [...schema.matchAll(/CREATE TABLE IF NOT EXISTS (\w+)/g)].map(([, table = '']) => table);
  const { db } = new ReadStore(':memory:');
  const fails = (table: string, order: string): string[] => {
    try {
      db.prepare(`SELECT * FROM ${table} ORDER BY ${order}`).all();
      return [];
    } catch (error) {
      return [`${place}: ${table} in the order ${order}: ${messageOf(error)}`];
    }
  };
  const unnamed = created.filter((table) => !Object.hasOwn(tables, table));
  const problems = Object.entries(tables).flatMap(([table, order]) => fails(table, order));
  db.close();
  return [
    ...(unnamed.length === 0 ? [] : [`${place}: name ${unnamed.join(', ')}, with the order that makes two copies comparable`]),
    ...problems,
  ];
}

/** Names that another read model has too. */
function namesLeft({ name = '', tables = {} }: Partial<Projection>, all: readonly Projection[]): string[] {
  const place = placeOfReadModel(name, `name: '`);
  const others = all.filter((other) => other.tables !== tables);
  const shared = Object.keys(tables).filter((table) => others.some((other) => Object.hasOwn(other.tables, table)));
  return [
    ...(name === 'journal' || others.some((other) => other.name === name) ? [`${place}: another read model is named ${name}`] : []),
    ...(shared.length === 0 ? [] : [`${place}: another read model has ${shared.join(', ')}`]),
  ];
}

function registering({ file, exported, text }: ReadModelFile, projections: readonly Projection[]): string[] {
  const name = /name: '([^']+)'/.exec(text.slice(text.indexOf(exported)))?.[1];
  if (projections.some((projection) => projection.name === name)) return [];
  const store = readStoreFile();
  return [`${placeIn(store, 'export const PROJECTIONS')}: import ${exported} of ${file}, and add it to PROJECTIONS`];
}

const readStoreFile = (): Pick<ReadModelFile, 'file' | 'text'> => ({
  file: STORE,
  text: readFileSync(join(__dirname, '../..', STORE), 'utf8'),
});

async function loaded(): Promise<{ store: typeof readStore; reused: typeof reusedActs } | { broken: string }> {
  try {
    return { store: await import('../../src/read-models/read-store.js'), reused: await import('../support/reused-acts.js') };
  } catch (error) {
    return { broken: doesNotLoad(STORE, error) };
  }
}

test('no read model lacks anything', async () => {
  // Nothing is left to do for any read model.
  const found = await loaded();
  if ('broken' in found) return expect([found.broken]).toEqual([]);
  const { PROJECTIONS } = found.store;
  expect(PROJECTIONS.length).toBeGreaterThan(5);
  const without = PROJECTIONS.flatMap((projection, at): string[] =>
    projection === undefined ? [`${STORE}: entry ${at} of PROJECTIONS is not there`] : [],
  );
  expect(without).toEqual([]);
  const begun = readModelFiles().flatMap((file) => registering(file, PROJECTIONS));
  const basics = [...begun, ...PROJECTIONS.flatMap(basicsLeft)];
  if (basics.length > begun.length) expect(basics).toEqual([]);
  const events = await found.reused.everyTypeOfAct();
  expect([
    ...begun,
    ...PROJECTIONS.flatMap((projection) => [
      ...namesLeft(projection, PROJECTIONS),
      ...tablesLeft(projection, found.store),
      ...typesLeft(projection),
      ...found.reused.reusedFaults(projection, events),
    ]),
  ]).toEqual([]);
});
