/**
 * A project of somebody else: it has this package as npm packs it and none of what the rest of the program needs,
 * compiles strictly, declarations too, and sends one message of several types to a real service.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { finishFolder, newFolder, serve, stop } from '../support/cli.js';

const ROOT = join(__dirname, '../..');

const PROGRAM = `
import { Emitter, EmitterError, type Message, type MessageOf, type Receipt } from 'disclosure/client';

const receipts: Receipt[] = [];
const emitter = await Emitter.open({ url: process.argv[2] ?? '', outbox: 'outbox', source: '/theirs', onReceipt: (one) => void receipts.push(one) });
const envelope = { agency: 'theirs', actor: 'root', time: '2017-03-01T09:00:00+08:00' };
const meeting: MessageOf<'disclosure.meeting.held'> = { ...envelope, type: 'disclosure.meeting.held', subject: 'meeting/1', data: { title: '会议' } };
const messages: Message[] = [
  { ...envelope, type: 'disclosure.agency.registered', subject: 'agency/theirs', data: { name: '某局', administrator: 'root' } },
  { ...envelope, type: 'disclosure.agency.clearance-chain-set', subject: 'agency/theirs', data: { steps: [] } },
  meeting,
  { ...envelope, type: 'disclosure.training.held', subject: 'training/1', data: { title: '培训', trainees: 12 } },
  { ...envelope, type: 'disclosure.site.checked', subject: 'site/www', data: { finding: 'ok' } },
];
for (const message of messages) await emitter.send(message);
await emitter.flush();
try {
  await emitter.send({ ...meeting, actor: '' });
} catch (error) {
  if (error instanceof EmitterError) console.log(error.code);
}
await emitter.close();
console.log(JSON.stringify(receipts.map(({ status, error }) => error?.code ?? status)));
`;

/** What does not compile, each a line. */
const WRONG = `
import type { Message } from 'disclosure/client';
export const message: Message = { agency: 'theirs', actor: 'root', time: '', subject: 'meeting/1', type: 'disclosure.meeting.held', data: {} };
`;

function type(command: string, args: readonly string[], cwd: string): { status: number | null; stdout: string } {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  return { status, stdout: stdout + stderr };
}

test('another project compiles and sends', async () => {
  const folder = newFolder();
  const project = join(folder, 'project');
  const modules = join(project, 'node_modules');
  mkdirSync(join(modules, 'disclosure'), { recursive: true });
  expect(type('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], ROOT)).toMatchObject({ status: 0 });
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  const packed = ['-xzf', join(folder, `disclosure-${version}.tgz`), '--strip-components=1', '-C', join(modules, 'disclosure')];
  expect(type('tar', packed, folder)).toMatchObject({ status: 0 });
  // Its compiler knows Node, as that of any project for it; its program needs nothing of what stands there.
  mkdirSync(join(modules, '@types'));
  for (const name of ['@types/node', 'undici-types']) symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
  writeFileSync(join(project, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(project, 'main.ts'), PROGRAM);
  const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
  const options = ['--strict', '--module', 'nodenext', '--target', 'es2023', '--types', 'node', '--ignoreConfig'];
  expect(type(process.execPath, [compiler, ...options, 'main.ts'], project)).toEqual({ status: 0, stdout: '' });
  writeFileSync(join(project, 'wrong.ts'), WRONG);
  const wrong = type(process.execPath, [compiler, ...options, '--noEmit', 'wrong.ts'], project);
  expect(wrong).toEqual({ status: 2, stdout: expect.stringMatching(/wrong\.ts.*(title)/s) as unknown });

  const service = await serve({ folder });
  const ran = type(process.execPath, ['main.js', service.url], project);
  expect(ran).toEqual({ status: 0, stdout: `bad-message\n${JSON.stringify(Array(5).fill('recorded'))}\n` });
  await stop(service);
  await finishFolder(folder);
});
