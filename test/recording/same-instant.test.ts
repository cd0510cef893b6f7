/**
 * What a repeat of a message is: the same content, the instant of `time` written in any way, over an ordered and over a
 * shared log, before and after a restart. And what is said of an id that was recorded with other content: which
 * attributes differ, to its own agency only.
 */
import canonicalize from 'canonicalize';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatInstant } from '../../src/time/instant.js';
import { NO_IDENTITY } from '../../src/recording/sender.js';
import type { MessageRecorder } from '../../src/recording/message-recorder.js';
import type { Receipt } from '../../src/recording/receipts.js';
import { received } from '../support/applications.js';
import { record } from '../support/histories.js';
import { openTestLedger, recorderBeside, type TestLedger } from '../support/ledger.js';
import { AGENCY, approvedItem, at, hashOf, message, setUp, type Message } from '../support/messages.js';

let ledger: TestLedger;

beforeAll(async () => {
  ledger = openTestLedger();
  await record(ledger, [...setUp(), ...setUp('other-agency')]);
});

afterAll(() => ledger.finish());

/** As a process that begins now; over a log that others write too where `ordered` is false. */
function beside(ordered: boolean): MessageRecorder {
  const log = new Proxy(ledger.log, {
    get: (target, name) => {
      const value: unknown = name === 'ordered' ? ordered : Reflect.get(target, name, target);
      return typeof value === 'function' ? (value as () => unknown).bind(target) : value;
    },
  });
  return recorderBeside(ledger, ledger.store, { log, keys: ledger.keys });
}

/** Asked of the process that recorded it, of one that has just begun, and of a replica. */
async function everywhere(sent: unknown): Promise<Receipt[]> {
  await ledger.settled();
  const receipts = await ledger.send(sent);
  for (const ordered of [true, false]) receipts.push(await beside(ordered).recordValue(sent, NO_IDENTITY));
  return receipts;
}

/** The same instant in other notations. */
function notations(time: string): string[] {
  const instant = Date.parse(time);
  const zulu = new Date(instant).toISOString();
  const shanghai = formatInstant(instant);
  const [whole = ''] = shanghai.split('.');
  return [
    zulu,
    zulu.replace('.000Z', 'Z'),
    zulu.toLowerCase(),
    zulu.replace('Z', '000+00:00'),
    zulu.replace('Z', '-00:00'),
    shanghai,
    `${whole}.000000000+08:00`,
    new Date(instant - 5 * 3600_000).toISOString().replace('Z', '-05:00'),
    new Date(instant + 5.5 * 3600_000).toISOString().replace('Z', '+05:30'),
  ];
}

const meeting = (number: string, more: Partial<Message> = {}): Message =>
  message('meeting.held', `meeting/${number}`, at('2017-03-02'), 'office', { title: `会议 ${number}` }, more);

// The same instant in another notation is the same content.
describe('another notation of an instant is the same', () => {
  test.each<[string, () => Message[]]>([
    ['a meeting', () => [meeting('same')]],
    ['an application, digested under a key', () => [received('same', '2017-03-02', { request: '公开某项信息' })]],
    ['a publication with its sign-off', () => approvedItem('same', '2017-03-02')],
    [
      'an act of the agency',
      () => [message('agency.role-assigned', `agency/${AGENCY}`, at('2017-03-02'), 'root', { actor: 'x', role: 'r' })],
    ],
  ])('%s', async (_what, messages) => {
    for (const sent of messages()) {
      const [first] = await ledger.send(sent);
      expect(first).toMatchObject({ status: 'recorded' });
      for (const time of notations(sent.time)) {
        const expected = { ...first, status: 'duplicate' };
        expect([time, ...(await everywhere({ ...sent, time }))]).toEqual([time, expected, expected, expected]);
      }
    }
  });

  test('while the first is on its way too', async () => {
    // Also while the first is still on its way.
    const sent = meeting('on-its-way');
    const receipts = await Promise.all(
      [sent.time, ...notations(sent.time)].map((time) => ledger.recorder.recordValue({ ...sent, time }, NO_IDENTITY)),
    );
    expect(receipts.map(({ status }) => status)).toEqual(['recorded', ...notations(sent.time).map(() => 'duplicate')]);
  });

  test('fractions count to the last digit', async () => {
    // With a fraction beyond milliseconds too, and only to the last digit.
    const sent = meeting('fraction', { time: '2017-03-02T09:00:00.1234567+08:00' });
    await record(ledger, [sent]);
    const sentAt = async (time: string): Promise<string> => {
      const [receipt] = await ledger.send({ ...sent, time });
      return receipt?.error?.code ?? String(receipt?.status);
    };
    expect(await sentAt('2017-03-02T01:00:00.123456700Z')).toBe('duplicate');
    expect(await sentAt('2017-03-02T01:00:00.1234568Z')).toBe('id-reused');
    expect(await sentAt('2017-03-02T01:00:00.123Z')).toBe('id-reused');
  });

  test('the digest is of the stored time', async () => {
    // The digest is that of the stored time: what was recorded is what RFC 8785 gives of the message.
    const sent = meeting('digest', { time: '2017-03-02T01:00:00z' });
    await record(ledger, [sent]);
    const stored = (await ledger.log.readStream(`meeting-${AGENCY}/digest`, 0, 1))[0];
    const { type, subject, time, agency, actor, data } = sent;
    expect(stored?.metadata['digest']).toBe(hashOf(canonicalize({ type, subject, time, agency, actor, data }) as string));
  });

  test('a year in other notations is all duplicates', async () => {
    // A year of messages, sent again with every time in another notation, is duplicates and no event more.
    const lines = readFileSync(join(__dirname, '../../examples/jinxiang-commerce-2017.ndjson'), 'utf8').trimEnd().split('\n');
    const messages = lines.map((line) => JSON.parse(line) as Message);
    const first = await Promise.all(messages.map((sent) => ledger.recorder.recordValue(sent, NO_IDENTITY)));
    expect(new Set(first.map(({ status }) => status))).toEqual(new Set(['recorded']));
    const head = await ledger.log.head();
    const fresh = beside(true);
    for (const [place, sent] of messages.entries()) {
      const time = notations(sent.time)[place % 9] as string;
      expect(await fresh.recordValue({ ...sent, time }, NO_IDENTITY)).toEqual({ ...first[place], status: 'duplicate' });
    }
    expect(await ledger.log.head()).toBe(head);
  });
});

