/** Everything a registered form is held against, in all its years: what is wrong with it, with the place to look at. */
import type { Selector } from '../../src/statistics/form.js';
import type { RegisteredForm } from '../../src/statistics/forms/registered.js';
import {
  brokenChains,
  countedNowhere,
  countedTwice,
  impossibleSelectors,
  incompleteTotals,
  rulesBesideTheForm,
  told,
  unequalSums,
  wrongColumns,
  wrongLabels,
  wrongScales,
  type Problem,
} from './form-problems.js';
import { doubledNames, headless, idleRows, partsOfTwoTotals, wrongDifferences, wrongTotals } from './form-structure.js';

type Pair = readonly [string, string];

/** What a form counts nowhere in a year, by its own word. */
function absentIn({ absent }: RegisteredForm, year: number): readonly Selector[] {
  return absent.filter(({ years: [first, last] = [0, Infinity] }) => year >= first && year <= last);
}

/** What is declared as legal is no longer needed where it is not found. */
function idlePairs({ form, twice = [] }: RegisteredForm, year: number): Problem[] {
  const without = (pair: Pair): readonly Pair[] => twice.filter((other) => other !== pair);
  return twice
    .filter((pair) => countedTwice(form, year, without(pair)).length === 0)
    .map((pair) => ({ at: pair, text: `${pair.join(' and ')} are in \`twice\`, and nothing is counted in both` }));
}

type InYear = (registered: RegisteredForm, year: number) => readonly Problem[];
type Always = (registered: RegisteredForm) => readonly Problem[];

export const IN_A_YEAR: Readonly<Record<string, InYear>> = {
  'no contribution is counted in two cells': (registered, year) => [
    ...countedTwice(registered.form, year, registered.twice),
    ...idlePairs(registered, year),
  ],
  'every contribution is counted in a cell, or listed as in none': (registered, year) =>
    countedNowhere(registered.form, year, absentIn(registered, year)),
  'each row and each cell has a name of its own, and says something': ({ form }, year) => [
    ...doubledNames(form, year),
    ...idleRows(form, year),
  ],
  'every total covers its parts': ({ form }, year) => incompleteTotals(form, year),
  'every rule is over cells the form prints': ({ form }, year) => rulesBesideTheForm(form, year),
  'stocks and openings follow from last year’s table by what they count': ({ form }, year) => brokenChains(form, year),
  'labels are told apart, and are numbered as their codes': ({ form }, year) => wrongLabels(form, year),
};

export const ALWAYS: Readonly<Record<string, Always>> = {
  'every selector takes what a contribution can be': ({ form }) => [
    ...impossibleSelectors(form),
    ...wrongColumns(form),
    ...wrongScales(form),
  ],
  'every total ends at cells that are counted or declared, each of them once': ({ form }) => [
    ...wrongTotals(form),
    ...partsOfTwoTotals(form),
  ],
  'every sum says what its cell is computed from': ({ form }) => unequalSums(form),
  'a head stands over every column': ({ form, heads }) => headless(form, heads),
  'a variant names rows that are there': wrongDifferences,
};

/** The years a form serves; of one still in force, some. */
export function yearsOf({ form: { firstYear, lastYear } }: RegisteredForm): number[] {
  return Array.from({ length: (lastYear ?? firstYear + 2) - firstYear + 1 }, (_, n) => firstYear + n);
}

/** All that is wrong, a line each; with its years where it is not in all of them. */
export function faultsOf(registered: RegisteredForm): string[] {
  const years = yearsOf(registered);
  const wrongIn = new Map<string, number[]>();
  for (const year of years)
    for (const fault of told(
      registered.form,
      Object.values(IN_A_YEAR).flatMap((check) => check(registered, year)),
    ))
      wrongIn.set(fault, [...(wrongIn.get(fault) ?? []), year]);
  const inYears = [...wrongIn].map(([fault, of]) => (of.length === years.length ? fault : `${fault} (in ${of.join(', ')})`));
  const always = Object.values(ALWAYS).flatMap((check) => check(registered));
  return [...inYears, ...told(registered.form, always)];
}
