/**
 * Backup of a service that is being written, restore elsewhere: what was acknowledged before the backup began is there.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Receipt } from '../../src/recording/receipts.js';
import { finishFolder, newFolder, run, serve, stop, type Finished, type Served } from '../support/cli.js';
import { manyPublications } from '../support/kill-import.js';
import type { Message } from '../support/messages.js';
import { until } from '../support/until.js';

const CLIENTS = 64;
const ROOT = join(__dirname, '../..');

interface Copied {
  readonly folder: string;
  readonly log: { readonly events: number; readonly position: string | null } | null;
  readonly keys: number;
}

let folder: string;
beforeEach(() => {
  folder = newFolder();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function send(url: string, message: Message): Promise<Receipt> {
  const response = await fetch(`${url}/v1/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/cloudevents+json' },
    body: JSON.stringify(message),
  });
  return (await response.json()) as Receipt;
}

/** Many clients that send until there is nothing left or the service is gone; `acknowledged` grows while they do. */
function sendAll(url: string, messages: readonly Message[]): { readonly acknowledged: Message[]; readonly done: Promise<unknown> } {
  const acknowledged: Message[] = [];
  let next = 0;
  const client = async (): Promise<void> => {
    for (let message = messages[next++]; message !== undefined; message = messages[next++]) {
      const receipt = await send(url, message).catch(() => null);
      if (receipt === null) return;
      if (receipt.status === 'recorded') acknowledged.push(message);
    }
  };
  return { acknowledged, done: Promise.all(Array.from({ length: CLIENTS }, client)) };
}

const [setUp, items] = ((): [Message[], Message[]] => {
  const all = manyPublications(600);
  const kept = all.findIndex(({ type }) => type.startsWith('disclosure.publication.'));
  // One message an item: which of two comes first is not what is tried here.
  return [all.slice(0, kept), all.slice(kept).filter(({ type }) => type === 'disclosure.publication.drafted')];
})();

async function served(): Promise<Served> {
  const service = await serve({ folder });
  for (const message of setUp) expect((await send(service.url, message)).status).toBe('recorded');
  return service;
}

const backup = (target: string): Promise<Finished> => run(['backup', target, '--json'], { folder });
const elsewhere = (): string => join(folder, 'elsewhere');
const restored = { DISCLOSURE_DATA: 'elsewhere' };

/** Everything that was acknowledged is there, the ledger verifies, and it goes on. */
async function expectWhole(acknowledged: readonly Message[]): Promise<void> {
  const back = await run(['restore', 'copy', '--json'], { folder, env: restored });
  expect(back).toMatchObject({ code: 0 });
  expect((await run(['verify'], { folder, env: restored })).code).toBe(0);
  const lines = acknowledged.map((message) => `${JSON.stringify(message)}\n`).join('');
  const again = await run(['import', '-', '--json'], { folder, env: restored, input: lines });
  expect(again.json<object>()).toMatchObject({ duplicate: acknowledged.length, recorded: 0, refused: 0 });
  const rest = items.map((message) => `${JSON.stringify(message)}\n`).join('');
  expect((await run(['import', '-', '--json'], { folder, env: restored, input: rest })).code).toBe(0);
}

test(`a backup while ${CLIENTS} clients write is whole`, async () => {
  // While CLIENTS clients send: what was acknowledged before it
  // began is in the copy, with its keys, and the copy goes on.
  const service = await served();
  const { acknowledged, done } = sendAll(service.url, items);
  await until(() => acknowledged.length >= 100);
  const before = [...acknowledged];
  const made = await backup('copy');
  expect(made).toMatchObject({ code: 0 });
  const copied = made.json<Copied>();
  expect(copied.log?.events).toBeGreaterThanOrEqual(before.length + setUp.length);
  expect(copied.keys).toBeGreaterThanOrEqual(before.length);
  await done;
  expect((await stop(service)).code).toBe(0);
  await expectWhole(before);
  await finishFolder(folder);
});

test('killed in the middle, the copy is whole', async () => {
  // The service killed in the middle of it: the copy is whole all the same.
  const service = await served();
  const { acknowledged, done } = sendAll(service.url, items);
  await until(() => acknowledged.length >= 100);
  const before = [...acknowledged];
  const copying = backup('copy');
  await until(() => existsSync(join(folder, 'copy')));
  service.child.kill('SIGKILL');
  expect(await copying).toMatchObject({ code: 0 });
  await Promise.all([done, service.finished]);
  await expectWhole(before);
});

describe('what it refuses', () => {
  test.each([
    ['a folder that is not empty', ['backup', 'full'], 'backup-not-empty', 1],
    ['a folder inside the data folder', ['backup', 'data/copy'], 'backup-not-empty', 1],
    ['a folder that holds no backup', ['restore', 'full'], 'no-backup', 1],
    ['a data folder that holds a ledger', ['restore', 'copy'], 'holds-ledger', 1],
  ])('%s', async (_what, args, code, exit) => {
    mkdirSync(join(folder, 'full'));
    writeFileSync(join(folder, 'full/note.txt'), 'kept');
    await run(['import', '-'], { folder, input: setUp.map((message) => `${JSON.stringify(message)}\n`).join('') });
    expect((await backup('copy')).code).toBe(0);
    const before = readdirSync(join(folder, 'full'));
    const { code: ended, stdout } = await run([...args, '--json'], { folder });
    expect({ ended, error: (JSON.parse(stdout) as { error: object }).error }).toMatchObject({ ended: exit, error: { code } });
    expect(readdirSync(join(folder, 'full'))).toEqual(before);
  });

  test('a damaged backup', async () => {
    await run(['import', '-'], { folder, input: setUp.map((message) => `${JSON.stringify(message)}\n`).join('') });
    await backup('copy');
    const file = join(folder, 'copy/log.db');
    writeFileSync(file, readFileSync(file).fill(0, 5000, 9000));
    const { code, stdout } = await run(['restore', 'copy', '--json'], { folder, env: restored });
    expect({ code, error: (JSON.parse(stdout) as { error: object }).error }).toMatchObject({ code: 1, error: { code: 'backup-damaged' } });
    expect(existsSync(join(elsewhere(), 'log.db'))).toBe(false);
  });
});

test('its files are their owner’s alone', async () => {
  await run(['import', '-'], { folder, input: setUp.map((message) => `${JSON.stringify(message)}\n`).join('') });
  await backup('copy');
  const mode = (name: string): string => (statSync(join(folder, 'copy', name)).mode & 0o777).toString(8);
  expect([mode('.'), mode('keys'), mode('log.db'), mode('keys/keys.db')]).toEqual(['700', '700', '600', '600']);
});

test('the drill of docs/backup.md', async () => {
  const [, drill] = [...readFileSync(join(ROOT, 'docs/backup.md'), 'utf8').matchAll(/```sh\n([\s\S]*?)```/g)].map(
    (match) => match[1] ?? '',
  );
  await run(['demo'], { folder });
  mkdirSync(join(folder, 'here'));
  const script = `set -e\n${(drill ?? '').replaceAll('npx disclosure', `"${process.execPath}" "${join(ROOT, 'bin/disclosure.js')}"`)}`;
  const printed = execFileSync('bash', ['-c', script], {
    cwd: join(folder, 'here'),
    env: { ...process.env, DISCLOSURE_DATA: join(folder, 'data'), EVENTSTOREDB_URL: '' },
    encoding: 'utf8',
  });
  expect(printed).toContain('相符');
  expect(printed).toMatch(/1\.1 .* 72 /);
});
