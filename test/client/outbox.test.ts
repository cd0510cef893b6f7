/** The outbox on the disk: what a crash, a full disk, a rotten byte and a second process leave of it. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { appendFileSync, existsSync, readdirSync, readFileSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { mkdir, open, readdir, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { MessageName } from '../../src/client/emitter.js';
import { frameOf, readFrames } from '../../src/client/frames.js';
import { text } from '../../src/client/values.js';
import { check, closeEmitters, newOutbox, openEmitter, refusedIn } from '../support/client-emitter.js';
import { receiptOf, refusalOf, sendJson, smallServer, takesAll, type SmallServer } from '../support/client-server.js';
import { until } from '../support/until.js';

/** Nobody listens there: what is sent waits. */
const NOWHERE = 'http://127.0.0.1:9';
/** The built client, for processes of their own. */
const CLIENT = join(__dirname, '../../dist/client/emitter.js');
let server: SmallServer;
const children: ChildProcess[] = [];
beforeAll(async () => {
  server = await smallServer();
});
beforeEach(() => {
  server.asked.splice(0);
  server.answer(takesAll);
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await closeEmitters();
});
afterAll(() => server.close());

/** An outbox in which messages wait, and nobody. */
async function filled(...numbers: readonly number[]): Promise<string> {
  const { emitter, outbox } = await openEmitter(NOWHERE);
  for (const number of numbers) await emitter.send(check('s', number));
  await emitter.close();
  return outbox;
}

/** Ids that come out of an outbox, in order. */
async function sentFrom(outbox: string): Promise<string[]> {
  const { emitter } = await openEmitter(server.url, { outbox });
  await emitter.flush();
  await emitter.close();
  return server.asked.flatMap(({ messages }) => messages.map(({ id }) => id));
}

const fileIn = (outbox: string): string => join(outbox, 'outbox');

describe('frames', () => {
  const [first, second] = [frameOf(['{"a":1}', '{"b":2}']), frameOf(['{"c":3}'])];
  const both = Buffer.concat([first, second]);

  test('are read as they were written', () => {
    expect(readFrames(both)).toEqual({ lines: ['{"a":1}', '{"b":2}', '{"c":3}'], end: both.length, rest: 'nothing' });
  });

  test('a last one is torn at every byte', () => {
    for (let end = first.length + 1; end < both.length; end += 1) {
      expect(readFrames(both.subarray(0, end))).toEqual({ lines: ['{"a":1}', '{"b":2}'], end: first.length, rest: 'torn' });
      // The file had its length already, and its bytes not all.
      const longer = Buffer.concat([both.subarray(0, end), Buffer.alloc(both.length - end)]);
      expect([end, readFrames(longer).rest]).toEqual([end, 'torn']);
    }
  });

  test('a changed byte of any is damage', () => {
    // Also one of the last: it is as long as it says, so it was written whole.
    for (let at = 0; at < both.length; at += 1) {
      const changed = Buffer.from(both);
      changed[at] = (changed[at] ?? 0) ^ 0x15;
      expect([at, readFrames(changed).rest]).toEqual([at, 'damaged']);
    }
  });
});

test('what was flushed is never cut off', () => {
  // The end is torn, but what is broken before it has a whole frame behind it.
  const changed = Buffer.concat([frameOf(['{"a":1}']), frameOf(['{"b":2}']), frameOf(['{"c":3}'])]);
  changed[35] = 0;
  expect(readFrames(Buffer.concat([changed, Buffer.alloc(9)]))).toEqual({ lines: [], end: 0, rest: 'damaged' });
});

test('a torn end is cut off', async () => {
  const outbox = await filled(1, 2);
  // Longer than what is written next, so that nothing of it may be left behind that.
  appendFileSync(fileIn(outbox), frameOf([JSON.stringify({ number: 3, message: check('s', 3, 'x'.repeat(500)) })]).subarray(0, -1));
  expect(await sentFrom(outbox)).toEqual(['s-1', 's-2']);
  expect(readFrames(readFileSync(fileIn(outbox))).rest).toBe('nothing');
});

