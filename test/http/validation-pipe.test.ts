/** What handlers are given of their parameters, and what is said of one that says nothing. */
import 'reflect-metadata';
import { CasePath, YearPath } from '../../src/http/dto/common.js';
import { EventsParameters } from '../../src/http/controllers/audit.controller.js';
import { ConsistencyParameters } from '../../src/http/controllers/ledger.controller.js';
import type { Question } from '../../src/http/dto/parameter.js';
import { CellParameters, TableParameters } from '../../src/http/controllers/tables.controller.js';
import { ValidationPipe } from '../../src/http/validation.pipe.js';
import { QueryProblem } from '../../src/read-models/query-problem.js';

const pipe = new ValidationPipe();
const asked = (type: Question, given: object): unknown => pipe.transform(given, { type: 'query', metatype: type });

test.each<[Question, object, object]>([
  [YearPath, { agency: 'a', year: '2017' }, { agency: 'a', year: 2017 }],
  [TableParameters, { rollup: 'false', view: 'difference' }, { rollup: false, view: 'difference' }],
  [TableParameters, { rollup: 'true', asOf: 'index:3' }, { rollup: true, asOf: 'index:3' }],
  [EventsParameters, {}, {}],
  [EventsParameters, { limit: '10000000', type: 't' }, { limit: 10_000_000, type: 't' }],
  [ConsistencyParameters, { from: '0' }, { from: 0 }],
  [CasePath, { agency: 'a', kind: 'publication', number: '1' }, { agency: 'a', kind: 'publication', number: '1' }],
  [CellParameters, { form: '2019', constructor: 'x', more: 'y' }, { form: '2019' }],
])('%p of %j', (type, given, expected) => {
  const question = asked(type, given);
  expect(question).toBeInstanceOf(type);
  expect(JSON.parse(JSON.stringify(question))).toEqual(expected);
});

const YEAR_HINT = 'Give a year of four digits.';
const VIEWS_HINT = 'Views are live, paper, published, difference; only a table has a difference.';
const LIMIT = ['bad-parameter', 'limit is out of range.', 'Give a limit from 1 to 1000.'] as const;
const SIZES = 'Sizes are those of checkpoints: numbers of entries.';

test.each<[Question, object, readonly [string, string, string]]>([
  [YearPath, { agency: 'a', year: '-2017' }, ['bad-year', '"-2017" is no year.', YEAR_HINT]],
  [YearPath, { agency: 'a', year: '２０１７' }, ['bad-year', '"２０１７" is no year.', YEAR_HINT]],
  [TableParameters, { view: 'old' }, ['bad-view', 'There is no such view here: old.', VIEWS_HINT]],
  [CellParameters, { view: 'difference' }, ['bad-view', 'There is no such view here: difference.', VIEWS_HINT]],
  [TableParameters, { rollup: 'yes' }, ['bad-parameter', 'rollup is true or false, not "yes".', 'Write rollup=true, or leave it out.']],
  ...['0', '-1', '1e2', '0x10', '1.5', '10000001', '9999999999'].map((limit): [Question, object, typeof LIMIT] => [
    EventsParameters,
    { limit },
    LIMIT,
  ]),
  [ConsistencyParameters, {}, ['bad-parameter', 'from is no whole number.', SIZES]],
  [ConsistencyParameters, { from: '0', to: '1 ' }, ['bad-parameter', 'to is no whole number.', SIZES]],
])('%p refuses %j', (type, given, [code, message, hint]) => {
  let said: unknown;
  try {
    asked(type, given);
  } catch (error) {
    said = error;
  }
  expect(said).toBeInstanceOf(QueryProblem);
  expect(said).toMatchObject({ code, message, hint });
});

test('a body in bytes passes as it is', () => {
  const body = Buffer.from('{}');
  expect(pipe.transform(body, { type: 'body', metatype: Buffer })).toBe(body);
});
