/** Bodies: charsets, content codings, bounds; names given twice and rounded numbers, alone, in arrays and in lines. */
import { readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import type { Receipt } from '../../src/recording/receipts.js';
import { SLICE_MESSAGES } from '../../src/intake/json/slices.js';
import { setUp } from '../support/messages.js';
import { turnsOf } from '../support/turns.js';
import { good, of, raw } from '../support/refused.js';
import {
  asLines,
  BATCH,
  expectProblem,
  expectRefusal,
  NDJSON,
  SINGLE,
  startService,
  type Answer,
  type TestService,
} from '../support/service.js';

const MIB = 1024 * 1024;

let service: TestService;

beforeAll(async () => {
  service = await startService();
  await service.record(...setUp());
});

afterAll(() => service.finish());

const posted = (payload: Buffer | string, headers: Record<string, string>): Promise<Answer> =>
  service.request({ method: 'POST', url: '/v1/events', headers: { 'content-type': SINGLE, ...headers }, payload });

/** Nothing is decided, and nothing kept. */
async function untouched(ask: () => Promise<unknown>): Promise<void> {
  const head = await service.head();
  await ask();
  expect(await service.head()).toBe(head);
}

describe('charset', () => {
  test.each(['utf-8', 'UTF-8', '"utf-8"', '"UTF\\-8"', 'utf8', 'Utf-8; x=y', 'utf-8;'])('%s is UTF-8', async (charset) => {
    expect((await posted(JSON.stringify(good()), { 'content-type': `${SINGLE};charset=${charset}` })).status).toBe(201);
  });

  const OTHER = ['gbk', 'GB18030', '"gb2312"', 'big5', 'iso-8859-1', 'us-ascii', 'utf-16', 'utf-16le', 'utf-7', 'utf-8; charset=gbk', '""'];
  test.each([...OTHER, 'utf-8x', '', '"utf-8', 'utf-8 gbk'])('%s is another', async (charset) => {
    for (const [type, body] of [
      [SINGLE, JSON.stringify(good())],
      [BATCH, JSON.stringify([good()])],
      [NDJSON, asLines([good()])],
    ] as const)
      await untouched(async () =>
        expectProblem(await posted(body, { 'content-type': `${type}; Charset=${charset}` }), 415, 'unsupported-media-type'),
      );
  });

  test('a body asking for sealed texts too', async () => {
    // Of a body that asks for sealed texts too.
    const answer = await service.request({
      method: 'POST',
      url: '/v1/agencies/test-agency/cases/application/1/personal-data',
      headers: { 'content-type': 'application/json; charset=gbk' },
      payload: '{"actor":"leader","reason":"r"}',
    });
    expectProblem(answer, 415, 'unsupported-media-type');
  });

  test('who asks for sealed texts is named once', async () => {
    const answer = await service.request({
      method: 'POST',
      url: '/v1/agencies/test-agency/cases/application/1/personal-data',
      headers: { 'content-type': 'application/json' },
      payload: '{"actor":"somebody","act\\u006fr":"leader","reason":"r"}',
    });
    expect(expectProblem(answer, 400, 'bad-parameter').detail).toContain('gives each name once');
  });

  test('GBK is refused, by charset or as malformed', async () => {
    // A text in GBK that is UTF-8 by chance is refused with its charset, one that is not is malformed.
    const sent = JSON.stringify(good(undefined, { data: { title: '@' } }));
    const gbk = (bytes: number[]): Buffer =>
      Buffer.concat([Buffer.from(sent.slice(0, sent.indexOf('@'))), Buffer.from(bytes), Buffer.from(sent.slice(sent.indexOf('@') + 1))]);
    // 联通 in GBK reads as other letters in UTF-8; 政府 in GBK is no UTF-8.
    await untouched(async () =>
      expectProblem(
        await posted(gbk([0xc1, 0xaa, 0xcd, 0xa8]), { 'content-type': `${SINGLE}; charset=gbk` }),
        415,
        'unsupported-media-type',
      ),
    );
    await untouched(async () => expectProblem(await posted(gbk([0xd5, 0xfe, 0xb8, 0xae]), {}), 400, 'malformed'));
  });
});

describe('content coding', () => {
  const gzip = { 'content-encoding': 'gzip' };

  test('gzip and identity are read everywhere', async () => {
    // Gzip and identity are read: one message, a batch, lines.
    expect((await posted(gzipSync(JSON.stringify(good())), gzip)).status).toBe(201);
    expect((await posted(gzipSync(JSON.stringify(good())), { 'content-encoding': 'GZIP' })).status).toBe(201);
    expect((await posted(JSON.stringify(good()), { 'content-encoding': 'identity' })).status).toBe(201);
    const batch = await posted(gzipSync(JSON.stringify([good(), good()])), { ...gzip, 'content-type': BATCH });
    expect(batch.json<Receipt[]>().map(({ status }) => status)).toEqual(['recorded', 'recorded']);
    const lines = await posted(gzipSync(asLines([good(), good()])), { ...gzip, 'content-type': NDJSON });
    expect(lines.lines<Receipt>().map(({ status }) => status)).toEqual(['recorded', 'recorded']);
  });

  test('several gzip members are one body', async () => {
    const text = JSON.stringify(good());
    expect((await posted(Buffer.concat([gzipSync(text.slice(0, 40)), gzipSync(text.slice(40))]), gzip)).status).toBe(201);
  });

  test.each<[string, Buffer]>([
    ['br', brotliCompressSync('x')],
    ['deflate', deflateSync('x')],
    ['gzip, gzip', gzipSync(gzipSync('x'))],
    ['gzip, identity', gzipSync('x')],
    ['x-gzip', gzipSync('x')],
    ['zstd', Buffer.from('x')],
    ['nonsense', Buffer.from('x')],
  ])('%s is not', async (coding, body) => {
    await untouched(async () => expectProblem(await posted(body, { 'content-encoding': coding }), 415, 'unsupported-media-type'));
  });

  const whole = gzipSync(JSON.stringify(good()));
  const damaged = Buffer.from(whole);
  damaged.writeUInt32LE(0, whole.length - 8);
  test.each<[string, Buffer]>([
    ['no gzip at all', Buffer.from(JSON.stringify(good()))],
    ['cut off', whole.subarray(0, whole.length - 3)],
    ['damaged', damaged],
    ['with something behind it', Buffer.concat([whole, Buffer.from('more')])],
    ['with zeros behind it', Buffer.concat([whole, Buffer.alloc(8)])],
    ['empty', Buffer.alloc(0)],
  ])('gzip that is %s is 400', async (_what, body) => {
    await untouched(async () => expectProblem(await posted(body, gzip), 400, 'malformed'));
  });

  test('16 MiB unpacked pass, more is 413', async () => {
    // 16 MiB unpacked are read; a byte more, and a bomb of 2 GiB, are 413 and never in memory.
    const full = Buffer.concat([Buffer.from(asLines([good()])), Buffer.alloc(16 * MIB, ' ')]).subarray(0, 16 * MIB);
    const read = await posted(gzipSync(full), { ...gzip, 'content-type': NDJSON });
    expect(read.lines<Receipt>().map(({ status }) => status)).toEqual(['recorded']);
    const over = gzipSync(Buffer.concat([full, Buffer.from(' ')]));
    const member = gzipSync(Buffer.alloc(16 * MIB, ' '));
    const bomb = Buffer.concat(Array.from({ length: 128 }, () => member));
    expect(bomb.length).toBeLessThan(4 * MIB);
    const before = process.memoryUsage().rss;
    for (const body of [over, bomb])
      await untouched(async () => expectProblem(await posted(body, { ...gzip, 'content-type': NDJSON }), 413, 'too-large'));
    expect(process.memoryUsage().rss - before).toBeLessThan(512 * MIB);
  });
});

describe('fields of the head that come twice', () => {
  async function sendRaw(headers: readonly [string, string][], body: string): Promise<{ status: number; text: string }> {
    const url = new URL(await address());
    return new Promise((resolve, reject) => {
      const asked = httpRequest(`${url.origin}/v1/events`, { method: 'POST', headers: headers.flat() }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      });
      asked.on('error', reject);
      asked.end(body);
    });
  }
  let listening: Promise<string> | undefined;
  const address = (): Promise<string> => (listening ??= service.listen());

  test.each<[string, [string, string][], number]>([
    ['one content type', [['content-type', SINGLE]], 201],
    [
      'two content types',
      [
        ['content-type', SINGLE],
        ['content-type', `${SINGLE}; charset=gbk`],
      ],
      415,
    ],
    [
      'two codings',
      [
        ['content-type', SINGLE],
        ['content-encoding', 'identity'],
        ['content-encoding', 'gzip'],
      ],
      415,
    ],
  ])('%s', async (_what, headers, status) => {
    const body = JSON.stringify(good());
    const { host } = new URL(await address());
    const answer = await sendRaw([['host', host], ['content-length', String(Buffer.byteLength(body))], ...headers], body);
    expect(answer).toMatchObject({ status });
  });
});

