/** Hot topics, normative documents, and the kinds whose acts stand for themselves. */
import { hotspotRules } from '../../src/domain/small-kinds/hotspot.js';
import type { Means } from '../../src/domain/small-kinds/acts.js';
import { normativeDocumentRules } from '../../src/domain/small-kinds/normative-document.js';
import { standingOf, type CaseAct } from '../../src/domain/case.js';
import { NOT_STANDING } from '../../src/domain/facts.js';
import { plainActRules } from '../../src/domain/small-kinds/plain-rules.js';
import { sampleMessage } from '../support/sample-messages.js';
import { does, specification, standardAgency, type Doing } from '../support/given-when-then.js';
import { on, voided } from './items.js';
import { deliveryRules, interpretationRules, meetingRules, pressConferenceRules, siteRules, trainingRules } from './rules.js';

const world = { agency: standardAgency() };

describe('a hot topic', () => {
  const topic = specification(hotspotRules, world);
  const answer = (moment: string, means: Means, id = `${means} ${moment}`): Doing =>
    does('spokesman', 'hotspot.answered', on(moment), { topic: '物价', means }, { id });

  test('its first answer is first on both counts', () => {
    // Its first answer is first of the topic and of its means.
    topic.when(answer('03-01', 'other')).then({
      basis: [],
      role: null,
      firsts: [
        { slot: 'answer', was: null, is: '2017-03-01' },
        { slot: 'answer:other', was: null, is: '2017-03-01' },
      ],
    });
  });

  test('a later answer is first by new means', () => {
    // A later answer by the same means is first of nothing, by another means of that means.
    const answered = topic.given(answer('03-01', 'other'));
    answered.when(answer('03-05', 'other')).accepted({ firsts: [] });
    answered
      .when(answer('2018-01-05', 'weibo-wechat'))
      .accepted({ firsts: [{ slot: 'answer:weibo-wechat', was: null, is: '2018-01-05' }] });
  });

  test('a late record of an earlier answer reorders', () => {
    // An answer recorded late with an earlier date moves what it precedes.
    const answered = topic.given(answer('03-01', 'other'), answer('04-01', 'weibo-wechat'));
    answered.when(answer('2016-12-31', 'weibo-wechat')).accepted({
      firsts: [
        { slot: 'answer', was: '2017-03-01', is: '2016-12-31' },
        { slot: 'answer:weibo-wechat', was: '2017-04-01', is: '2016-12-31' },
      ],
    });
    answered
      .when(answer('03-15', 'weibo-wechat'))
      .accepted({ firsts: [{ slot: 'answer:weibo-wechat', was: '2017-04-01', is: '2017-03-15' }] });
  });

  test('a void leaves the earliest standing answer', () => {
    // A void leaves the earliest answer that stands, or none; other answers never block it.
    const answered = topic.given(answer('2016-12-31', 'other', 'early'), answer('03-01', 'other', 'late'));
    answered.when(voided('early', '05-01')).accepted({
      firsts: [
        { slot: 'answer', was: '2016-12-31', is: '2017-03-01' },
        { slot: 'answer:other', was: '2016-12-31', is: '2017-03-01' },
      ],
    });
    answered
      .given(voided('early', '05-01'))
      .when(voided('late', '05-02'))
      .accepted({
        firsts: [
          { slot: 'answer', was: '2017-03-01', is: null },
          { slot: 'answer:other', was: '2017-03-01', is: null },
        ],
        leaves: { state: 'unknown', title: null },
      });
  });
});

