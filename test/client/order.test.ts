/** Which message may go when, and how much waits at most. */
import { waitingOf, WaitingMessages } from '../../src/client/waiting-messages.js';
import type { Message } from '../../src/client/emitter.js';
import { check, closeEmitters, openEmitter } from '../support/client-emitter.js';
import { receiptOf, refusalOf, sendJson, smallServer, takesAll, type SmallServer } from '../support/client-server.js';
import { until } from '../support/until.js';

let server: SmallServer;
beforeEach(async () => {
  server = await smallServer();
});
afterEach(async () => {
  await closeEmitters();
  await server.close();
});

const ids = (): string[] => server.asked.flatMap(({ messages }) => messages.map(({ id }) => id));

/** The rounds in which messages go, if each is settled at once; those named are put off in the first. */
function rounds(messages: readonly (Partial<Message> & { readonly id: string })[], putOff: readonly string[] = []): string[][] {
  const waiting = new WaitingMessages();
  const idOf = new Map<number, string>();
  for (const [at, message] of messages.entries()) {
    idOf.set(at, message.id);
    waiting.add(waitingOf(at, JSON.stringify({ agency: 'a', ...message })));
  }
  const found: string[][] = [];
  for (let now = 0; waiting.size > 0; now += 10) {
    const picked = waiting.pick({ messages: 500, bytes: 10_000_000 }, [], now).messages;
    found.push(picked.map(({ number }) => idOf.get(number) ?? ''));
    for (const message of picked) {
      if (now === 0 && putOff.includes(idOf.get(message.number) ?? '')) message.notBefore = 5;
      else waiting.remove(message.number);
    }
  }
  return found;
}

const act = (id: string, subject: string, data: object = {}, type = 'disclosure.meeting.held'): Partial<Message> & { id: string } =>
  ({ id, subject, data, type }) as Partial<Message> & { id: string };

test('one of a case at a time', () => {
  // The service may put off the first of two in a request, and take the second.
  expect(rounds([act('1', 'publication/1'), act('2', 'publication/1'), act('3', 'publication/2')])).toEqual([['1', '3'], ['2']]);
  expect(rounds([act('1', 'publication/1'), act('2', 'publication/1'), act('3', 'publication/2')], ['1'])).toEqual([
    ['1', '3'],
    ['1'],
    ['2'],
  ]);
});

test('the set-up of an agency goes first', () => {
  // Roles, chain and calendar are what its other acts rest on; another agency does not wait.
  const other = { ...act('4', 'meeting/1'), agency: 'b' };
  expect(
    rounds([act('1', 'agency/a'), act('2', 'calendar/2018'), act('3', 'meeting/1'), other, act('5', 'agency/a'), act('6', 'meeting/2')]),
  ).toEqual([['1', '4'], ['2'], ['3'], ['5'], ['6']]);
});

test('a case that is referred to goes first', () => {
  const filed = act('2', 'reconsideration/1', { application: 'application/1' }, 'disclosure.reconsideration.filed');
  expect(rounds([act('1', 'application/1'), filed, act('3', 'application/1'), act('4', 'application/2')])).toEqual([
    ['1', '4'],
    ['2'],
    ['3'],
  ]);
});

test('a child goes behind its parent', () => {
  const child = { ...act('2', 'agency/b', { parent: 'a' }, 'disclosure.agency.registered'), agency: 'b' };
  expect(rounds([act('1', 'agency/a'), child])).toEqual([['1'], ['2']]);
});

test('others pass a case with very many', () => {
  const waiting = new WaitingMessages();
  for (let at = 0; at < 30_000; at += 1) waiting.add(waitingOf(at, JSON.stringify(check('s', at))));
  waiting.add(waitingOf(30_000, JSON.stringify(check('another', 1))));
  expect(waiting.pick({ messages: 500, bytes: 1_000_000 }, ['an-agency site/s'], 0).messages.map(({ number }) => number)).toEqual([30_000]);
});

test('requests have a bound of bytes', () => {
  const waiting = new WaitingMessages();
  for (const at of [1, 2, 3]) waiting.add(waitingOf(at, JSON.stringify(check(`s${at}`, at, 'x'.repeat(400)))));
  expect(waiting.pick({ messages: 500, bytes: 1300 }, [], 0).messages.map(({ number }) => number)).toEqual([1, 2]);
  expect(waiting.pick({ messages: 500, bytes: 1 }, [], 0).messages.map(({ number }) => number)).toEqual([1]);
});

test('a case that is put off holds up itself only', async () => {
  // The first is put off twice, while the second site goes on; then both of the first, in order.
  let times = 0;
  server.answer(({ messages }, response) =>
    sendJson(
      response,
      200,
      messages.map((one) => (one.id === 'a-1' && ++times < 3 ? refusalOf(one, 'conflict') : receiptOf(one))),
    ),
  );
  const { emitter, receipts } = await openEmitter(server.url, { retry: { firstMs: 50, mostMs: 50 } });
  await Promise.all([check('a', 1), check('a', 2), check('b', 1), check('b', 2)].map((message) => emitter.send(message)));
  await emitter.flush();
  expect(receipts.map(({ id }) => id)).toEqual(['b-1', 'b-2', 'a-1', 'a-2']);
  expect(ids().filter((id) => id === 'a-1')).toHaveLength(3);
});