describe('an id recorded with other content', () => {
  const training = { type: 'disclosure.training.held', subject: 'training/differs', data: { title: '会议 differs', trainees: 1 } };
  test.each<[string, Partial<Message>, readonly string[]]>([
    ['another actor', { actor: 'lawyer' }, ['actor']],
    ['another time', { time: at('2017-03-03') }, ['time']],
    ['other data', { data: { title: 'another title' } }, ['data']],
    ['another case', { subject: 'meeting/differs-elsewhere' }, ['subject']],
    ['another type', training, ['type', 'subject', 'data']],
    ['everything else', { ...training, actor: 'lawyer', time: at('2017-03-03') }, ['type', 'subject', 'time', 'actor', 'data']],
  ])('%s: differing attributes are named', async (what, change, fields) => {
    // The attributes that differ are named, no path in data.
    const sent = meeting('differs', { id: `differs-${what}` });
    const first = { ...sent, subject: `meeting/differs-${hashOf(what).slice(7, 15)}`, data: sent.data };
    const [recorded] = await ledger.send(first);
    const other = { ...first, ...change };
    if (change.data === undefined && change.type === undefined) other.data = first.data;
    const details = { fields, stream: recorded?.stream, revision: recorded?.revision };
    for (const { status, error } of await everywhere(other)) {
      expect({ status, code: error?.code, details: error?.details }).toEqual({ status: 'refused', code: 'id-reused', details });
    }
  });

  test('sealed data are compared opened', async () => {
    const sent = received('differs-sealed', '2017-03-02', { request: '公开某项信息' });
    await record(ledger, [sent]);
    const changed = { ...sent, data: { ...sent.data, request: '公开另一项信息' } };
    for (const { error } of await everywhere(changed)) expect(error?.details?.['fields']).toEqual(['data']);
    for (const { error } of await everywhere({ ...sent, actor: 'another' })) expect(error?.details?.['fields']).toEqual(['actor']);
  });

  test('of an erased case only clear differences show', async () => {
    // Of an erased case, where the texts are gone, only what is clear is named as different.
    const sent = received('erased', '2017-03-02', { request: '公开某项信息' });
    const act = (type: string, day: string, actor: string, data: Record<string, unknown>): Message =>
      message(type, sent.subject, at(day), actor, data);
    await record(ledger, [
      sent,
      act('application.withdrawn', '2017-03-03', 'clerk', {}),
      act('record.erased', '2018-03-03', 'auditor', { reason: '保存期限已满', approvedBy: 'leader' }),
    ]);
    const elsewhere = { ...sent, subject: 'application/erased-2' };
    for (const { error } of await everywhere(elsewhere)) expect(error?.details?.['fields']).toEqual(['subject']);
    const clear = { ...elsewhere, data: { ...sent.data, channel: 'fax' } };
    for (const { error } of await everywhere(clear)) expect(error?.details?.['fields']).toEqual(['subject', 'data']);
  });

  test('another agency learns only that it is taken', async () => {
    // Of another agency nothing is told but that the id is taken.
    const sent = meeting('of-one-agency');
    await record(ledger, [sent]);
    const other = { ...sent, agency: 'other-agency' };
    for (const { error, stream } of await everywhere(other)) {
      expect([error?.code, stream, Object.keys(error ?? {}).sort()]).toEqual(['id-reused', null, ['code', 'hint', 'message']]);
    }
  });
});