test('damage is told and changes nothing', async () => {
  const outbox = await filled(1, 2, 3);
  const bytes = readFileSync(fileIn(outbox));
  const at = bytes.indexOf('s-1');
  bytes[at] = 0x74;
  writeFileSync(fileIn(outbox), bytes);
  await expect(openEmitter(server.url, { outbox })).rejects.toMatchObject({ code: 'outbox-damaged' });
  expect(readFileSync(fileIn(outbox)).equals(bytes)).toBe(true);
  // And it is free for who mends it.
  await expect(openEmitter(server.url, { outbox })).rejects.toMatchObject({ code: 'outbox-damaged' });
});

test('modes are 0700 and 0600', async () => {
  const outbox = await filled(1);
  const modes = [outbox, ...readdirSync(outbox).map((name) => join(outbox, name))].map((file) => statSync(file).mode & 0o777);
  expect(modes.map((mode) => mode.toString(8))).toEqual(['700', ...modes.slice(1).map(() => '600')]);
});

test('ids and order outlive a restart', async () => {
  const { emitter, outbox } = await openEmitter(NOWHERE);
  const names: MessageName[] = [];
  for (const site of ['a', 'b', 'a', 'c', 'a']) names.push(await emitter.send({ ...check(site, 1), id: undefined }));
  await emitter.close();
  const sent = await sentFrom(outbox);
  expect([...sent].sort()).toEqual(names.map(({ id }) => id).sort());
  const ofA = [0, 2, 4].map((at) => names[at]?.id);
  expect(sent.filter((id) => ofA.includes(id))).toEqual(ofA);
});

test('settled messages are taken out of the file', async () => {
  const { emitter, outbox } = await openEmitter(server.url);
  const note = '检查'.repeat(1000);
  for (let round = 0; round < 8; round += 1) {
    await Promise.all(Array.from({ length: 50 }, (_, n) => emitter.send(check(`s${n}`, round, note))));
    await emitter.flush();
  }
  // 2.4 MB went through it.
  expect(statSync(fileIn(outbox)).size).toBeLessThan(1_500_000);
  expect(await readdir(outbox)).not.toContain('outbox.new');
  await emitter.close();
  server.asked.splice(0);
  expect(await sentFrom(outbox)).toEqual([]);
});

test('what waits survives taking out', async () => {
  const { emitter, outbox } = await openEmitter(server.url);
  const note = '检查'.repeat(1000);
  // One message of each site waits for ever, the others come and go.
  server.answer(({ messages }, response) =>
    sendJson(
      response,
      200,
      messages.map((one) => (one.id.startsWith('kept') ? refusalOf(one, 'conflict') : receiptOf(one))),
    ),
  );
  for (let round = 0; round < 8; round += 1) {
    await emitter.send(check('kept', round));
    await Promise.all(Array.from({ length: 50 }, (_, n) => emitter.send(check(`s${n}`, round, note))));
    await until(() => emitter.progress.waiting === round + 1);
  }
  await emitter.close();
  expect(statSync(fileIn(outbox)).size).toBeLessThan(1_500_000);
  server.asked.splice(0);
  server.answer(takesAll);
  expect(await sentFrom(outbox)).toEqual(Array.from({ length: 8 }, (_, n) => `kept-${n}`));
});

/** A disk that has no room while the work is done. */
async function onFullDisk(method: 'write' | 'sync', work: () => Promise<void>): Promise<void> {
  const probe = await open(__filename);
  const handles = Object.getPrototypeOf(probe) as Pick<FileHandle, 'write' | 'sync'>;
  await probe.close();
  const { sync } = handles;
  const write: (bytes: Buffer, offset: number, length: number, position: number) => Promise<unknown> = handles.write;
  const full = (): never => {
    throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
  };
  // Half of it had room, or all of it and nobody knows.
  if (method === 'write')
    handles.write = async function (this: FileHandle, bytes: Buffer, offset: number, length: number, position: number) {
      await write.call(this, bytes, offset, Math.ceil(length / 2), position);
      return full();
    } as unknown as FileHandle['write'];
  else handles.sync = async () => full();
  try {
    await work();
  } finally {
    Object.assign(handles, { write, sync });
  }
}

