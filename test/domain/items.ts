/** Acts of one publication, short enough to read a history at a glance. Days are of 2017, written `MM-DD`. */
import { publicationRules } from '../../src/domain/publication/rules.js';
import type { Publication } from '../../src/domain/publication/state.js';
import { does, specification, standardAgency, type Doing, type Given, type World } from '../support/given-when-then.js';
import { hashOf } from '../support/messages.js';

/** `03-02` or `03-02 14:30`, in Shanghai. */
export function on(moment: string): string {
  const [day = '', time = '09:00'] = moment.split(' ');
  return `${day.length === 5 ? '2017-' : ''}${day}T${time}:00+08:00`;
}

const V1 = hashOf('v1');
export const V2 = hashOf('v2');
export const V3 = hashOf('v3');
export const FIRST_VERSION = V1;

type More = Record<string, unknown>;

export const draft = (moment: string, more: More = {}, actor = 'drafter'): Doing =>
  does(actor, 'publication.drafted', on(moment), { title: '信息', contentHash: V1, ...more }, { id: 'draft' });

export const revise = (moment: string, contentHash = V2, actor = 'drafter', id = 'revision'): Doing =>
  does(actor, 'publication.revised', on(moment), { contentHash }, { id });

export const clear = (
  moment: string,
  actor: string,
  step: string,
  more: { verdict?: string; contentHash?: string; id?: string } = {},
): Doing =>
  does(
    actor,
    'publication.cleared',
    on(moment),
    { step, verdict: more.verdict ?? 'passed', contentHash: more.contentHash ?? V1 },
    { id: more.id ?? `${step}-${more.verdict ?? 'passed'}` },
  );

export const approve = (moment: string, more: More = {}, actor = 'leader', id = 'approval'): Doing =>
  does(actor, 'publication.approved', on(moment), { contentHash: V1, ...more }, { id });

export const reject = (moment: string): Doing =>
  does('leader', 'publication.rejected', on(moment), { reason: '不宜公开' }, { id: 'rejection' });

export const release = (moment: string, channel = 'website', contentHash = V1): Doing =>
  does('editor', 'publication.released', on(moment), { channel, contentHash }, { id: `release-${channel}` });

export const check = (moment: string): Doing => does('checker', 'publication.checked', on(moment), { finding: 'ok' }, { id: 'check' });

export const correct = (moment: string, contentHash = V2, id = 'correction'): Doing =>
  does('editor', 'publication.corrected', on(moment), { contentHash, reason: '错字' }, { id });

export const withdraw = (moment: string, channel?: string): Doing =>
  does(
    'editor',
    'publication.withdrawn',
    on(moment),
    { reason: '失效', ...(channel === undefined ? {} : { channel }) },
    { id: `withdrawal-${channel ?? 'all'}` },
  );

/** A void by the clerk, said to be approved by the second deputy leader. */
export const voided = (id: string, moment: string, approvedBy = 'leader-2', actor = 'clerk'): Doing =>
  does(actor, 'record.voided', on(moment), { message: { id }, reason: '录入错误', approvedBy }, { id: `void-${id}`, voids: id });

export const item = (world: World = { agency: standardAgency() }): Given<Publication> => specification(publicationRules, world);

/** Drafted, cleared by both steps and approved on 2017-03-01. */
export const SIGNED: readonly Doing[] = [
  draft('03-01 09:00'),
  clear('03-01 10:00', 'office', 'office'),
  clear('03-01 11:00', 'lawyer', 'regulations'),
  approve('03-01 12:00'),
];

/** The second round of an item: revised, cleared and approved on 2017-04-01. */
export const SIGNED_AGAIN: readonly Doing[] = [
  revise('04-01 09:00'),
  clear('04-01 10:00', 'office', 'office', { contentHash: V2, id: 'office-again' }),
  clear('04-01 11:00', 'lawyer', 'regulations', { contentHash: V2, id: 'regulations-again' }),
  approve('04-01 12:00', { contentHash: V2 }, 'leader', 'approval-again'),
];

export const approvedItem = (world?: World): Given<Publication> => item(world).given(...SIGNED);
