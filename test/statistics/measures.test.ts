/** What each type of event contributes, from that event alone. */
import { STORED_TYPES } from '../../src/events/catalog.js';
import { count, COUNTED_TYPES, UNCOUNTED_TYPES, type CountableEvent, type Counted } from '../../src/statistics/measures.js';

const counted = (type: string, data: Record<string, unknown>, derived: Record<string, unknown> = {}): Counted =>
  count({ type, at: '2017-03-02T09:00:00+08:00', on: '2017-03-02', data, derived } as CountableEvent);

const plain = (measure: string, dimensions: Record<string, string> = {}, amount = 1): object => ({
  measure,
  on: '2017-03-02',
  amount,
  dimensions,
});

test('every stored type is counted or uncounted', () => {
  // Every stored type is counted or uncounted, none both, and none that is not stored.
  expect([...COUNTED_TYPES, ...UNCOUNTED_TYPES].sort()).toEqual([...STORED_TYPES].sort());
  expect(COUNTED_TYPES.filter((type) => UNCOUNTED_TYPES.includes(type))).toEqual([]);
});

test('an unknown type throws', () => {
  // A type nobody thought of throws: no event goes silently uncounted.
  expect(() => counted('publication.archived', {})).toThrow(/publication.archived/);
});

test('uncounted types contribute nothing', () => {
  for (const type of UNCOUNTED_TYPES) {
    expect(counted(type, { channel: 'website' })).toEqual({
      contributions: [],
      firsts: [],
      reverses: null,
      declaration: null,
      paper: null,
    });
  }
});

test('a release counts once, in its own year', () => {
  // A release: once on its channel in its own year; the first release where its decision says.
  const derived = { approval: 'x', rank: 'rules', firsts: [{ slot: 'release', was: '2018-01-05', is: '2017-03-02' }] };
  expect(counted('publication.released', { channel: 'gazette' }, derived)).toEqual({
    contributions: [plain('item.released', { channel: 'gazette' })],
    firsts: [
      { measure: 'item.first-released', dimensions: { rank: 'rules' }, on: '2018-01-05', amount: -1 },
      { measure: 'item.first-released', dimensions: { rank: 'rules' }, on: '2017-03-02', amount: 1 },
    ],
    reverses: null,
    declaration: null,
    paper: null,
  });
  expect(counted('publication.released', { channel: 'website' }, { approval: 'x', rank: null, firsts: [] }).firsts).toEqual([]);
});

test('an unapproved release says so, changes no figure', () => {
  // A release or correction without an approval says so; it changes no figure by that.
  expect(counted('publication.released', { channel: 'website' }, { approval: null, rank: null }).contributions).toEqual([
    plain('item.released', { channel: 'website' }),
    plain('act.without-review'),
  ]);
  expect(counted('publication.corrected', {}, { approval: null }).contributions).toEqual([plain('act.without-review')]);
  expect(counted('publication.corrected', {}, { approval: 'x' }).contributions).toEqual([]);
});

test.each([
  ['normative-document.issued', {}, { rank: 'rules' }, [plain('normative-document.issued', { rank: 'rules' })]],
  ['normative-document.repealed', {}, { rank: 'normative' }, [plain('normative-document.repealed', { rank: 'normative' })]],
  ['press-conference.held', { chiefAttended: true }, {}, [plain('press-conference.held', { chief: 'yes' })]],
  ['press-conference.held', { chiefAttended: false }, {}, [plain('press-conference.held', { chief: 'no' })]],
  ['interpretation.published', {}, {}, [plain('interpretation.published')]],
  ['delivery.made', { medium: 'paper', items: 12 }, {}, [plain('delivery.items', { medium: 'paper' }, 12)]],
  ['meeting.held', {}, {}, [plain('meeting.held')]],
  ['training.held', { trainees: 12 }, {}, [plain('training.held'), plain('training.trainees', {}, 12)]],
  ['training.held', { trainees: 0 }, {}, [plain('training.held'), plain('training.trainees', {}, 0)]],
])('%s %j', (type, data, derived, contributions) => {
  expect(counted(type, data, derived)).toMatchObject({ contributions, firsts: [], reverses: null, declaration: null, paper: null });
});

