/**
 * A finding of a table has a name, a place that tells it and a test. It may be begun in any of them: what is missing
 * then is the message of this test, file by file and in order. Most findings name cases: these are rows
 * (case-rules.ts), each with its cases (remarks.ts). docs/adding.md says the same.
 */
import { CASE_FINDINGS } from '../../src/statistics/case-rules.js';
import { FINDING_RULES } from '../../src/statistics/finding-rules.js';
import { expectDone, filesUnder, textOf, unless } from '../support/to-do.js';

const NAMES = 'src/statistics/finding-rules.ts';
const ROWS = 'src/statistics/case-rules.ts';
const CASES = 'src/read-models/remarks.ts';
/** Conflicts of an officer are remarks on him, of no table. */
const CONFLICTS = 'src/read-models/officers/conflicts.ts';
const TEST = 'test/tables/findings.test.ts';

/** What the first group of a pattern finds. */
const namesIn = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([, name = '']) => name);
/** What a declaration of a file holds. */
const within = (file: string, declaration: RegExp): string => declaration.exec(textOf(file))?.[0] ?? '';

/** Names that have a row of their own: all but those of cases. */
const NAMED: readonly string[] = Object.keys(FINDING_RULES);
const ROWS_OF = Object.keys(CASE_FINDINGS);
const CASES_OF = namesIn(within(CASES, /^const CASES: [\s\S]*?^};$/m), /^ {2}'([a-z-]+)': /gm);
const SOURCES = ['src/statistics', 'src/tables', 'src/read-models']
  .flatMap(filesUnder)
  .filter((file) => file !== ROWS && file !== CONFLICTS);
const TOLD = SOURCES.flatMap((file) => namesIn(textOf(file), /(?:\b(?:finding|say|of|total)\(\s*|\brule: )'([a-z-]+)'/g));
/** Tests that ask a table for a finding by its name. */
const ASKED = ['test/tables/findings.test.ts', 'test/tables/date-findings.test.ts'].flatMap((file) =>
  namesIn(textOf(file), /\b(?:found|said|casesOf)\('([a-z-]+)'/g),
);
const TESTS = ['test/tables', 'test/statistics', 'test/recording', 'test/acceptance'].flatMap(filesUnder).map(textOf);

test('every finding is everywhere', () => {
  const names = [...NAMED, ...ROWS_OF, ...CASES_OF, ...TOLD, ...ASKED];
  expect(new Set(names).size).toBeGreaterThan(30);
  expectDone(names, (name) => {
    const tested = unless(
      TESTS.some((text) => text.includes(`'${name}'`)),
      TEST,
      'see it found, with its cases and its severity, and gone when its cause is taken back',
    );
    // A name alone may still become either; of cases it is begun with the row.
    if (ROWS_OF.includes(name) || CASES_OF.includes(name) || (!NAMED.includes(name) && !TOLD.includes(name)))
      return [
        unless(
          ROWS_OF.includes(name),
          ROWS,
          'add its row to CASE_FINDINGS: severity and message (one that names no cases: to FINDING_RULES in finding-rules.ts)',
        ),
        unless(!NAMED.includes(name), NAMES, 'take it out of FINDING_RULES: its row of cases names it'),
        unless(CASES_OF.includes(name), CASES, 'say in CASES which cases it names'),
        tested,
      ];
    return [
      unless(NAMED.includes(name), NAMES, 'add its row to FINDING_RULES: severity and what it means'),
      unless(
        TOLD.includes(name),
        'src/statistics/table.ts',
        'say in noted() when it is told; a rule between cells: in checks.ts, a rule of one cell: in cell-findings.ts',
      ),
      tested,
    ];
  });
});