test.each(['write', 'sync'] as const)('a disk whose %s fails is told', async (method) => {
  // What was refused is not sent, what was durable before is, and the outbox goes on when there is room again.
  const { emitter, outbox } = await openEmitter(NOWHERE);
  await emitter.send(check('s', 1));
  await onFullDisk(method, async () => {
    await expect(emitter.send(check('s', 2, '检查'.repeat(500)))).rejects.toMatchObject({
      code: 'outbox-unwritable',
      cause: { code: 'ENOSPC' },
    });
  });
  await emitter.send(check('s', 3));
  await emitter.close();
  expect(await sentFrom(outbox)).toEqual(['s-1', 's-3']);
});

test('a full disk keeps no receipt from coming', async () => {
  // The message stays in the outbox until its end is on the disk; it is delivered all the same.
  const { emitter, receipts, retries } = await openEmitter(server.url);
  let asked: (() => void) | undefined;
  server.answer((one, response) => {
    asked = () => takesAll(one, response);
  });
  await emitter.send(check('s', 1));
  await until(() => asked);
  await onFullDisk('sync', async () => {
    asked?.();
    await until(() => retries.length > 0);
  });
  await emitter.flush();
  expect(retries[0]).toMatchObject({ code: 'outbox-unwritable', status: null });
  expect([server.asked.length, receipts.length]).toEqual([1, 1]);
});