describe('a normative document', () => {
  const document = specification(normativeDocumentRules, world);
  const act = (type: 'issued' | 'repealed', moment: string, rank?: string): Doing =>
    does(
      'clerk',
      `normative-document.${type}`,
      on(moment),
      { documentNumber: '金商发〔2017〕1号', title: '办法', ...(rank === undefined ? {} : { rank }) },
      { id: type },
    );

  test('is normative unless it says rules', () => {
    document.when(act('issued', '03-01')).then({ basis: [], role: null, rank: 'normative' });
    document.when(act('issued', '03-01', 'rules')).accepted({ rank: 'rules' });
  });

  test('is issued once', () => {
    document.given(act('issued', '03-01')).when(act('issued', '03-02')).refused('already-exists');
  });

  test('a repeal has the issue’s rank, follows it', () => {
    // A repeal has the rank of the issue and is not dated before it.
    const issued = document.given(act('issued', '03-01', 'rules'));
    issued.when(act('repealed', '03-02')).then({ basis: ['issued'], role: null, rank: 'rules' });
    issued.when(act('repealed', '02-28')).refused('out-of-order');
  });

  test('an older document’s repeal needs no issue', () => {
    // One issued before the ledger began is repealed without its issue.
    document.when(act('repealed', '03-02', 'rules')).then({ basis: [], role: null, rank: 'rules' });
  });

  test('the repeal closes it', () => {
    const repealed = document.given(act('issued', '03-01'), act('repealed', '03-05'));
    repealed.when(act('repealed', '03-01')).refused('already-closed');
    const unseen = document.given(act('repealed', '03-05'));
    unseen.when(act('issued', '03-01')).refused('case-closed');
    unseen.when(act('issued', '03-06')).refused('not-open');
  });

  test('the issue is voided only after its repeal', () => {
    // The issue is not voided under its repeal; the repeal voided, it is open again.
    const repealed = document.given(act('issued', '03-01'), act('repealed', '03-05'));
    repealed.when(voided('issued', '04-01')).refused('depended-upon', { type: 'normative-document.repealed' });
    repealed.given(voided('repealed', '04-01')).when(act('repealed', '04-02')).accepted();
    repealed
      .given(voided('repealed', '04-01'))
      .when(voided('issued', '04-02'))
      .accepted({ leaves: { state: 'unknown', title: null } });
  });
});

const PLAIN = plainActRules.flatMap((rules) => rules.types.map((type) => ({ type, rules })));

describe.each(PLAIN)('$type, a plain act', ({ type, rules }) => {
  // What its class takes is said: a new row of the table of plain acts is tried as it comes.
  const data = sampleMessage(type).data as Record<string, unknown>;
  const act = does('clerk', type, on('03-01'), data, { id: 'act' });
  const recorded = specification(rules, { ...world, existingCases: Object.values(data).map(String) }).given(act);

  test('gives its case state and title', () => {
    // Gives its case a state, and a title that it says itself.
    const { state, title } = standingOf(rules, recorded.state);
    expect(state).toMatch(/^[a-z-]+$/);
    expect(state).not.toBe('unknown');
    expect([null, ...Object.values(data)]).toContain(title);
  });

  test('voided, it may be recorded again', () => {
    // Rests on nothing, and nothing rests on it: voided, it may be recorded again.
    recorded
      .given(voided('act', '04-01'))
      .when({ ...act, id: 'again' })
      .then({ basis: [], role: null });
  });
});

describe('kinds of one act', () => {
  const held = (type: string, data: Record<string, unknown>, id = 'act'): Doing => does('clerk', type, on('03-01'), data, { id });

  test.each([
    [meetingRules, held('meeting.held', { title: '会议' })],
    [trainingRules, held('training.held', { title: '培训', trainees: 3 })],
    [pressConferenceRules, held('press-conference.held', { title: '发布会', chiefAttended: true })],
    [interpretationRules, held('interpretation.published', { title: '解读' })],
  ])('$kind: recorded once, again after a void', (rules, act) => {
    // Recorded once; voided, it may be recorded again.
    const recorded = specification(rules, world).given(act);
    recorded.when({ ...act, id: 'again' }).refused('already-exists');
    recorded
      .given(voided('act', '04-01'))
      .when({ ...act, id: 'again' })
      .then({ basis: [], role: null });
  });

  test('another kind’s act moves none', () => {
    // An act of another kind moves none of their cases.
    // A case that holds one was written by something else: where it stands is not guessed.
    const training = specification(trainingRules, world).given(held('training.held', { title: '培训', trainees: 3 })).state.acts[0];
    expect(() => meetingRules.standingAfter(NOT_STANDING, training as CaseAct)).toThrow(/training.held moves no case/);
  });

  test('deliveries come in parts, sites are checked daily', () => {
    // A delivery may go in several parts, a site is checked day after day.
    const parts = held('delivery.made', { place: '图书馆', medium: 'paper', items: 2 });
    specification(deliveryRules, world)
      .given(parts, { ...parts, id: 'second' })
      .when({ ...parts, id: 'third' })
      .accepted();
    const checked = held('site.checked', { finding: 'ok' });
    specification(siteRules, world)
      .given(checked, { ...checked, id: 'second' })
      .when({ ...checked, id: 'third' })
      .accepted();
  });

  test('an interpretation may name an existing case', () => {
    // An interpretation may name a case of the agency that exists.
    const of = held('interpretation.published', { title: '解读', of: 'publication/1' });
    specification(interpretationRules, world).when(of).refused('wrong-reference', { reference: 'publication/1' });
    specification(interpretationRules, { ...world, existingCases: ['publication/1'] })
      .when(of)
      .accepted();
  });
});
