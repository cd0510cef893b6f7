/** What the client makes of the answers of a service: a small server gives them, right and wrong ones. */
import type { Retry } from '../../src/client/emitter.js';
import { check, closeEmitters, openEmitter, refusedIn } from '../support/client-emitter.js';
import {
  inTurn,
  problem,
  receiptOf,
  refusalOf,
  sendJson,
  smallServer,
  takesAll,
  type Answering,
  type SmallServer,
} from '../support/client-server.js';
import { until } from '../support/until.js';

let server: SmallServer;
beforeEach(async () => {
  server = await smallServer();
});
afterEach(async () => {
  await closeEmitters();
  await server.close();
});

const ids = (): string[][] => server.asked.map(({ messages }) => messages.map(({ id }) => id));

test('messages go in batches with their names', async () => {
  const { emitter, receipts } = await openEmitter(server.url);
  const names = await Promise.all(Array.from({ length: 1200 }, (_, n) => emitter.send({ ...check(`s${n}`, 1), id: undefined })));
  await emitter.flush();
  expect(new Set(names.map(({ id }) => id)).size).toBe(1200);
  expect(names[0]).toMatchObject({ source: '/office' });
  expect(ids().flat()).toEqual(names.map(({ id }) => id));
  expect(Math.max(...ids().map((batch) => batch.length))).toBe(500);
  expect(receipts).toHaveLength(1200);
  expect(server.asked[0]?.request.headers['content-type']).toBe('application/cloudevents-batch+json');
  expect(emitter.progress).toEqual({ waiting: 0, waitingBytes: 0, delivered: 1200, refused: 0 });
});

/** Each answer once, then one that takes all. Nothing is said of a message by any of them. */
const passing: readonly (readonly [string, Answering, Partial<Retry>])[] = [
  ['429', problem(429, 'too-many-requests'), { status: 429, code: 'too-many-requests' }],
  ['503', problem(503, 'store-unavailable'), { status: 503, code: 'store-unavailable' }],
  ['408', problem(408, 'timeout'), { status: 408 }],
  ['401', problem(401, 'bad-token'), { status: 401, code: 'bad-token' }],
  ['403', problem(403, 'not-permitted'), { status: 403, code: 'not-permitted' }],
  ['404', problem(404, 'not-found'), { status: 404 }],
  ['500 of a proxy', (_, response) => void response.writeHead(500).end('<html>'), { status: 500, code: 'http-500' }],
  ['400 of a proxy', (_, response) => void response.writeHead(400, { 'content-type': 'text/html' }).end('<html>'), { status: 400 }],
  ['400 of a gateway', (_, response) => sendJson(response, 400, { code: 'bad' }, { 'content-type': 'application/json' }), { status: 400 }],
  ['a redirect', (_, response) => void response.writeHead(302, { location: '/elsewhere' }).end(), { status: 302 }],
  ['a closed connection', (_, response) => void response.destroy(), { status: null }],
  [
    'half an answer',
    (_, response) => void response.writeHead(200, { 'content-length': '1000' }).write('[{"so', () => response.destroy()),
    { status: null },
  ],
  ['half a JSON', (_, response) => void response.writeHead(200).end('[{"source"'), { code: 'unreadable-answer' }],
  ['no receipts', (_, response) => sendJson(response, 200, []), { code: 'unreadable-answer' }],
  [
    'another receipt',
    ({ messages }, response) =>
      sendJson(
        response,
        200,
        messages.map((one) => receiptOf({ ...one, id: 'x' })),
      ),
    { code: 'unreadable-answer' },
  ],
  [
    'a refusal for a moment',
    ({ messages }, response) =>
      sendJson(
        response,
        200,
        messages.map((one) => refusalOf(one, 'conflict')),
      ),
    { code: 'conflict' },
  ],
  [
    'a store that is away',
    ({ messages }, response) =>
      sendJson(
        response,
        200,
        messages.map((one) => refusalOf(one, 'store-unavailable')),
      ),
    { code: 'store-unavailable' },
  ],
];