describe('a refusal that holds its case', () => {
  const refuseFirst = (): void =>
    server.answer(({ messages }, response) =>
      sendJson(
        response,
        200,
        messages.map((one) => (one.id === 'a-1' ? refusalOf(one, 'invalid-data') : receiptOf(one))),
      ),
    );

  test('goes on behind what is mended', async () => {
    refuseFirst();
    const { emitter, receipts, outbox } = await openEmitter(server.url, { afterRefusal: 'hold' });
    for (const message of [check('a', 1), check('a', 2), check('b', 1), check('a', 3)]) await emitter.send(message);
    await emitter.flush();
    expect(receipts.map(({ id }) => id).sort()).toEqual(['a-1', 'b-1']);
    expect([emitter.held, emitter.progress.waiting]).toEqual([[{ agency: 'an-agency', subject: 'site/a' }], 2]);
    // Also through a restart.
    await emitter.close();
    const next = await openEmitter(server.url, { afterRefusal: 'hold', outbox });
    await next.emitter.flush();
    expect(next.receipts).toEqual([]);
    await next.emitter.resume({ agency: 'an-agency', subject: 'site/a' }, { ...check('a', 1), id: 'a-1-mended' });
    await next.emitter.flush();
    expect(next.receipts.map(({ id }) => id)).toEqual(['a-1-mended', 'a-2', 'a-3']);
    expect(next.emitter.held).toEqual([]);
    expect(next.emitter.progress).toMatchObject({ waiting: 0, waitingBytes: 0 });
    await next.emitter.close();
    expect((await openEmitter(server.url, { outbox })).emitter.progress.waiting).toBe(0);
  });
});

describe('a bound', () => {
  test('lets senders wait in their order', async () => {
    let answer: (() => void) | undefined;
    server.answer((asked, response) => {
      answer = () => takesAll(asked, response);
    });
    const { emitter } = await openEmitter(server.url, { maxMessages: 2 });
    const done: number[] = [];
    const sends = Array.from({ length: 5 }, (_, n) => emitter.send(check('s', n)).then(() => done.push(n)));
    await until(() => answer);
    expect(done).toEqual([0, 1]);
    server.answer(takesAll);
    answer?.();
    await Promise.all(sends);
    await emitter.flush();
    expect(ids()).toEqual([0, 1, 2, 3, 4].map((n) => `s-${n}`));
  });

  test('of bytes, and one that is larger than it', async () => {
    const { emitter } = await openEmitter(server.url, { maxBytes: 1000 });
    for (const number of [1, 2]) await emitter.send(check('s', number, 'x'.repeat(900)));
    await emitter.flush();
    expect(ids()).toEqual(['s-1', 's-2']);
  });

  test('lets no small one overtake a large one', async () => {
    let answer: (() => void) | undefined;
    server.answer((asked, response) => {
      answer = () => takesAll(asked, response);
    });
    const { emitter } = await openEmitter(server.url, { maxBytes: 2000 });
    await emitter.send(check('s', 1, 'x'.repeat(1000)));
    await until(() => answer);
    const sends = [emitter.send(check('s', 2, 'x'.repeat(1500))), emitter.send(check('s', 3))];
    server.answer(takesAll);
    answer?.();
    await Promise.all(sends);
    await emitter.flush();
    expect(ids()).toEqual(['s-1', 's-2', 's-3']);
  });

  test('turns senders away where they do not wait', async () => {
    server.answer(() => undefined);
    const { emitter } = await openEmitter(server.url, { maxMessages: 1, whenFull: 'reject', timeoutMs: 100 });
    await emitter.send(check('s', 1));
    await expect(emitter.send(check('s', 2))).rejects.toMatchObject({ code: 'outbox-full' });
  });

  test('who waits may give up, or is told of the end', async () => {
    server.answer(() => undefined);
    const { emitter } = await openEmitter(server.url, { maxMessages: 1, timeoutMs: 100 });
    await emitter.send(check('s', 1));
    const [early, late] = [emitter.send(check('s', 2), { signal: AbortSignal.timeout(10) }), emitter.send(check('s', 3))];
    await expect(early).rejects.toMatchObject({ name: 'TimeoutError' });
    const told = expect(late).rejects.toMatchObject({ code: 'closed' });
    await emitter.close();
    await told;
  });
});

test('what can be no message is refused at once', async () => {
  const { emitter } = await openEmitter(server.url);
  await expect(emitter.send(check('s', 1, '字'.repeat(90_000)))).rejects.toMatchObject({ code: 'too-large' });
  await expect(emitter.send({ ...check('s', 1), actor: '' })).rejects.toMatchObject({
    code: 'bad-message',
    message: expect.stringContaining('actor') as unknown,
  });
  const { emitter: nameless } = await openEmitter(server.url, { source: undefined });
  await expect(nameless.send(check('s', 1))).rejects.toMatchObject({
    code: 'bad-message',
    message: expect.stringContaining('source') as unknown,
  });
  expect(server.asked).toEqual([]);
});

test('progress is told', async () => {
  const told: string[] = [];
  const { emitter } = await openEmitter(server.url, { onProgress: ({ waiting, delivered }) => void told.push(`${waiting} ${delivered}`) });
  await emitter.send(check('s', 1));
  await emitter.flush();
  expect(told).toEqual(['1 0', '0 1']);
});
