/**
 * A program that sends by the client, killed with -9 at random moments, in the middle of a write of its outbox and
 * between a write and its flush, while the service is killed too: by the log's own count every message is there once,
 * in order within its case.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SqliteEventLog } from '../../src/log/sqlite-event-log.js';
import { budget } from '../support/budget.js';
import { fileOf, finishFolder, listening, newFolder, stop, type Served } from '../support/cli.js';
import { manyPublications, randomFrom } from '../support/kill-import.js';
import type { Message } from '../support/messages.js';
import { asLines } from '../support/service.js';
import { until } from '../support/until.js';

const KILLS = budget(6, 30);
const SEED = Number(process.env['KILL_SEED'] ?? 20261128);
const messages = manyPublications(budget(250, 900));
const SENDER = join(__dirname, '../support/client-sender.mjs');

/** A port that nobody has: the service comes back on it. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return address.port;
}

interface Sender {
  /** What it has said so far. */
  readonly said: string[];
  readonly kill: () => void;
  /** How it ended: an exit code, or `SIGKILL`. */
  readonly ended: Promise<number | string | null>;
}

function send(url: string, folder: string, rest: readonly Message[], fault: readonly string[]): Sender {
  const file = fileOf(folder, 'to-send.ndjson', asLines(rest));
  const child = spawn(process.execPath, [SENDER, url, join(folder, 'outbox'), file, ...fault], { stdio: ['ignore', 'pipe', 'inherit'] });
  const said: string[] = [];
  let open = '';
  child.stdout.on('data', (chunk: Buffer) => {
    const lines = (open + chunk.toString()).split('\n');
    open = lines.pop() ?? '';
    said.push(...lines);
  });
  const ended = new Promise<number | string | null>((resolve) => child.on('close', (code, signal) => resolve(signal ?? code)));
  return { said, kill: () => void child.kill('SIGKILL'), ended };
}

/** Ids of all messages in the log, in its order, by the case they are in. */
async function recorded(folder: string): Promise<Map<string, string[]>> {
  const log = new SqliteEventLog({ file: join(folder, 'data/log.db'), readonly: true });
  const cases = new Map<string, string[]>();
  for (let after: string | null = null; ;) {
    const page = await log.readAll(after, 1000);
    for (const { stream, metadata } of page) cases.set(stream, [...(cases.get(stream) ?? []), String(metadata['id'])]);
    if (page.length < 1000) break;
    after = page.at(-1)?.position ?? null;
  }
  await log.close();
  return cases;
}

/** Each as it is said: what the sender had heard of it when it died. */
const heard = (said: readonly string[], word: string): string[] =>
  said.flatMap((line) => (line.startsWith(`${word} `) ? [line.split(' ')[1] ?? ''] : []));

test(`${KILLS} kills lose and double nothing`, async () => {
  const random = randomFrom(SEED);
  process.stderr.write(`random moments from seed ${SEED} (set KILL_SEED for others)\n`);
  const folder = newFolder();
  const port = await freePort();
  const begin = (): Promise<Served> => listening(['serve', '--port', String(port)], { folder });
  let service = await begin();
  const acked = new Set<string>();
  const died: string[] = [];
  let duplicates = 0;
  const hear = (said: readonly string[]): void => {
    for (const id of heard(said, 'acked')) acked.add(id);
    duplicates += heard(said, 'duplicate').length;
  };
  const rest = (): Message[] => messages.filter(({ id }) => !acked.has(id));

  const deaths = (): number => died.filter((how) => how.endsWith('SIGKILL')).length;
  // One that was done before its death came is none.
  for (let kill = 0; deaths() < KILLS; kill += 1) {
    const kind = ['at-random', 'before-flush', 'torn-write'][kill % 3] ?? '';
    // A share of what is left, so that something is left for the last kill.
    const share = rest().slice(0, Math.ceil(rest().length / (KILLS - deaths() + 1)));
    const sender = send(service.url, folder, share, kind === 'at-random' ? [] : [kind, String(1 + Math.floor(random() * 10))]);
    if (kill % 2 === 1) {
      await until(() => sender.said.includes('open'));
      await sleep(random() * 100);
      service.child.kill('SIGKILL');
      await service.finished;
    }
    if (kind === 'at-random') {
      await until(() => sender.said.includes('open'));
      await sleep(random() * 300);
      sender.kill();
    } else if (kill % 2 === 1) {
      // One whose turn comes only behind an answer dies when there is a service again.
      service = await begin();
    }
    const how = await sender.ended;
    hear(sender.said);
    died.push(`${kind}: ${how}`);
    if (kill % 2 === 1 && kind === 'at-random') service = await begin();
  }
  process.stderr.write(`${died.join(', ')}; in the outbox ${acked.size} of ${messages.length}\n`);

  const last = send(service.url, folder, rest(), []);
  expect(await last.ended).toBe(0);
  hear(last.said);
  await stop(service);
  process.stderr.write(`sent again and found recorded: ${duplicates}\n`);
  expect(acked.size).toBe(messages.length);
  expect(existsSync(join(folder, 'outbox/refused.ndjson'))).toBe(false);
  const cases = await recorded(folder);
  const sent = Map.groupBy(
    messages,
    ({ agency, subject }) => `${subject.slice(0, subject.indexOf('/'))}-${agency}/${subject.slice(subject.indexOf('/') + 1)}`,
  );
  expect([...cases.values()].flat()).toHaveLength(messages.length);
  for (const [stream, of] of sent) expect([stream, cases.get(stream)]).toEqual([stream, of.map(({ id }) => id)]);
  // Each kind of death was met.
  for (const kind of ['at-random', 'before-flush', 'torn-write']) expect(died).toContain(`${kind}: SIGKILL`);
  await finishFolder(folder);
});