test.each(passing)('after %s it is sent again', async (_what, answer, told) => {
  server.answer(inTurn(answer, answer, takesAll));
  const { emitter, receipts, retries } = await openEmitter(server.url);
  await emitter.send(check('s', 1));
  await emitter.flush();
  expect(ids()).toEqual([['s-1'], ['s-1'], ['s-1']]);
  expect(receipts.map(({ status }) => status)).toEqual(['recorded']);
  expect(retries).toEqual([expect.objectContaining({ ...told, failures: 1 }), expect.objectContaining({ ...told, failures: 2 })]);
});

test('a service that hangs is left', async () => {
  server.answer(inTurn(() => undefined, takesAll));
  const { emitter, retries } = await openEmitter(server.url, { timeoutMs: 50 });
  await emitter.send(check('s', 1));
  await emitter.flush();
  expect(ids()).toEqual([['s-1'], ['s-1']]);
  expect(retries).toEqual([expect.objectContaining({ status: null, code: 'timeout' })]);
});

test('Retry-After is waited for', async () => {
  server.answer(inTurn(problem(503, 'overloaded', { 'retry-after': '1' }), takesAll));
  const { emitter, retries } = await openEmitter(server.url);
  const before = Date.now();
  await emitter.send(check('s', 1));
  await emitter.flush();
  expect(Date.now() - before).toBeGreaterThanOrEqual(1000);
  expect(retries[0]?.retryInMs).toBeGreaterThanOrEqual(1000);
});

test('a lost answer is a duplicate later', async () => {
  // Recorded, but nobody heard: the same message again is found recorded, which is delivered.
  server.answer(
    inTurn(
      (_, response) => void response.destroy(),
      ({ messages }, response) =>
        sendJson(
          response,
          200,
          messages.map((one) => receiptOf(one, 'duplicate')),
        ),
    ),
  );
  const { emitter, receipts } = await openEmitter(server.url);
  await emitter.send(check('s', 1));
  await emitter.flush();
  expect(receipts).toEqual([expect.objectContaining({ id: 's-1', status: 'duplicate' })]);
  expect(emitter.progress).toMatchObject({ delivered: 1, refused: 0 });
});

test('what is refused is put aside', async () => {
  // With its receipt; what follows in its case goes on.
  server.answer(({ messages }, response) =>
    sendJson(
      response,
      200,
      messages.map((one) => (one.id === 's-1' ? refusalOf(one, 'invalid-data') : receiptOf(one))),
    ),
  );
  const { emitter, receipts } = await openEmitter(server.url);
  for (const number of [1, 2]) await emitter.send(check('s', number));
  await emitter.flush();
  expect(receipts.map(({ status, error }) => [status, error?.code])).toEqual([
    ['refused', 'invalid-data'],
    ['recorded', undefined],
  ]);
  expect(refusedIn(emitter.refusedFile)).toEqual([
    expect.objectContaining({ number: 1, message: expect.objectContaining({ id: 's-1' }) as unknown, receipt: receipts[0] }),
  ]);
  expect(emitter.progress).toMatchObject({ waiting: 0, delivered: 1, refused: 1 });
});

test('one bad message of a batch is found', async () => {
  // The service turns the whole request away and does not say for which message.
  server.answer((asked, response) =>
    (asked.messages.some(({ id }) => id === 's5-1') ? problem(400, 'malformed') : takesAll)(asked, response),
  );
  const { emitter, receipts } = await openEmitter(server.url);
  await Promise.all(Array.from({ length: 20 }, (_, n) => emitter.send(check(`s${n}`, 1))));
  await emitter.flush();
  expect(receipts.filter(({ status }) => status === 'recorded')).toHaveLength(19);
  expect(refusedIn(emitter.refusedFile).map(({ message, receipt }) => [message.id, receipt.error?.code])).toEqual([['s5-1', 'malformed']]);
});