describe('a second process', () => {
  const HOLD = `import { Emitter } from ${JSON.stringify(CLIENT)};
    const emitter = await Emitter.open({ url: '${NOWHERE}', outbox: process.argv[1], source: '/office' });
    console.log('open'); setInterval(() => undefined, 1000);`;

  async function holder(outbox: string): Promise<ChildProcess> {
    const child = spawn(process.execPath, ['--input-type=module', '-e', HOLD, outbox], { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    await new Promise((resolve) => child.stdout.once('data', resolve));
    return child;
  }

  test('is turned away while the first lives', async () => {
    const outbox = newOutbox();
    const child = await holder(outbox);
    await expect(openEmitter(server.url, { outbox })).rejects.toMatchObject({ code: 'outbox-held' });
    const ended = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGKILL');
    await ended;
    const { emitter } = await openEmitter(server.url, { outbox });
    await emitter.send(check('s', 1));
    await emitter.flush();
  });

  test('is turned away within one process too', async () => {
    const { outbox } = await openEmitter(server.url);
    await expect(openEmitter(server.url, { outbox })).rejects.toMatchObject({ code: 'outbox-held' });
  });

  test('of two that come at once one is let in', async () => {
    for (let round = 0; round < 5; round += 1) {
      const outbox = newOutbox();
      const came = await Promise.allSettled(Array.from({ length: 4 }, () => openEmitter(NOWHERE, { outbox })));
      const inside = came.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
      expect(inside.length).toBeLessThanOrEqual(1);
      const outside = came.flatMap((one) => (one.status === 'rejected' ? [text(one.reason, 'code')] : []));
      expect(outside).toEqual(outside.map(() => 'outbox-held'));
      await Promise.all(inside.map(({ emitter }) => emitter.close()));
      await (await openEmitter(NOWHERE, { outbox })).emitter.close();
    }
  });

  test('a number given to another process is not its holder', async () => {
    // The holder died, and its id is that of a process that runs: this one, which began at another time.
    const outbox = await filled(1);
    const mine = readdirSync(outbox).find((name) => name.startsWith('lock-')) ?? '';
    const held = JSON.parse(readFileSync(join(outbox, mine), 'utf8')) as object;
    writeFileSync(join(outbox, 'lock-7'), JSON.stringify({ ...held, started: '1' }));
    expect(await sentFrom(outbox)).toEqual(['s-1']);
  });

  test('one of another host is left when it is silent', async () => {
    const outbox = await filled(1);
    writeFileSync(join(outbox, 'lock-7'), JSON.stringify({ space: 'another host', pid: process.pid, started: '1' }));
    // It lives as long as it touches its file.
    const touching = setInterval(() => utimesSync(join(outbox, 'lock-7'), new Date(), new Date()), 500);
    await expect(openEmitter(server.url, { outbox })).rejects.toMatchObject({ code: 'outbox-held' });
    clearInterval(touching);
    expect(await sentFrom(outbox)).toEqual(['s-1']);
  });

  test('whose outbox was taken over writes no more', async () => {
    // It stood still for long, and another one holds the outbox now.
    const { emitter, outbox } = await openEmitter(NOWHERE);
    await emitter.send(check('s', 1));
    writeFileSync(join(outbox, 'lock-2'), '{}');
    const before = readFileSync(fileIn(outbox));
    await expect(emitter.send(check('s', 2))).rejects.toMatchObject({ code: 'outbox-lost' });
    expect(readFileSync(fileIn(outbox)).equals(before)).toBe(true);
  });
});

describe('the refused', () => {
  const refuses = (): void =>
    server.answer(({ messages }, response) =>
      sendJson(
        response,
        200,
        messages.map((one) => refusalOf(one, 'invalid-data')),
      ),
    );

  test('a line is written once through a crash', async () => {
    // The line was there, and the outbox did not know yet.
    const outbox = await filled(1);
    const before = readFileSync(fileIn(outbox));
    refuses();
    expect(await sentFrom(outbox)).toEqual(['s-1']);
    writeFileSync(fileIn(outbox), before);
    expect(await sentFrom(outbox)).toEqual(['s-1']);
    expect(refusedIn(join(outbox, 'refused.ndjson'))).toHaveLength(1);
  });

  test('a line of another outbox says nothing', async () => {
    const outbox = await filled(1);
    appendFileSync(join(outbox, 'refused.ndjson'), '{"outbox":"another","number":1}\n');
    expect(await sentFrom(outbox)).toEqual(['s-1']);
  });

  test.each([
    ['cut off by a crash', '{"outbox":"a","num', 1],
    ['without its line end', '{"outbox":"a","number":7}', 2],
  ])('a last line %s', async (_what, left, lines) => {
    const outbox = await filled(1);
    writeFileSync(join(outbox, 'refused.ndjson'), left);
    refuses();
    await sentFrom(outbox);
    expect(refusedIn(join(outbox, 'refused.ndjson'))).toHaveLength(lines);
  });

  test('the file may be taken away', async () => {
    const { emitter, outbox } = await openEmitter(server.url);
    refuses();
    for (const number of [1, 2]) {
      await emitter.send(check('s', number));
      await emitter.flush();
      truncateSync(join(outbox, 'refused.ndjson'));
    }
    expect(existsSync(emitter.refusedFile)).toBe(true);
    expect(emitter.progress).toMatchObject({ refused: 2, waiting: 0 });
  });
});

test('a listener that throws stops nothing', async () => {
  // The error is told as an uncaught exception; the message is in the outbox all the same.
  const program = `import { Emitter } from ${JSON.stringify(CLIENT)};
    process.on('uncaughtException', ({ message }) => console.log(message));
    const onProgress = () => { throw new Error('a bug of theirs'); };
    const emitter = await Emitter.open({ url: '${NOWHERE}', outbox: process.argv[1], onProgress });
    await emitter.send(${JSON.stringify({ ...check('s', 1), source: '/office' })});
    console.log(emitter.progress.waiting);
    await emitter.close();`;
  const { stdout, status } = spawnSync(process.execPath, ['--input-type=module', '-e', program, newOutbox()], { encoding: 'utf8' });
  expect([status, stdout.trim().split('\n').sort()]).toEqual([0, ['1', 'a bug of theirs']]);
});

test('a folder that is a file is told', async () => {
  const outbox = newOutbox();
  await mkdir(join(outbox, '..'), { recursive: true });
  writeFileSync(outbox, '');
  await expect(openEmitter(server.url, { outbox })).rejects.toMatchObject({ code: 'EEXIST' });
});
