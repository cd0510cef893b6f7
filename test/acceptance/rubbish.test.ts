/**
 * Rubbish from 200 connections at whatever rate the machine gives, beside a caller that behaves: memory stays flat,
 * that caller is answered, and what was acknowledged to it is stored.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { issueToken } from '../../src/access/identity/local-issuer.js';
import type { Receipt } from '../../src/recording/receipts.js';
import { openWriter } from '../../src/runtime/runtime.js';
import { budget } from '../support/budget.js';
import { finishFolder, newFolder, serve, stop, type Served } from '../support/cli.js';
import { startScript } from '../support/kill-writer.js';
import { AGENCY, message } from '../support/messages.js';
import { SINGLE } from '../support/service.js';

const CONNECTIONS = 200;
const RUBBISH_MS = budget(4_000, 20_000);
const MIB = 1024 * 1024;
const OPERATOR = { issuer: 'local', subject: 'operator' };

const folder = newFolder();
let served: Served;
let good: string;
let operator: string;
let bad: string;

const tokenOf = async (subject: string): Promise<string> =>
  (await issueToken({ folder: join(folder, 'data'), subject, minutes: 60, now: Date.now() })).token;

const now = (): string => new Date(Date.now() - 1000).toISOString();

function post(token: string, sent: unknown): Promise<Response> {
  const headers = { 'content-type': SINGLE, authorization: `Bearer ${token}` };
  return fetch(`${served.url}/v1/events`, { method: 'POST', headers, body: JSON.stringify(sent) });
}

async function recorded(token: string, sent: unknown): Promise<Receipt> {
  const answer = await post(token, sent);
  if (answer.status !== 201) throw new Error(`${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Receipt;
}

beforeAll(async () => {
  served = await serve({ folder, env: { DISCLOSURE_OIDC_ISSUER: 'local', DISCLOSURE_OPERATORS: JSON.stringify([OPERATOR]) } });
  [good, operator, bad] = [await tokenOf('good'), await tokenOf('operator'), await tokenOf('bad')];
  const agency = `agency/${AGENCY}`;
  await recorded(operator, message('agency.registered', agency, '2010-01-01T00:00:00+08:00', 'root', { name: 'a', administrator: 'root' }));
  for (const subject of ['good', 'bad'])
    await recorded(
      operator,
      message('agency.permission-granted', agency, now(), 'root', { caller: { issuer: 'local', subject }, permission: 'emit' }),
    );
});

afterAll(async () => {
  await stop(served);
  await finishFolder(folder);
});

/** The number of a metric without labels. */
async function metric(name: string): Promise<number> {
  const answer = await fetch(`${served.url}/metrics`, { headers: { authorization: `Bearer ${operator}` } });
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(`${answer.status} ${text}`);
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
}

interface Behaved {
  readonly eventIds: readonly string[];
  /** ms from each request to the end of its answer, sorted. */
  readonly took: readonly number[];
}

/** Sends act after act, with a pause, as long as `goesOn` says. */
async function behave(goesOn: () => boolean): Promise<Behaved> {
  const eventIds: string[] = [];
  const took: number[] = [];
  while (goesOn()) {
    const begun = performance.now();
    const receipt = await recorded(good, message('meeting.held', `meeting/${took.length}-${begun}`, now(), 'office', { title: '会议' }));
    took.push(performance.now() - begun);
    eventIds.push(...receipt.eventIds);
    await sleep(20);
  }
  return { eventIds, took: took.sort((a, b) => a - b) };
}

const p99 = ({ took }: Behaved): number => took[Math.floor(took.length * 0.99)] ?? 0;

interface Heard {
  readonly sent: Readonly<Record<string, number>>;
  readonly answers: Readonly<Record<string, number>>;
}

async function rubbish(): Promise<Heard> {
  const lines: string[] = [];
  const asked = { url: served.url, connections: CONNECTIONS, ms: RUBBISH_MS, token: bad, seed: 14 };
  const { complaints } = await startScript('rubbish.mjs', [JSON.stringify(asked)], (line) => lines.push(line)).ended;
  if (complaints !== '') throw new Error(complaints);
  return JSON.parse(lines[0] ?? '') as Heard;
}

/** Resident memory, bytes, again and again. */
async function memory(goesOn: () => boolean): Promise<number[]> {
  const samples: number[] = [];
  while (goesOn()) {
    samples.push(await metric('process_resident_memory_bytes'));
    await sleep(200);
  }
  return samples;
}

function third(samples: readonly number[], which: 1 | 2): number {
  const length = Math.ceil(samples.length / 3);
  return Math.max(...samples.slice(which * length, (which + 1) * length));
}

test('rubbish neither fills nor stops the service', async () => {
  // The description is made for the first who asks, once.
  await fetch(`${served.url}/openapi.json`).then((answer) => answer.text());
  const alone = await behave(
    (
      (end) => () =>
        Date.now() < end
    )(Date.now() + RUBBISH_MS / 4),
  );
  let goesOn = true;
  const [heard, beside, samples] = await Promise.all([
    rubbish().finally(() => (goesOn = false)),
    behave(() => goesOn),
    memory(() => goesOn),
  ]);
  // Every kind of it came, and nothing of it was an error of ours.
  expect(Object.values(heard.sent).every((times) => times > 0)).toBe(true);
  expect(Object.keys(heard.answers).filter((status) => status === '500')).toEqual([]);
  for (const status of ['400', '401', '431']) expect(heard.answers[status]).toBeGreaterThan(0);
  // What the machine makes of a caller that is alone is the measure: a busy one makes both slow.
  expect(p99(beside)).toBeLessThan(Math.max(1000, 100 * p99(alone)));
  expect(third(samples, 2)).toBeLessThan(1.3 * third(samples, 1) + 32 * MIB);
  await stop(served);
  expect(existsSync(join(folder, 'data/log.db'))).toBe(true);
  const stored = new Set(await storedIds());
  expect([...alone.eventIds, ...beside.eventIds].filter((id) => !stored.has(id))).toEqual([]);
});

async function storedIds(): Promise<string[]> {
  const runtime = openWriter({ config: { data: join(folder, 'data'), eventStoreDbUrl: null } });
  if (runtime === null) throw new Error('the folder is still in use');
  const ids: string[] = [];
  for (let after: string | null = null; ;) {
    const page = await runtime.log.readAll(after, 1000);
    ids.push(...page.map(({ id }) => id));
    after = page.at(-1)?.position ?? null;
    if (page.length < 1000) break;
  }
  await runtime.close();
  return ids;
}
