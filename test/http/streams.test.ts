/** What is streamed ends with the permission it rests on, and with the token. */
import { get, type IncomingMessage } from 'node:http';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { TEST_NOW } from '../support/ledger.js';
import { message } from '../support/messages.js';
import { DAY, startIdentified, type Identified } from '../support/identified.js';
import { BATCH, NDJSON } from '../support/service.js';

let world: Identified;
let now = TEST_NOW;
let url: string;

beforeEach(() => {
  now = TEST_NOW;
});

/** Agencies whose tables are more than lies on the way of a client that does not read. */
const TREE = Array.from({ length: 900 }, (_, n) => `tree-${String(n).padStart(3, '0')}`);
const TABLES = '/v1/tables?year=2029&below=tree';

/** More than a page, and more than lies on the way of a client that does not read. */
const EVENTS = 2800;
const NOTE = '会'.repeat(2000);

beforeAll(async () => {
  world = await startIdentified({ now: () => now });
  const { grant, register, ask, service } = world;
  for (const agency of ['own', 'other']) await register(agency);
  await grant('own', 'web', 'emit');
  const lines = Array.from({ length: EVENTS }, (_, n) =>
    JSON.stringify({
      ...message('site.checked', `site/${n}`, DAY, 'office', { finding: 'ok', note: NOTE }, { agency: 'own' }),
      id: `stream-${n}`,
    }),
  );
  for (let at = 0; at < EVENTS; at += EVENTS / 4) {
    const payload = lines.slice(at, at + EVENTS / 4).join('\n');
    const answer = await ask('web', '/v1/events', { method: 'POST', payload, type: NDJSON });
    expect(
      answer
        .lines<{ status: string }>()
        .filter(({ status }) => status !== 'recorded')
        .slice(0, 1),
    ).toEqual([]);
  }
  await plant();
  await service.settled();
  url = await service.listen();
});

async function plant(): Promise<void> {
  await world.register('tree');
  for (let at = 0; at < TREE.length; at += TREE.length / 3) {
    const lines = TREE.slice(at, at + TREE.length / 3).map((agency) => ({
      ...message('agency.registered', `agency/${agency}`, DAY, 'root', { name: agency, administrator: 'root', parent: 'tree' }, { agency }),
      id: agency,
    }));
    const answer = await world.ask('operator', '/v1/events', { method: 'POST', payload: JSON.stringify(lines), type: BATCH });
    expect(answer.json<{ status: string }[]>().filter(({ status }) => status !== 'recorded')).toEqual([]);
  }
}

afterAll(() => {
  now = TEST_NOW;
  return world.finish();
});

interface Begun {
  /** Absent = the whole log. */
  readonly address?: string;
  /** Of the token. */
  readonly minutes?: number;
}

/** Begins to read, and reads no further until it is told to. */
async function begin(subject: string, { address = '/v1/events?limit=10000000', minutes }: Begun = {}): Promise<IncomingMessage> {
  const headers = { accept: NDJSON, authorization: `Bearer ${await world.tokenOf(subject, minutes)}` };
  return new Promise((resolve, reject) => {
    get(`${url}${address}`, { headers }, (answer) => resolve(answer.pause())).on('error', reject);
  });
}

/** Whole lines, and whether the answer came to its end. */
function readOn(answer: IncomingMessage): Promise<{ lines: number; whole: boolean }> {
  let lines = 0;
  answer.on('data', (chunk: Buffer) => (lines += chunk.toString('latin1').split('\n').length - 1));
  return new Promise((resolve) => {
    answer.on('close', () => resolve({ lines, whole: answer.complete })).on('error', () => undefined);
    answer.resume();
  });
}

/** Reads a little at a time, far slower than the service looks, until the service ends it; gives what came. */
async function cutOff(answer: IncomingMessage): Promise<string> {
  let [closed, text] = [false, ''];
  answer.setEncoding('utf8').on('close', () => (closed = true));
  answer.on('error', () => undefined).on('readable', () => undefined);
  while (!closed) {
    text += String(answer.read() ?? '');
    await setTimeout(20);
  }
  return text;
}

test('an auditor reads to the end', async () => {
  await world.grant('own', 'auditor', 'audit');
  await world.service.settled();
  const { lines, whole } = await readOn(await begin('auditor'));
  expect(whole).toBe(true);
  expect(lines).toBeGreaterThan(EVENTS);
});

