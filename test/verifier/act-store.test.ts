/**
 * Acts and ids kept as rows, held against plain objects and maps, well beyond where the rows, the table of ids and the
 * blocks of texts grow.
 */
import { createHash } from 'node:crypto';
import { Act, STANDS, type Saying } from '../../src/verifier/calculator/acts.js';
import { ActStore, NONE } from '../../src/verifier/calculator/act-store.js';
import { SeenIds } from '../../src/verifier/calculator/seen-ids.js';

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');
const CASES = 50;
const ACTS = 20_000;

interface Plain {
  readonly index: number;
  readonly id: string;
  readonly source: string;
  readonly counts: boolean;
  readonly said: Saying;
  until: number;
  readonly term: string;
}

/** Acts that have some of their ids, sources and sayings in common; every fourth is followed by a void. */
function plainAndStored(): { readonly plain: Plain[][]; readonly stored: readonly (Act | null)[]; readonly figures: readonly Act[] } {
  const store = new ActStore();
  const plain: Plain[][] = Array.from({ length: CASES }, () => []);
  const last = Array.from({ length: CASES }, () => NONE);
  const figures: Act[] = [];
  for (let index = 0; index < ACTS; index += 1) {
    const draw = Buffer.from(digestOf(String(index)), 'hex');
    const at = (draw[0] as number) % CASES;
    const id = `${'文号-'.repeat((draw[1] as number) % 20)}${(draw[2] as number) % 40}${index % 7 === 0 ? '' : '-甲'}`;
    const source = `/source/${(draw[3] as number) % 3}`;
    const said: Saying =
      index % 50 === 0
        ? { what: 'figure', year: 2017, form: '2019', cell: 'a', value: String(index) }
        : { what: 'fee', fen: index % 2 === 0 ? index : (draw[4] as number) };
    const counts = index % 3 !== 0;
    const term = index % 5 === 0 ? 'extended' : 'ordinary';
    const act = new Act(index, -index, index * 4, counts, said, null);
    act.term = term;
    if (said.what === 'figure') figures.push(act);
    last[at] = store.add(act, last[at] as number, { source, id });
    (plain[at] as Plain[]).push({ index, id, source, counts, said, until: STANDS, term });
    if (index % 4 !== 0) continue;
    const from = index % 8 === 0 ? '/source/of-nobody' : source;
    store.void(last[at], id, from, index + ACTS);
    for (const one of plain[at] as Plain[]) if (one.id === id && one.source === from && one.until === STANDS) one.until = index + ACTS;
  }
  return { plain, stored: last.map((row) => store.chain(row)), figures };
}

test('a case reads back, voids included', () => {
  // A case reads back as it was recorded, with what was taken back.
  const { plain, stored, figures } = plainAndStored();
  const untils = new Map<number, number>();
  let voided = 0;
  plain.forEach((acts, at) => {
    const read: unknown[] = [];
    for (let act = stored[at] ?? null; act !== null; act = act.before) {
      const { index, day, ms, counts, said, until, term } = act;
      read.unshift({ index, day, ms, counts, said, until, term });
    }
    expect(read).toEqual(
      acts.map(({ index, counts, said, until, term }) => ({ index, day: 0 - index, ms: index * 4, counts, said, until, term })),
    );
    for (const { index, until } of acts) untils.set(index, until);
    voided += acts.filter(({ until }) => until !== STANDS).length;
  });
  expect(voided).toBeGreaterThan(1000);
  // Declared figures are also held as the objects they came as.
  expect(figures.map(({ until }) => until)).toEqual(figures.map(({ index }) => untils.get(index)));
  expect(figures.some(({ until }) => until !== STANDS)).toBe(true);
});

test('a similar id or no source voids nothing', () => {
  // Nothing is taken back by an id that only begins or ends alike, nor without a source.
  const store = new ActStore();
  const row = store.add(new Act(0, 0, 0, true, { what: 'meeting' }, null), NONE, { source: '/a', id: '号-12' });
  for (const [id, source] of [
    ['号-1', '/a'],
    ['号-123', '/a'],
    ['分-12', '/a'],
    ['号-12', '/b'],
    ['号-12', null],
  ] as const)
    store.void(row, id, source, 5);
  expect(store.chain(row)?.until).toBe(STANDS);
  store.void(row, '号-12', '/a', 6);
  store.void(row, '号-12', '/a', 7);
  expect(store.chain(row)?.until).toBe(6);
  expect(store.chain(NONE)).toBeNull();
});

test('a very long id is kept whole', () => {
  // An id longer than a block of texts is kept whole.
  const store = new ActStore();
  const long = '号'.repeat(200_000);
  let row = NONE;
  for (const id of ['a', long, 'b']) row = store.add(new Act(0, 0, 0, true, { what: 'meeting' }, null), row, { source: '', id });
  store.void(row, `${long.slice(0, -1)}x`, '', 8);
  store.void(row, long, '', 9);
  const untils: number[] = [];
  for (let act = store.chain(row); act !== null; act = act.before) untils.push(act.until);
  expect(untils).toEqual([STANDS, 9, STANDS]);
});

test('the first user of an id stays it', () => {
  // The first user of an id stays it, however many there are.
  const seen = new SeenIds();
  const known = new Map<string, number>();
  const wrong: string[] = [];
  for (let turn = 0; turn < 120_000; turn += 1) {
    // Forged so as to be alike in half of their digits: none waits behind the others.
    const digits = digestOf(String(turn % 3 === 2 ? turn - 2 : turn));
    const id = `00000000-0000-0000-${digits.slice(0, 4)}-${digits.slice(4, 16)}`;
    if (!known.has(id)) known.set(id, turn);
    if (seen.firstUser(id, turn) !== known.get(id)) wrong.push(id);
  }
  expect(wrong).toEqual([]);
  expect(known.size).toBe(80_000);
});
