/** A service begins with a bound for the young part of its heap, and stays the process that was begun. */
import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { finishFolder, newFolder, serve, stop } from '../support/cli.js';

const BIN = join(__dirname, '../../bin/disclosure.js');
const BOUND = '--max-semi-space-size';
/** Node 22.15 and newer, not on Windows. */
const where = typeof process.execve === 'function' ? test : test.skip;

const commandOf = (pid: number | undefined): string => execFileSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' });

where('a service begins with its own bound', async () => {
  const folder = newFolder();
  const served = await serve({ folder });
  expect(commandOf(served.child.pid)).toContain(`${BOUND}=16`);
  expect((await fetch(`${served.url}/health/live`)).status).toBe(200);
  const { code, signal } = await stop(served);
  expect([code, signal]).toEqual([0, null]);
  await finishFolder(folder);
});

where.each([
  ['another bound was asked for', `${BOUND}=8`],
  ['another bound was asked for, otherwise', '--max_semi_space_size=8'],
  ['it may not begin anything', '--permission --allow-fs-read=* --allow-fs-write=* --allow-worker --allow-addons'],
])('it stays as it was begun: %s', async (_why, options) => {
  const folder = newFolder();
  const served = await serve({ folder, env: { NODE_OPTIONS: options } });
  expect(commandOf(served.child.pid)).not.toContain(BOUND);
  await stop(served);
  await finishFolder(folder);
});

where('the channel of whoever began it is kept', async () => {
  const folder = newFolder();
  const child = fork(BIN, ['serve', '--port', '0'], { silent: true, env: { ...process.env, DISCLOSURE_DATA: join(folder, 'data') } });
  await new Promise<void>((resolve) => child.stderr?.on('data', (said: Buffer) => String(said).includes('listening on') && resolve()));
  expect([child.connected, commandOf(child.pid).includes(BOUND)]).toEqual([true, false]);
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
  await finishFolder(folder);
});