test('an answer counts only where it is first', () => {
  // An answer to a hot topic counts only where it is first: of the topic, of its means.
  const firsts = [
    { slot: 'answer', was: null, is: '2017-03-02' },
    { slot: 'answer:weibo-wechat', was: '2018-01-01', is: '2017-03-02' },
  ];
  expect(counted('hotspot.answered', { means: 'weibo-wechat' }, { firsts })).toMatchObject({
    contributions: [],
    firsts: [
      { measure: 'topic.first-answered', on: '2017-03-02', amount: 1, dimensions: {} },
      { measure: 'topic.first-answered-by', on: '2018-01-01', amount: -1, dimensions: { means: 'weibo-wechat' } },
      { measure: 'topic.first-answered-by', on: '2017-03-02', amount: 1, dimensions: { means: 'weibo-wechat' } },
    ],
  });
  expect(() => counted('hotspot.answered', {}, { firsts: [{ slot: 'unheard-of', was: null, is: '2017-03-02' }] })).toThrow(/unheard-of/);
});

test('a void takes its count back', () => {
  // A void takes back what its act counted, and says what is first now.
  const derived = { voided: { eventId: 'e' }, rank: null, firsts: [{ slot: 'release', was: '2017-03-02', is: '2018-01-05' }] };
  expect(counted('record.voided', {}, derived)).toEqual({
    contributions: [],
    firsts: [
      { measure: 'item.first-released', dimensions: { rank: 'none' }, on: '2017-03-02', amount: -1 },
      { measure: 'item.first-released', dimensions: { rank: 'none' }, on: '2018-01-05', amount: 1 },
    ],
    reverses: 'e',
    declaration: null,
    paper: null,
  });
});

test('a declaration holds until its void', () => {
  // A declaration holds from its event on; its void leaves the one before it, or none.
  const figure = { year: 2016, form: '2014-shandong', cell: '9.4' };
  expect(counted('agency.figure-declared', {}, { figure: { ...figure, was: null, is: { eventId: 'e', value: '0.2' } } })).toMatchObject({
    contributions: [],
    declaration: { ...figure, value: '0.2', eventId: 'e' },
  });
  const voiding = (is: object | null): Counted =>
    counted('record.voided', {}, { voided: { eventId: 'e' }, firsts: [], figure: { ...figure, is } });
  expect(voiding(null).declaration).toEqual({ ...figure, value: null, eventId: null });
  expect(voiding({ eventId: 'd', value: '0.1' }).declaration).toEqual({ ...figure, value: '0.1', eventId: 'd' });
});

describe('a change of chain', () => {
  const A = { steps: [{ step: 'a', role: 'b', unit: 'c' }], approver: { role: 'd', unit: 'e' } };
  const EMPTY = { steps: [], approver: null };
  const later = (chain: object): object => ({ ...chain, at: '2018-01-01T09:00:00+08:00', on: '2018-01-01' });
  const years = (data: object, previous: object | null, next: object | null): unknown =>
    counted('agency.clearance-chain-set', data as Record<string, unknown>, { previous, next }).contributions.map(
      ({ measure, on, amount }) => [measure, on.slice(0, 4), amount],
    );

  test('the first or an equal chain is none', () => {
    // The first chain, or the same again, is none.
    expect(years(A, null, null)).toEqual([]);
    expect(years(A, A, null)).toEqual([]);
    expect(years({ steps: [] }, EMPTY, null)).toEqual([]);
  });

  test('another chain is one, in its year', () => {
    // Another chain is one, in the year it is set for.
    expect(years({ steps: [] }, A, null)).toEqual([['chain.changed', '2017', 1]]);
    expect(years(A, EMPTY, null)).toEqual([['chain.changed', '2017', 1]]);
  });

  test('a late one makes or takes back one', () => {
    // One recorded late makes a change of the chain after it, or takes one back.
    expect(years({ steps: [] }, null, later(A))).toEqual([['chain.changed', '2018', 1]]);
    expect(years({ steps: [] }, A, later(A))).toEqual([
      ['chain.changed', '2017', 1],
      ['chain.changed', '2018', 1],
    ]);
    expect(years({ steps: [] }, A, later(EMPTY))).toEqual([
      ['chain.changed', '2017', 1],
      ['chain.changed', '2018', -1],
    ]);
    expect(years(A, A, later(EMPTY))).toEqual([]);
  });
});