test('it ends with the permission', async () => {
  await world.grant('own', 'ended', 'audit');
  await world.grant('other', 'ended', 'audit');
  await world.service.settled();
  const answer = await begin('ended');
  await world.end('own', 'ended', 'audit');
  await world.service.settled();
  await cutOff(answer);
  expect(answer.complete).toBe(false);
  // What is left is what it may: nothing of the agency.
  const rest = await world.ask('ended', '/v1/events?limit=1000');
  expect(rest.text).not.toContain('stream-');
});

test('another grant as wide ends nothing', async () => {
  await world.grant('own', 'again', 'audit');
  await world.service.settled();
  const answer = await begin('again');
  await world.grant('own', 'again', 'audit', { below: true });
  await world.grant('own', 'again', 'read');
  await world.end('own', 'again', 'read');
  await world.service.settled();
  expect((await readOn(answer)).whole).toBe(true);
});

test('it ends with the last day', async () => {
  await world.grant('own', 'today', 'audit', { until: '2030-01-01' });
  await world.service.settled();
  const answer = await begin('today');
  now = TEST_NOW + 24 * 3_600_000;
  await cutOff(answer);
  expect(answer.complete).toBe(false);
});

test('it ends with the token', async () => {
  await world.grant('own', 'short', 'audit');
  await world.service.settled();
  const answer = await begin('short', { minutes: 5 });
  // Within the leeway of a minute the token is still taken; what it began is over.
  now = TEST_NOW + 5 * 60_000;
  await cutOff(answer);
  expect(answer.complete).toBe(false);
  expect((await world.ask('short', '/v1/events')).status).toBe(200);
});

/** Codes of the agencies whose whole line came. */
function agenciesIn(text: string): string[] {
  const lines = text.split('\n').slice(0, -1);
  return lines.map((line) => (JSON.parse(line) as { agency: string }).agency);
}

test('a reader has the tables of all', async () => {
  await world.grant('tree', 'portal', 'read', { below: true });
  await world.service.settled();
  const { lines, whole } = await readOn(await begin('portal', { address: TABLES }));
  expect([lines, whole]).toEqual([TREE.length + 1, true]);
});

test('many tables end with the permission', async () => {
  await world.grant('tree', 'tables-ended', 'read', { below: true });
  await world.service.settled();
  const answer = await begin('tables-ended', { address: TABLES });
  await world.end('tree', 'tables-ended', 'read');
  await world.service.settled();
  const came = agenciesIn(await cutOff(answer));
  // What came is not taken for the whole, and what is missing is missing at the end.
  expect(answer.complete).toBe(false);
  expect(came.length).toBeLessThan(TREE.length);
  expect(came).toEqual(['tree', ...TREE].slice(0, came.length));
  expect((await world.ask('tables-ended', TABLES)).status).toBe(403);
});

test('many tables end where one is lost', async () => {
  // The permission stands, and reaches an agency that is still to come no more.
  await world.register('tree-last', { parent: 'tree' });
  await world.register('elsewhere');
  await world.grant('tree-last', 'mover', 'act', { actor: 'root' });
  await world.grant('elsewhere', 'mover', 'act', { actor: 'root' });
  await world.grant('tree', 'tables-lost', 'read', { below: true });
  await world.service.settled();
  const answer = await begin('tables-lost', { address: TABLES });
  await world.send('mover', 'agency.changed', 'tree-last', { parent: 'elsewhere', from: '2029-01-01' });
  await world.service.settled();
  const text = await cutOff(answer);
  expect(answer.complete).toBe(false);
  expect(agenciesIn(text)).not.toContain('tree-last');
});

test('many tables end with the token', async () => {
  await world.grant('tree', 'tables-short', 'read', { below: true });
  await world.service.settled();
  const answer = await begin('tables-short', { address: TABLES, minutes: 5 });
  now = TEST_NOW + 5 * 60_000;
  await cutOff(answer);
  expect(answer.complete).toBe(false);
});

test('every stream goes through the one piece', () => {
  // A route that streams by itself is not ended with the permission.
  const folder = join(__dirname, '../../src/http');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const streaming = files.filter((name) => readFileSync(join(folder, name), 'utf8').includes('Readable.from('));
  expect(streaming.sort()).toEqual(['access/streamed.ts', 'wire/methods.ts']);
});
