/**
 * Messages for tests: an agency with a chain and role holders, and what happens to its cases. Every one goes through
 * the ordinary door.
 */
import { createHash } from 'node:crypto';

export interface Message {
  readonly specversion: '1.0';
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject: string;
  readonly time: string;
  readonly agency: string;
  readonly actor: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

export const AGENCY = 'test-agency';
export const SOURCE = '/test';

export function hashOf(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

let serial = 0;

/** A message with an id of its own unless one is given. `type` without its prefix. */
export function message(
  type: string,
  subject: string,
  time: string,
  actor: string,
  data: Record<string, unknown> = {},
  more: Partial<Message> = {},
): Message {
  serial += 1;
  return {
    specversion: '1.0',
    id: `m-${serial}`,
    source: SOURCE,
    type: `disclosure.${type}`,
    subject,
    time,
    agency: AGENCY,
    actor,
    data,
    ...more,
  };
}

/** An agency that is registered on 2010-01-01 under its code as name, by `root`. */
export function registered(code: string, data: Record<string, unknown> = {}): Message {
  const said = { name: code, administrator: 'root', ...data };
  return message('agency.registered', `agency/${code}`, '2010-01-01T09:00:00+08:00', 'root', said, { agency: code });
}

/**
 * Registered on 2010-01-01 by `root`, with the chain office → regulations and an approver, each role held by one
 * person.
 */
export function setUp(agency = AGENCY, options: { readonly chain?: boolean } = {}): Message[] {
  const subject = `agency/${agency}`;
  const more = { agency };
  const act = (type: string, time: string, data: Record<string, unknown>): Message => message(type, subject, time, 'root', data, more);
  return [
    act('agency.registered', '2010-01-01T09:00:00+08:00', { name: '某县商务局', administrator: 'root' }),
    act('agency.role-assigned', '2010-01-01T10:00:00+08:00', { actor: 'second-root', role: 'administrator' }),
    act('agency.role-assigned', '2010-01-01T10:00:00+08:00', { actor: 'office', role: 'office-reviewer' }),
    act('agency.role-assigned', '2010-01-01T10:00:00+08:00', { actor: 'lawyer', role: 'regulations-reviewer' }),
    act('agency.role-assigned', '2010-01-01T10:00:00+08:00', { actor: 'leader', role: 'deputy-leader' }),
    ...(options.chain === false
      ? [act('agency.clearance-chain-set', '2010-01-02T09:00:00+08:00', { steps: [] })]
      : [
          act('agency.clearance-chain-set', '2010-01-02T09:00:00+08:00', {
            steps: [
              { step: 'office', role: 'office-reviewer', unit: '办公室' },
              { step: 'regulations', role: 'regulations-reviewer', unit: '综合法规科' },
            ],
            approver: { role: 'deputy-leader', unit: '分管领导' },
          }),
        ]),
  ];
}

/** A day at an hour in Asia/Shanghai. */
export function at(day: string, hour = 9): string {
  return `${day}T${String(hour).padStart(2, '0')}:00:00+08:00`;
}

/** Draft, both clearances and the approval of an item on one day. */
export function approvedItem(number: string, day: string, draft: Record<string, unknown> = {}): Message[] {
  const subject = `publication/${number}`;
  const contentHash = (draft['contentHash'] as string | undefined) ?? hashOf(number);
  return [
    message('publication.drafted', subject, at(day, 9), 'drafter', { title: `信息 ${number}`, contentHash, ...draft }),
    message('publication.cleared', subject, at(day, 10), 'office', { step: 'office', verdict: 'passed', contentHash }),
    message('publication.cleared', subject, at(day, 11), 'lawyer', { step: 'regulations', verdict: 'passed', contentHash }),
    message('publication.approved', subject, at(day, 12), 'leader', { contentHash }),
  ];
}

export function released(number: string, day: string, channel: string, contentHash = hashOf(number)): Message {
  return message('publication.released', `publication/${number}`, at(day, 15), 'editor', { channel, contentHash });
}
