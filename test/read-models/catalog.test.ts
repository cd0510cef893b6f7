/** Every read model says of every stored type whether it handles or ignores it. */
import { STORED_TYPES } from '../../src/events/catalog.js';
import { PROJECTIONS, ReadStore } from '../../src/read-models/read-store.js';

describe.each(PROJECTIONS.map((projection) => [projection.name, projection] as const))(
  '%s',
  (_name, { handles, ignores, tables, schema }) => {
    test('handles or ignores each stored type, never both', () => {
      expect([...handles, ...ignores].sort()).toEqual([...STORED_TYPES].sort());
      expect(handles.filter((type) => ignores.includes(type))).toEqual([]);
    });

    test('each table takes part in the comparison', () => {
      // Each of its tables takes part in the comparison of two copies.
      const created = [...schema.matchAll(/CREATE TABLE IF NOT EXISTS (\w+)/g)].map(([, table]) => table);
      expect(Object.keys(tables).sort()).toEqual(created.sort());
    });
  },
);

test('names of read models and tables are unique', () => {
  const names = PROJECTIONS.map(({ name }) => name);
  expect(new Set([...names, 'journal']).size).toBe(names.length + 1);
  const tables = PROJECTIONS.flatMap((projection) => Object.keys(projection.tables));
  expect(new Set(tables).size).toBe(tables.length);
  expect(Object.keys(ReadStore.tables())).toEqual(expect.arrayContaining([...tables, 'events', 'streams', 'names']));
});