test('a request too large for a proxy is halved', async () => {
  server.answer((asked, response) => (asked.messages.length > 5 ? void response.writeHead(413).end('<html>') : takesAll(asked, response)));
  const { emitter, receipts, retries } = await openEmitter(server.url);
  await Promise.all(Array.from({ length: 20 }, (_, n) => emitter.send(check(`s${n}`, 1))));
  await emitter.flush();
  expect(receipts.map(({ status }) => status)).toEqual(Array(20).fill('recorded'));
  expect(retries).toEqual([]);
});

test('a token is asked for again', async () => {
  server.answer((asked, response) =>
    (asked.request.headers.authorization === 'Bearer second' ? takesAll : problem(401, 'bad-token'))(asked, response),
  );
  const tokens = ['first', 'second'];
  const { emitter, retries } = await openEmitter(server.url, { token: async () => tokens.shift() ?? 'second' });
  await emitter.send(check('s', 1));
  await emitter.flush();
  expect(server.asked.map(({ request }) => request.headers.authorization)).toEqual(['Bearer first', 'Bearer second']);
  expect(retries).toEqual([]);
});

test('a token that cannot be had is waited for', async () => {
  let asked = 0;
  const token = (): string => {
    asked += 1;
    if (asked < 3) throw new Error('the issuer is away');
    return 'good';
  };
  const { emitter, retries } = await openEmitter(server.url, { token });
  await emitter.send(check('s', 1));
  await emitter.flush();
  expect(retries.map(({ code, message }) => [code, message])).toEqual(Array(2).fill(['token-failed', 'the issuer is away']));
});

test('a receipt that is not taken comes again', async () => {
  const heard: string[] = [];
  const onReceipt = ({ status }: { status: string }): void => {
    heard.push(status);
    if (heard.length === 1) throw new Error('our database is away');
  };
  server.answer(
    inTurn(takesAll, ({ messages }, response) =>
      sendJson(
        response,
        200,
        messages.map((one) => receiptOf(one, 'duplicate')),
      ),
    ),
  );
  const { emitter, retries } = await openEmitter(server.url, { onReceipt });
  await emitter.send(check('s', 1));
  await emitter.flush();
  expect(heard).toEqual(['recorded', 'duplicate']);
  expect(retries).toEqual([expect.objectContaining({ code: 'receipt-not-taken', message: 'our database is away' })]);
});

test('closing waits for the request on its way', async () => {
  let answer: (() => void) | undefined;
  server.answer((asked, response) => {
    answer = () => takesAll(asked, response);
  });
  const { emitter, receipts, outbox } = await openEmitter(server.url);
  await emitter.send(check('s', 1));
  await until(() => answer);
  const closed = emitter.close();
  await expect(emitter.send(check('s', 2))).rejects.toMatchObject({ code: 'closed' });
  answer?.();
  await closed;
  expect(receipts).toHaveLength(1);
  const { emitter: next } = await openEmitter(server.url, { outbox });
  expect(next.progress.waiting).toBe(0);
});

test('an abort gives up the request', async () => {
  server.answer(() => undefined);
  const stop = new AbortController();
  const { emitter, outbox, receipts } = await openEmitter(server.url, { signal: stop.signal });
  await emitter.send(check('s', 1));
  await until(() => server.asked.length > 0);
  const flushed = expect(emitter.flush()).rejects.toMatchObject({ code: 'closed' });
  stop.abort();
  await flushed;
  await emitter.close();
  expect(receipts).toEqual([]);
  server.answer(takesAll);
  const next = await openEmitter(server.url, { outbox });
  await next.emitter.flush();
  expect(next.receipts).toHaveLength(1);
});

test('a flush may be given up', async () => {
  server.answer(() => undefined);
  const { emitter } = await openEmitter(server.url, { timeoutMs: 100 });
  await emitter.send(check('s', 1));
  await expect(emitter.flush({ signal: AbortSignal.timeout(20) })).rejects.toMatchObject({ name: 'TimeoutError' });
});
