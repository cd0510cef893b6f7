/** The files of a data folder: who may read them, what is made, what is noticed when they go. */
import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Receipt } from '../../src/recording/receipts.js';
import { fileOf, newFolder, run, serve, stop, type Served } from '../support/cli.js';
import { message, setUp } from '../support/messages.js';
import { until } from '../support/until.js';

let folder: string;
beforeEach(() => {
  folder = newFolder();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const lines = (): string =>
  [...setUp(), message('meeting.held', 'meeting/1', '2017-03-01T09:00:00+08:00', 'office', { title: '会议' })]
    .map((one) => `${JSON.stringify(one)}\n`)
    .join('');

/** What a service says of itself. */
async function health({ url }: Served): Promise<{ status: string; failing: string | null; openFiles: { mode: string }[] }> {
  return (await (await fetch(`${url}/health/ready`)).json()) as Awaited<ReturnType<typeof health>>;
}

const mode = (name: string): string => (statSync(join(folder, 'data', name)).mode & 0o777).toString(8);

test('modes are 0700 and 0600 under any umask', async () => {
  // Whatever the umask: a new folder is 0700, its files 0600, with their -wal and -shm.
  const before = process.umask(0);
  try {
    const service = await serve({ folder });
    await run(['import', fileOf(folder, 'm.ndjson', lines())], { folder });
    const modes = readdirSync(join(folder, 'data')).map((name) => [name, mode(name)]);
    expect(mode('.')).toBe('700');
    expect(modes.map(([name]) => name)).toEqual(
      expect.arrayContaining(['keys.db-wal', 'log.db', 'log.db-shm', 'log.db-wal', 'read.db-wal']),
    );
    expect(modes.filter(([, found]) => found !== '600')).toEqual([]);
    await stop(service);
  } finally {
    process.umask(before);
  }
});

describe('a folder that is open to others', () => {
  beforeEach(async () => {
    await run(['import', fileOf(folder, 'm.ndjson', lines())], { folder });
    chmodSync(join(folder, 'data'), 0o755);
    chmodSync(join(folder, 'data/log.db'), 0o644);
    chmodSync(join(folder, 'data/keys.db'), 0o640);
  });

  test('serve and import warn and change nothing', async () => {
    // Serve and import say so, and change nothing; readiness has it in its details.
    const service = await serve({ folder });
    const { openFiles } = await health(service);
    expect(openFiles.map(({ mode: found }) => found)).toEqual(expect.arrayContaining(['755', '644', '640']));
    const { stderr } = await stop(service);
    const imported = await run(['import', join(folder, 'm.ndjson')], { folder });
    for (const said of [stderr, imported.stderr]) {
      expect(said).toContain('log.db (644)');
      expect(said).toContain('keys.db (640)');
    }
    expect([mode('.'), mode('log.db'), mode('keys.db')]).toEqual(['755', '644', '640']);
  });

  test('DISCLOSURE_STRICT_FILES=1 refuses it', async () => {
    for (const args of [['serve'], ['import', join(folder, 'm.ndjson')]]) {
      const { code, stderr } = await run(args, { folder, env: { DISCLOSURE_STRICT_FILES: '1' } });
      expect({ code, stderr }).toEqual({ code: 3, stderr: expect.stringContaining('chmod') as string });
    }
  });

  test.each([['serve'], ['import', '-'], ['table', '--agency', 'test-agency', '--year', '2017'], ['backup', 'copy']])(
    'readable keys are always refused: %s',
    async (...args) => {
      // Keys that every account may read are refused always.
      chmodSync(join(folder, 'data/keys.db'), 0o604);
      const { code, stderr } = await run(args, { folder });
      expect({ code, stderr }).toEqual({ code: 3, stderr: expect.stringMatching(/chmod 600 \S*keys\.db/) as string });
    },
  );
});

test.each([
  ['table', '--agency', 'test-agency', '--year', '2017'],
  ['explain', '--agency', 'test-agency', '--year', '2017', '--cell', '1.1'],
  ['trail', '--agency', 'test-agency', '--year', '2017'],
  ['deadlines', '--agency', 'test-agency'],
  ['reveal', '--agency', 'test-agency', '--list'],
  ['reveal', '--agency', 'test-agency', '--case', 'publication/1', '--actor', 'a', '--reason', 'r'],
  ['refusals'],
  ['refusals', '--resend', 'x'],
  ['replay'],
  ['verify'],
  ['export', '--pack', 'p.pack'],
  ['backup', 'copy'],
])('a command that reads makes no folder: %s', async (...args) => {
  const { code, stderr } = await run(args, { folder });
  expect({ code, stderr }).toEqual({ code: 3, stderr: expect.stringContaining('there is no ledger in') as string });
  expect(readdirSync(folder)).toEqual([]);
});

test('deleted read models are reported, nothing waits', async () => {
  // Read models that are deleted under the service: it says so, and a
  // command beside it says why it cannot read, and waits for nothing.
  const served = await serve({ folder });
  // Before the end of the log was reached once, messages would be refused too.
  await until(async () => (await health(served)).status === 'ready');
  for (const suffix of ['', '-wal', '-shm']) rmSync(join(folder, `data/read.db${suffix}`));
  expect(await health(served)).toMatchObject({
    status: 'degraded',
    failing: expect.stringMatching(/read\.db was removed or replaced/) as string,
  });
  const { code, stderr } = await run(['table', '--agency', 'test-agency', '--year', '2017'], { folder });
  expect([code, stderr]).toEqual([3, expect.stringMatching(/there is no read\.db.*read\.db was removed or replaced/) as string]);
  await stop(served);
  const again = await serve({ folder });
  await until(async () => (await health(again)).status === 'ready');
  expect(await health(again)).toMatchObject({ status: 'ready', failing: null });
  await stop(again);
  expect((await run(['table', '--agency', 'test-agency', '--year', '2017'], { folder })).code).not.toBe(3);
});

describe('a folder that goes while the service runs', () => {
  const post = async (url: string, body: object): Promise<Receipt> =>
    (await (
      await fetch(`${url}/v1/events`, {
        method: 'POST',
        headers: { 'content-type': 'application/cloudevents+json' },
        body: JSON.stringify(body),
      })
    ).json()) as Receipt;
  const meeting = (number: number): object =>
    message('meeting.held', `meeting/${number}`, '2017-03-01T09:00:00+08:00', 'office', { title: '会议' });

  test.each([
    ['deleted', () => rmSync(join(folder, 'data'), { recursive: true })],
    ['moved away', () => renameSync(join(folder, 'data'), join(folder, 'moved'))],
    [
      'replaced by another',
      () => {
        renameSync(join(folder, 'data'), join(folder, 'moved'));
        mkdirSync(join(folder, 'data'));
        fileOf(join(folder, 'data'), 'log.db', '');
      },
    ],
  ])('%s: nothing more is acknowledged', async (_how, change) => {
    // Nothing is acknowledged any more, and it says so.
    const service = await serve({ folder });
    for (const one of setUp()) expect(await post(service.url, one)).toMatchObject({ status: 'recorded' });
    expect(await post(service.url, meeting(1))).toMatchObject({ status: 'recorded' });
    change();
    expect(await post(service.url, meeting(2))).toMatchObject({
      status: 'refused',
      error: { code: 'store-unavailable', message: expect.stringContaining('removed or replaced') as string },
    });
    expect((await fetch(`${service.url}/health/ready`)).status).toBe(503);
    service.child.kill('SIGKILL');
    await service.finished;
  });

  test('moved away and back: it goes on', async () => {
    const service = await serve({ folder });
    for (const one of setUp()) await post(service.url, one);
    const sent = meeting(1);
    renameSync(join(folder, 'data'), join(folder, 'moved'));
    expect(await post(service.url, sent)).toMatchObject({ error: { code: 'store-unavailable' } });
    renameSync(join(folder, 'moved'), join(folder, 'data'));
    const again = await post(service.url, sent);
    expect(again).toMatchObject({ status: expect.stringMatching(/^(recorded|duplicate)$/) as string });
    expect(existsSync(join(folder, 'data/log.db'))).toBe(true);
    expect((await stop(service)).code).toBe(0);
  });
});
