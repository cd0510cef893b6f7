/**
 * Over a log that other processes append to as well, a case that is not at hand is taken for one that has not begun,
 * and the log is asked only where that guess fails. Nobody is refused or told of a repeat on a guess.
 */
import type { EventLog } from '../../src/log/event-log.js';
import { ReadStore } from '../../src/read-models/read-store.js';
import type { MessageRecorder } from '../../src/recording/message-recorder.js';
import type { Receipt } from '../../src/recording/receipts.js';
import { NO_IDENTITY } from '../../src/recording/sender.js';
import { extended, received } from '../support/applications.js';
import { openTestLedger, recorderBeside, type TestLedger } from '../support/ledger.js';
import { AGENCY, at, message, setUp, type Message } from '../support/messages.js';

let ledger: TestLedger;
/** Streams that were read, since it was emptied. */
let read: string[];

beforeEach(async () => {
  ledger = openTestLedger();
  await ledger.send(...setUp());
  await ledger.settled();
  read = [];
});

afterEach(() => ledger.finish());

/**
 * A process that has just begun beside others: the same file, not this process alone that appends. As over
 * EventStoreDB it is told of events that were there already.
 */
function another(store: ReadStore = ledger.store): MessageRecorder {
  const { log, keys } = ledger;
  const shared = Object.create(log, {
    ordered: { value: false },
    append: {
      value: async (...asked: Parameters<EventLog['append']>) => {
        const before = await log.head();
        const appended = await log.append(...asked);
        return appended.position === (await log.head()) && appended.position !== before ? appended : { ...appended, already: true };
      },
    },
    readStream: {
      value: (...asked: Parameters<EventLog['readStream']>) => {
        read.push(asked[0]);
        return log.readStream(...asked);
      },
    },
  }) as EventLog;
  return recorderBeside(ledger, store, { log: shared, keys });
}

const send = (recorder: MessageRecorder, sent: Message): Promise<Receipt> => recorder.recordValue(sent, NO_IDENTITY);
const readsOf = (kind: string): number => read.filter((stream) => stream.startsWith(`${kind}-`)).length;
const meeting = (number: string): Message => message('meeting.held', `meeting/${number}`, at('2017-05-01'), 'clerk', { title: '会议' });

test('a new case is not read', async () => {
  expect(await send(another(), received('1', '2017-03-01'))).toMatchObject({ status: 'recorded', revision: 0 });
  expect(readsOf('application')).toBe(0);
});

test('a case that has begun is read once', async () => {
  await send(another(), received('1', '2017-03-01'));
  const next = await send(another(), extended('1', '2017-03-10', 15));
  expect(next).toMatchObject({ status: 'recorded', revision: 1 });
  expect(readsOf('application')).toBe(1);
});

test('a repeat is told from what is read', async () => {
  const first = received('1', '2017-03-01');
  await send(another(), first);
  expect(await send(another(), first)).toMatchObject({ status: 'duplicate', revision: 0 });
});

test('a repeat of what was voided says so', async () => {
  const first = meeting('1');
  const recorder = another();
  await send(recorder, first);
  const voiding = { message: { id: first.id }, reason: '错', approvedBy: 'leader' };
  expect(await send(recorder, message('record.voided', 'meeting/1', at('2018-06-01'), 'auditor', voiding))).toMatchObject({
    status: 'recorded',
  });
  await ledger.settled();
  const repeat = await send(another(), first);
  expect(repeat).toMatchObject({ status: 'duplicate', voidedBy: expect.any(String) as string });
  expect(repeat).toEqual(await send(recorder, first));
});

test('a void is told where read models lag', async () => {
  // Nothing says that the message was recorded but the append, which finds it there.
  const behind = new ReadStore(':memory:');
  const first = meeting('1');
  const recorder = another();
  await send(recorder, first);
  const voiding = { message: { id: first.id }, reason: '错', approvedBy: 'leader' };
  await send(recorder, message('record.voided', 'meeting/1', at('2018-06-01'), 'auditor', voiding));
  expect(await send(another(behind), first)).toEqual(await send(recorder, first));
  behind.close();
});

test('a second beginning is refused after a look', async () => {
  await send(another(), received('1', '2017-03-01'));
  const again = await send(another(), received('1', '2017-03-05'));
  const known = await send(another(), received('1', '2017-03-05'));
  expect(again.status).toBe('refused');
  expect(again.error?.code).toBe(known.error?.code);
  expect(readsOf('application')).toBeGreaterThan(0);
});

test('two that begin one case both come through', async () => {
  const [a, b] = [another(), another()];
  const [first, second] = await Promise.all([send(a, received('1', '2017-03-01')), send(b, received('1', '2017-03-01'))]);
  expect([first.status, second.status].sort()).toEqual(['recorded', 'refused']);
  expect(await ledger.log.readStream(`application-${AGENCY}/1`, 0, 10)).toHaveLength(1);
});
