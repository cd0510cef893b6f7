/** Too large, too much at once, and a store that does not answer. */
import { rmSync } from 'node:fs';
import type { Receipt } from '../../src/recording/receipts.js';
import { message, setUp } from '../support/messages.js';
import {
  asLines,
  BATCH,
  expectProblem,
  expectRefusal,
  expectRetryAfter,
  NDJSON,
  SINGLE,
  startService,
  type TestService,
} from '../support/service.js';

const KIB = 1024;
const MIB = 1024 * KIB;

let service: TestService;

beforeAll(async () => {
  service = await startService();
  await service.record(...setUp());
});

afterAll(() => service.finish());

const meeting = (number: string, title = '会议'): ReturnType<typeof message> =>
  message('meeting.held', `meeting/${number}`, '2017-03-02T09:00:00+08:00', 'office', { title });

/** The message as JSON of exactly so many bytes, blanks added at its end. */
function padded(sent: unknown, bytes: number): string {
  const text = JSON.stringify(sent);
  return text + ' '.repeat(bytes - Buffer.byteLength(text));
}

describe('a message over 256 KiB', () => {
  test('too-large by a byte, taken at 256 KiB', async () => {
    // Is too-large by one byte, and taken at exactly 256 KiB.
    const sent = meeting('limit');
    const head = await service.head();
    const over = await service.post(padded(sent, 256 * KIB + 1));
    expect(over.status).toBe(422);
    expect(expectRefusal(over.json<Receipt>()).code).toBe('too-large');
    expect(await service.head()).toBe(head);
    expect((await service.post(padded(sent, 256 * KIB))).status).toBe(201);
  });

  test('is measured in bytes, not in characters', async () => {
    const refused = await service.post(meeting('bytes', '政'.repeat(100 * KIB)));
    expect(expectRefusal(refused.json<Receipt>()).code).toBe('too-large');
  });

  test('is refused alone, in every mode', async () => {
    // Such as a title of 2 MB is refused alone: single, in a batch, in NDJSON.
    const large = meeting('large', 'x'.repeat(2_000_000));
    const single = await service.post(large);
    expect(single.status).toBe(422);
    expect(expectRefusal(single.json<Receipt>()).code).toBe('too-large');
    const batch = (await service.post([meeting('beside-1'), large, meeting('beside-2')], BATCH)).json<Receipt[]>();
    expect(batch.map(({ status, error }) => error?.code ?? status)).toEqual(['recorded', 'too-large', 'recorded']);
    const lines = (await service.post(asLines([meeting('beside-3'), large, meeting('beside-4')]), NDJSON)).lines<Receipt>();
    expect(lines.map(({ status, error }) => error?.code ?? status)).toEqual(['recorded', 'too-large', 'recorded']);
  });

  test('is not kept among the refusals', async () => {
    await service.settled();
    const { refusals } = (await service.get('/v1/refusals')).json<{ refusals: { error: { code: string } }[] }>();
    expect(refusals.filter(({ error }) => error.code === 'too-large')).toEqual([]);
  });

  test('a long title is invalid-data, not too-large', async () => {
    // A title over its own limit is invalid-data, not too-large.
    const answer = await service.post(meeting('title', 'x'.repeat(1001)));
    expect(expectRefusal(answer.json<Receipt>()).code).toBe('invalid-data');
  });
});

describe('a body over 16 MiB', () => {
  test.each([[SINGLE], [BATCH], [NDJSON]])('%s is answered 413, nothing decided', async (type) => {
    // Of … is answered 413 and nothing is decided.
    const first = asLines([meeting(`body-${type.length}`)]);
    const head = await service.head();
    expectProblem(await service.post(Buffer.concat([Buffer.from(first), Buffer.alloc(16 * MIB, ' ')]), type), 413, 'too-large');
    expect(await service.head()).toBe(head);
  });

  test('of exactly 16 MiB is read', async () => {
    const first = Buffer.from(asLines([meeting('exactly')]));
    const answer = await service.post(Buffer.concat([first, Buffer.alloc(16 * MIB - first.length, ' ')]), NDJSON);
    expect([answer.status, answer.lines<Receipt>().map(({ status }) => status)]).toEqual([200, ['recorded']]);
  });
});

describe('a store that does not answer', () => {
  test('is 503 per message, nothing is kept', async () => {
    // Is 503 with a receipt for each message, nothing is kept, and the same message again is recorded later.
    const broken = await startService();
    await broken.record(...setUp());
    await broken.settled();
    const head = await broken.head();
    await broken.runtime.log.close();
    const sent = meeting('later');
    const single = await broken.post(sent);
    expect(single.status).toBe(503);
    expectRetryAfter(single);
    expect(single.json()).toMatchObject({ source: sent.source, id: sent.id });
    expect(expectRefusal(single.json<Receipt>()).code).toBe('store-unavailable');
    const lines = await broken.post(asLines([sent, meeting('later-2')]), NDJSON);
    expect(lines.status).toBe(200);
    expect(lines.lines<Receipt>().map((receipt) => expectRefusal(receipt).code)).toEqual(['store-unavailable', 'store-unavailable']);
    expectProblem(await broken.get('/v1/events'), 503, 'store-unavailable');
    expect((await broken.get('/health/live')).status).toBe(200);
    expect((await broken.get('/health/ready')).status).toBe(503);
    await broken.stop();
    const reopened = await startService({ folder: broken.folder });
    try {
      expect(await reopened.head()).toBe(head);
      expect((await reopened.get('/v1/refusals')).json()).toEqual({ refusals: [], next: null });
      expect((await reopened.post(sent)).status).toBe(201);
    } finally {
      await reopened.finish();
      rmSync(broken.folder, { recursive: true, force: true });
    }
  });
});