// A name given twice, a number that a double rounds.
describe('a doubled name, a rounded number', () => {
  const flawed: readonly [string, (sent: ReturnType<typeof good>) => string, string][] = [
    ['in data', (sent) => raw({ ...sent, data: '@' }, '{"title":"a","title":"b"}'), 'data.title'],
    ['in another spelling', (sent) => raw({ ...sent, data: '@' }, '{"title":"a","t\\u0069tle":"b"}'), 'data.title'],
    ['of the envelope', (sent) => JSON.stringify(sent).replace('{', '{"time":"2017-03-01T09:00:00+08:00",'), 'time'],
    ['within a list', (sent) => raw({ ...sent, data: '@' }, '{"x":[1,{"a":1,"a":1}]}'), 'data.x[1].a'],
    ['rounded', (sent) => raw({ ...sent, data: '@' }, '{"items":9007199254740993}'), 'data.items'],
    ['beyond any double', (sent) => raw({ ...sent, data: '@' }, '{"x":[1e400]}'), 'data.x[0]'],
  ];

  test.each(flawed)('%s: alone a problem that names the place', async (_what, write, path) => {
    await untouched(async () => {
      const problem = expectProblem(await service.post(write(good())), 400, 'malformed');
      expect(problem.detail.startsWith(`${path} `)).toBe(true);
    });
  });

  test.each(flawed)('%s: in lists a receipt, not kept', async (_what, write, path) => {
    // In an array and in lines a receipt with source and id, not kept.
    for (const inLines of [false, true]) {
      const sent = good();
      const parts = [JSON.stringify(good()), write(sent), JSON.stringify(good())];
      const head = await service.head();
      const answer = inLines ? await service.post(parts.join('\n'), NDJSON) : await service.post(`[${parts.join(',')}]`, BATCH);
      const receipts = inLines ? answer.lines<Receipt>() : answer.json<Receipt[]>();
      expect(receipts.map(({ status }) => status)).toEqual(['recorded', 'refused', 'recorded']);
      const { code, message } = expectRefusal(receipts[1] as Receipt);
      expect([receipts[1]?.source, receipts[1]?.id, code, message.startsWith(`${path} `)]).toEqual([
        sent['source'],
        sent['id'],
        'malformed',
        true,
      ]);
      expect((await service.eventsAfter(head)).map(({ type }) => type)).toEqual(['meeting.held', 'meeting.held']);
    }
  });

  test.each(['id', 'source', 'i\\u0064'])('%s given twice names no message', async (name) => {
    // … given twice: nobody can say which message it is.
    const line = JSON.stringify(good()).replace('{', `{"${name}":"another",`);
    const [receipt] = (await service.post(`${line}\n`, NDJSON)).lines<Receipt>();
    expect([receipt?.source, receipt?.id, receipt?.error?.code]).toEqual([null, null, 'malformed']);
    const [element] = (await service.post(`[${line}]`, BATCH)).json<Receipt[]>();
    expect(element).toEqual(receipt);
  });

  test('exact numbers pass in any notation', async () => {
    // Numbers that are exact however they are written are taken.
    for (const items of ['3', '3.0', '3e0', '30e-1', '0.3E+1', '3.000000000000000000000'])
      expect(
        (
          await service.post(
            raw(of('delivery.made', `delivery/${items.replaceAll('+', '-')}`, { place: '档案馆', medium: 'paper', items: '@' }), items),
          )
        ).status,
      ).toBe(201);
  });

  test('a syntax error in an array decides nothing', async () => {
    const fine = JSON.stringify(good());
    for (const broken of [`[${fine},]`, `[${fine}`, `[${fine},{"a":01}]`, `[${fine}]x`, `[${fine},{"a":"\t"}]`, `[${fine}}`])
      await untouched(async () => expectProblem(await service.post(broken, BATCH), 400, 'malformed'));
    const notUtf8 = Buffer.concat([Buffer.from(`[${fine},"`), Buffer.from([0xc3, 0x28]), Buffer.from('"]')]);
    await untouched(async () => expectProblem(await service.post(notUtf8, BATCH), 400, 'malformed'));
  });

  test('a refused element is kept as written', async () => {
    const sent = good(undefined, { agency: 'nobody' });
    const text = JSON.stringify(sent, null, 2);
    await service.post(`[ ${text} ]`, BATCH);
    await service.settled();
    const { refusals } = (await service.get('/v1/refusals')).json<{ refusals: { refusalId: string; id: string }[] }>();
    const kept = refusals.find(({ id }) => id === sent['id']);
    expect(service.runtime.refusals.message(kept?.refusalId ?? '')).toBe(text);
  });

  test('case file: doubled names are malformed lines', async () => {
    // The file of cases: each line with a doubled name is malformed.
    const lines = readFileSync(join(__dirname, '../fixtures/cases/name-twice.ndjson'));
    const receipts = (await service.post(lines, NDJSON)).lines<Receipt>();
    expect(receipts.map(({ id, status, error }) => [id, error?.code ?? status])).toEqual([
      ['m1', 'recorded'],
      ['m2', 'recorded'],
      ['twice', 'recorded'],
      ['twice', 'malformed'],
      [null, 'malformed'],
    ]);
  });
});

describe('no body holds the service', () => {
  test.each([SINGLE, BATCH, NDJSON])('16 MiB of [ as %s', async (type) => {
    const { turns, answer } = await turnsOf(() => service.post(Buffer.alloc(16 * MIB, '['), type));
    expect(turns).toBeGreaterThanOrEqual(64);
    if (type === NDJSON) expect(answer.lines<Receipt>().map(({ error }) => error?.code)).toEqual(['too-large']);
    else
      expect([answer.status, answer.text.includes('too-large') || answer.text.includes('malformed')]).toEqual([
        type === SINGLE ? 422 : 400,
        true,
      ]);
  });

  test('at most four lines are decided a turn', async () => {
    // Many lines of x: at most four are decided in a turn.
    const count = 8_000;
    const { turns, answer } = await turnsOf(() => service.post('x\n'.repeat(count), NDJSON));
    expect(turns).toBeGreaterThanOrEqual(count / SLICE_MESSAGES);
    expect(answer.lines<Receipt>()).toHaveLength(count);
  });
});
