/**
 * The threads of a real service (that of the read models, and the one that commits or appends) die of uncaught errors
 * at random moments while messages come (30 times with the long budget): nothing acknowledged is lost or doubled,
 * answers go on, and the read models end as a rebuild makes them.
 */
import { randomBytes } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { budget } from '../support/budget.js';
import { finishFolder, newFolder, run, serve, stop, type Served } from '../support/cli.js';
import { manyPublications } from '../support/kill-import.js';
import { AGENCY, type Message } from '../support/messages.js';
import { asLines, NDJSON } from '../support/service.js';
import { until } from '../support/until.js';
import type { Receipt } from '../../src/recording/receipts.js';
import type { Health } from '../../src/http/controllers/operation.controller.js';

const url = process.env['EVENTSTOREDB_URL'];
const DEATHS = budget(3, 30);
const TABLE = `/v1/agencies/${AGENCY}/tables/2017`;
const HOOK = join(__dirname, '../support/thread-dies.mjs');
const AT_ONCE = 20;
/** That thread alone dies, as soon as it begins. */
const READ_MODELS = '1 config';

let folder: string;
let deaths: string;
let served: Served;

beforeEach(async () => {
  folder = newFolder();
  deaths = join(folder, 'deaths');
  served = await serveWith({});
});

const serveWith = (env: Readonly<Record<string, string>>): Promise<Served> =>
  serve({ folder, env: { NODE_OPTIONS: `--import ${HOOK}`, DISCLOSURE_TEST_DEATHS: deaths, ...env } });

const get = (path: string): Promise<Response> => fetch(served.url + path);

/** How often the service has said so. */
const written = (line: string): number => served.stderr().split(line).length - 1;

async function send(messages: readonly Message[]): Promise<Receipt[]> {
  const answer = await fetch(`${served.url}/v1/events`, { method: 'POST', headers: { 'content-type': NDJSON }, body: asLines(messages) });
  expect(answer.status).toBe(200);
  return (await answer.text())
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Receipt);
}

const statuses = (receipts: readonly Receipt[]): string[] => [...new Set(receipts.map(({ status }) => status))];
const health = async (): Promise<Health> => (await get('/health/ready')).json() as Promise<Health>;

async function restarts(): Promise<number> {
  const [, count] = /^disclosure_read_model_thread_restarts_total (\d+)$/m.exec(await (await get('/metrics')).text()) ?? [];
  return Number(count);
}

/** No thread dies any more, and the last one has come to the end of the log. */
async function recover(): Promise<void> {
  rmSync(deaths);
  await until(async () => (await health()).status === 'ready');
}

/** Sends until threads died. Each acknowledged message stands in the log once; tables are answered meanwhile. */
async function sendUntil(enough: () => Promise<boolean>): Promise<void> {
  // More than thirty deaths take on a quick machine.
  const messages = manyPublications(60_000);
  const sent: Message[] = [];
  const positions: string[] = [];
  await until(async () => (await health()).status === 'ready');
  writeFileSync(deaths, '0.05');
  while (!(await enough())) {
    const next = messages.slice(sent.length, sent.length + AT_ONCE);
    const receipts = await send(next);
    expect(statuses(receipts)).toEqual(['recorded']);
    sent.push(...next);
    positions.push(...receipts.map(({ position }) => String(position)));
    const answer = await get(TABLE);
    expect([200, 404]).toContain(answer.status);
  }
  await recover();
  const after = positions.at(-1);
  const table = (await (await get(`${TABLE}?after=${after}`)).json()) as { stale: unknown; asOf: { index: number } };
  expect([table.stale, table.asOf.index]).toEqual([null, sent.length - 1]);
  expect(new Set(positions).size).toBe(sent.length);
  expect(statuses(await send(sent.slice(0, 500)))).toEqual(['duplicate']);
  expect((await stop(served)).code).toBe(0);
  expect(served.stderr()).toContain('the thread of the read models died and is started again');
}

test(`${DEATHS} deaths lose and double nothing`, async () => {
  await sendUntil(async () => (await restarts()) >= DEATHS && written('the thread that commits died') >= DEATHS);
  await finishFolder(folder);
});

if (url !== undefined)
  test('nor do deaths of both threads over EventStoreDB', async () => {
    // The thread that appends and that of the read models, each at its own moments, with what they had in hand.
    await stop(served);
    const env = { EVENTSTOREDB_URL: url, DISCLOSURE_NAMESPACE: `test-disclosure-${randomBytes(6).toString('hex')}-` };
    served = await serveWith(env);
    await sendUntil(async () => (await restarts()) >= DEATHS && written('the thread that appends died') >= DEATHS);
    const verified = await run(['verify'], { folder, env });
    expect([verified.code, verified.stdout]).toEqual([0, expect.stringContaining('相符')]);
    rmSync(folder, { recursive: true });
  });

test('a thread that dies at once is failing only', async () => {
  // The process goes on: messages are taken, tables say how old they are, and it is told why.
  const [first, second] = [manyPublications(1).slice(0, -1), manyPublications(1).slice(-1)];
  await until(async () => (await health()).status === 'ready');
  await send(first);
  await get(`${TABLE}?after=index:${first.length - 1}`);
  writeFileSync(deaths, READ_MODELS);
  await until(async () => (await restarts()) > 2);
  expect(statuses(await send(second))).toEqual(['recorded']);
  const { status, failing, broken } = await health();
  expect([status, broken]).toEqual(['degraded', null]);
  expect(failing).toContain('the thread of the read models died');
  await until(async () => ((await (await get(TABLE)).json()) as { stale: { why: string } | null }).stale?.why === 'failing');
  await recover();
  const table = (await (await get(`${TABLE}?after=index:${first.length}`)).json()) as { asOf: { index: number } };
  expect(table.asOf.index).toBe(first.length);
  expect((await stop(served)).code).toBe(0);
  await finishFolder(folder);
});

test('a service stops while its thread is dead', async () => {
  // It does not wait for a thread that is to be started again.
  writeFileSync(deaths, READ_MODELS);
  await until(async () => (await restarts()) > 3);
  expect((await stop(served)).code).toBe(0);
  await finishFolder(folder);
});
