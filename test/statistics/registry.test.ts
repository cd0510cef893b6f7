/**
 * Every form of the registry, in every year: nothing is counted twice, nothing is forgotten, every total covers its
 * parts, every rule is over cells the form prints. A new form is under all of it by its line in the registry. Each
 * failure says the file and the line to look at.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isActType } from '../../src/events/catalog.js';
import { toAct, type ReadShape } from '../../src/events/envelope.js';
import { REGISTERED } from '../../src/statistics/forms/registry.js';
import { count } from '../../src/statistics/measures.js';
import { isKind } from '../support/contribution-kinds.js';
import { ALWAYS, IN_A_YEAR, yearsOf } from '../support/form-checks.js';
import { told } from '../support/form-problems.js';

const YEARS = REGISTERED.flatMap((registered) => yearsOf(registered).map((year) => [registered.form.id, year, registered] as const));

describe.each(YEARS)('%s in %i', (_, year, registered) => {
  test.each(Object.entries(IN_A_YEAR))('%s', (_rule, check) => {
    expect(told(registered.form, check(registered, year))).toEqual([]);
  });
});

describe.each(REGISTERED.map((registered) => [registered.form.id, registered] as const))('%s', (_, registered) => {
  test.each(Object.entries(ALWAYS))('%s', (_rule, check) => {
    expect(told(registered.form, check(registered))).toEqual([]);
  });
});

test('events contribute only kinds that forms know', () => {
  // What events contribute is of the kinds the forms are held against.
  const folder = join(__dirname, '../events/golden');
  const stored = readdirSync(folder).map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as ReadShape);
  const all = stored
    .filter(({ type }) => isActType(type))
    .map((event) => count(toAct(event, () => null)))
    .flatMap(({ contributions, firsts }) => [...contributions, ...firsts]);
  expect(all.length).toBeGreaterThan(20);
  for (const { measure, dimensions } of all)
    expect([measure, dimensions, isKind(measure, dimensions)]).toEqual([measure, dimensions, true]);
});
