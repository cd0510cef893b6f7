/** A mapping is refused at its first mistake, with what is near it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { validateSync } from 'class-validator';
import { MappingProblem } from '../../src/spreadsheets/mapping-problem.js';
import { readMapping } from '../../src/spreadsheets/read-mapping.js';
import { rowReader } from '../../src/spreadsheets/row-messages.js';

const MAPPINGS = join(__dirname, '../../examples/mappings');
const GIVEN = { agency: 'a', actor: 'b', source: '/c' };

const MESSAGE = { type: 'meeting.held', id: '{n}', subject: 'meeting/{n}', time: '{day}', data: { title: '{title}' } };
const PLAIN = {
  title: 'meetings',
  columns: [
    { name: 'n', heads: ['编号'] },
    { name: 'title', heads: ['名称'] },
    { name: 'day', heads: ['日期'], is: 'time' },
  ],
  messages: [MESSAGE],
};

/** The words of the refusal; null where there is none. */
function refusal(mapping: unknown, given: Readonly<Record<string, string>> = GIVEN): string | null {
  try {
    rowReader(readMapping(typeof mapping === 'string' ? mapping : JSON.stringify(mapping), given));
    return null;
  } catch (error) {
    if (error instanceof MappingProblem) return `${error.code}: ${error.message} ${error.hint}`;
    throw error;
  }
}

test('the mappings that the package brings are sound', () => {
  const names = readdirSync(MAPPINGS);
  expect(names.sort()).toEqual(['catalogue.json', 'register.json', 'table.json']);
  for (const name of names) expect([name, refusal(readFileSync(join(MAPPINGS, name), 'utf8'))]).toEqual([name, null]);
});

test('a plain mapping is taken', () => {
  expect(refusal(PLAIN)).toBeNull();
  expect(refusal(`\ufeff${JSON.stringify(PLAIN)}`)).toBeNull();
});

test.each([
  ['no JSON', '{', /it is no JSON/],
  ['no object', '[]', /no JSON object/],
  ['a misspelt field', { ...PLAIN, colums: [] }, /mapping\.colums .*/],
  [
    'a misspelt field inside',
    { ...PLAIN, columns: [{ name: 'n', heads: ['编号'], require: true }] },
    /columns\.0\.require The nearest is mapping\.columns\.0\.required/,
  ],
  ['constructor', { ...PLAIN, constructor: {} }, /mapping\.constructor/],
  ['neither rows nor table', { title: 'x' }, /neither "messages" nor "table"/],
  ['both', { ...PLAIN, table: { id: 'a', time: 'b', evidence: 'c' } }, /or both/],
  ['no columns', { title: 'x', messages: [MESSAGE] }, /no "columns"/],
  ['an unknown type', { ...PLAIN, messages: [{ ...MESSAGE, type: 'meeting.hold' }] }, /no type meeting\.hold The nearest is meeting\.held/],
  ['an unknown column', { ...PLAIN, messages: [{ ...MESSAGE, id: '{nr}' }] }, /no column or constant nr/],
  ['an unknown part', { ...PLAIN, messages: [{ ...MESSAGE, id: '{day.month}' }] }, /names no part/],
  ['an open brace', { ...PLAIN, messages: [{ ...MESSAGE, id: '{n' }] }, /brace is not closed/],
  [
    'an unknown column in when',
    { ...PLAIN, messages: [{ ...MESSAGE, when: { titel: 'filled' } }] },
    /no column titel The nearest is title/,
  ],
  ['an unknown condition', { ...PLAIN, messages: [{ ...MESSAGE, when: { title: 'full' } }] }, /when\.title must be/],
  ['an unknown kind of cell', { ...PLAIN, columns: [{ name: 'n', heads: ['编号'], is: 'date' }] }, /is must be one of/],
  ['a bad clock', { ...PLAIN, columns: [{ name: 'n', heads: ['编号'], clock: '9:00' }] }, /clock must be like 09:00/],
  ['a name with blanks', { ...PLAIN, columns: [{ name: '编号', heads: ['编号'] }] }, /Latin letters/],
  [
    'values that are no texts',
    { ...PLAIN, columns: [{ name: 'n', heads: ['编号'], values: { a: 1 } }] },
    /values must be an object of texts/,
  ],
])('%s is refused', (_what, mapping, words) => {
  expect(refusal(mapping)).toMatch(words);
});

test('a constant without a value is asked for', () => {
  expect(refusal(PLAIN, { actor: 'b', source: '/c' })).toMatch(/no-value: .*agency.*--agency/);
  expect(refusal({ ...PLAIN, constants: { agency: 'own' } }, { actor: 'b', source: '/c' })).toBeNull();
});

test('validators of the classes are those of the file', () => {
  // What is read is an instance whose nested objects are instances too: else none of their rules would be asked.
  const mapping = readMapping(JSON.stringify(PLAIN), GIVEN);
  expect(validateSync(mapping)).toEqual([]);
  Object.assign(mapping.columns?.[0] ?? {}, { heads: [] });
  expect(validateSync(mapping)).not.toEqual([]);
});
