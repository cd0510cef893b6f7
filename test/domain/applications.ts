/**
 * Acts of one application, short enough to read a history at a glance. Days are of 2017 where no year is given, so the
 * text of 2008 holds.
 */
import { applicationRules } from '../../src/domain/application/rules.js';
import type { Application } from '../../src/domain/application/state.js';
import { does, specification, standardAgency, unreviewedAgency, type Doing, type Given, type World } from '../support/given-when-then.js';
import { FIRST_VERSION as V1, on } from './items.js';

type More = Record<string, unknown>;

/** With the chain office → regulations → deputy leader. */
export const application = (world: World = {}): Given<Application> =>
  specification(applicationRules, { agency: standardAgency(), ...world });

/** With a chain that is explicitly empty. */
export const unreviewed = (world: World = {}): Given<Application> => application({ agency: unreviewedAgency(), ...world });

/** Monday 2017-03-06: the 15th working day after it is Monday 03-27, the 30th Tuesday 04-18. */
export const receive = (moment = '03-06', more: More = {}, id = 'receipt'): Doing =>
  does(
    'clerk',
    'application.received',
    on(moment),
    { channel: 'letter', applicant: { kind: 'business' }, request: '公开文件', ...more },
    { id },
  );

const act =
  (type: string, actor: string) =>
  (moment: string, data: More = {}, id = type): Doing =>
    does(actor, `application.${type}`, on(moment), data, { id });

export const askSupplement = act('supplement-requested', 'clerk');
export const supplement = act('supplemented', 'clerk');

export const consult = (moment: string, party?: string, id = `consultation-${party ?? 'any'}`): Doing =>
  does('clerk', 'application.third-party-consulted', on(moment), party === undefined ? {} : { party }, { id });

export const answer = (moment: string, party?: string, id = `answer-${party ?? 'any'}`): Doing =>
  does('clerk', 'application.third-party-answered', on(moment), { answer: 'agreed', ...(party === undefined ? {} : { party }) }, { id });

export const extend = (moment: string, days = 15, more: More = {}, id = 'extension'): Doing =>
  does('clerk', 'application.extended', on(moment), { days, reason: '案情复杂', approvedBy: 'leader', ...more }, { id });

export const GRANTED = { outcome: 'granted', contentHash: V1 };

export const draft = (moment: string, what: More = GRANTED, id = 'draft', actor = 'drafter'): Doing =>
  does(actor, 'application.reply-drafted', on(moment), what, { id });

export const revise = (moment: string, what: More, id = 'revision', actor = 'drafter'): Doing =>
  does(actor, 'application.reply-revised', on(moment), what, { id });

export const clear = (
  moment: string,
  actor: string,
  step: string,
  { verdict = 'passed', contentHash = V1, id = `${step}-${verdict}` }: { verdict?: string; contentHash?: string; id?: string } = {},
): Doing => does(actor, 'application.cleared', on(moment), { step, verdict, contentHash }, { id });

export const approve = (moment: string, contentHash = V1, actor = 'leader', id = 'approval'): Doing =>
  does(actor, 'application.approved', on(moment), { contentHash }, { id });

export const reply = (moment: string, what: More = GRANTED, id = 'reply'): Doing =>
  does('editor', 'application.replied', on(moment), what, { id });

export const remake = (moment: string, orderedBy: string, what: More = GRANTED, id = 'remade'): Doing =>
  does('editor', 'application.reply-remade', on(moment), { orderedBy, ...what }, { id });

export const abandon = (moment: string, reason = 'not-supplemented'): Doing =>
  does('clerk', 'application.abandoned', on(moment), { reason }, { id: 'abandonment' });

export const withdraw = (moment: string): Doing => does('clerk', 'application.withdrawn', on(moment), {}, { id: 'withdrawal' });

export const charge = (moment: string, amountFen = 1000): Doing =>
  does('clerk', 'application.fee-charged', on(moment), { amountFen, basis: '复印' }, { id: 'fee' });

export const waive = (moment: string): Doing =>
  does('clerk', 'application.fee-waived', on(moment), { amountFen: 500, reason: '低保' }, { id: 'waiver' });

/** Drafted, cleared by both steps and approved on one day; ids end in `mark`. */
export function signed(day: string, what: More = GRANTED, mark = ''): Doing[] {
  const contentHash = what['contentHash'] as string;
  return [
    draft(`${day} 09:00`, what, `draft${mark}`),
    clear(`${day} 10:00`, 'office', 'office', { contentHash, id: `office${mark}` }),
    clear(`${day} 11:00`, 'lawyer', 'regulations', { contentHash, id: `regulations${mark}` }),
    approve(`${day} 12:00`, contentHash, 'leader', `approval${mark}`),
  ];
}

/** A decided remedy about the application, as the recorder finds it. */
export const decided = (name: string, moment: string): NonNullable<World['decisions']>[number] => ({
  case: name,
  at: on(moment),
  instant: Date.parse(on(moment)),
});
