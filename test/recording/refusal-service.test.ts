/** Refusals are kept once with a count, sealed, sent again, and gone after 400 days. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KEEP_DAYS } from '../../src/recording/refusal-service.js';
import { openWriter, type Runtime } from '../../src/runtime/runtime.js';
import { NO_IDENTITY } from '../../src/recording/sender.js';
import type { Receipt } from '../../src/recording/receipts.js';
import { TEST_NOW } from '../support/ledger.js';
import { approvedItem, released, setUp } from '../support/messages.js';
import { PATIENCE_MS } from '../support/until.js';

const DAY = 24 * 60 * 60 * 1000;
let folder: string;
let runtime: Runtime;
let now: number;

function open(): void {
  const opened = openWriter({ config: { data: folder, eventStoreDbUrl: null }, now: () => now });
  if (opened === null) throw new Error('locked');
  runtime = opened;
}

/** Old keys are destroyed when a process starts. */
async function restartAfter(days: number): Promise<void> {
  await settled();
  await runtime.close();
  now += days * DAY;
  open();
  await settled();
}

async function send(message: unknown): Promise<Receipt> {
  const receipt = await (runtime.writer as NonNullable<Runtime['writer']>).recorder.recordValue(message, NO_IDENTITY);
  await settled();
  return receipt;
}

async function settled(): Promise<void> {
  expect(await runtime.writer?.runner.caughtUp(PATIENCE_MS)).toBe(true);
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'disclosure-refusals-'));
  now = TEST_NOW;
  open();
});

afterEach(async () => {
  await runtime.close();
  rmSync(folder, { recursive: true, force: true });
});

const early = released('1', '2017-03-02', 'website');

async function sendAgainAndAgain(): Promise<void> {
  for (const message of setUp()) await send(message);
  for (let time = 0; time < 3; time += 1) expect(await send(early)).toMatchObject({ status: 'refused', error: { code: 'unknown-case' } });
}

test('one entry per reason, with a count', async () => {
  // The same message refused for the same reason is one entry with a count; for another reason another.
  await sendAgainAndAgain();
  expect(runtime.refusals.list().refusals).toMatchObject([
    { source: early.source, id: early.id, type: early.type, count: 3, error: { code: 'unknown-case' } },
  ]);
  for (const message of approvedItem('1', '2017-03-01').slice(0, 1)) await send(message);
  expect((await send(early)).error?.code).toBe('not-approved');
  expect(runtime.refusals.list().refusals.map(({ error, count }) => [error.code, count])).toEqual([
    ['not-approved', 1],
    ['unknown-case', 3],
  ]);
});

test('a mended message is recorded', async () => {
  // A refusal reserves nothing: mended, the same message is recorded.
  await sendAgainAndAgain();
  for (const message of approvedItem('1', '2017-03-01')) await send(message);
  expect(await send(early)).toMatchObject({ status: 'recorded', revision: 4 });
});

test('without source and id it is not kept', async () => {
  // What is no object with source and id is answered, not kept.
  for (const message of [null, 'text', 17, [], {}, { id: 'x' }, { source: '/x', id: '' }]) {
    expect(await send(message)).toMatchObject({ status: 'refused' });
  }
  expect(runtime.refusals.list().refusals).toEqual([]);
});

test('it survives restarts, and goes after 400 days', async () => {
  // After a restart it is readable still; after 400 days it is gone.
  await sendAgainAndAgain();
  await restartAfter(KEEP_DAYS - 1);
  expect(runtime.refusals.list().refusals).toHaveLength(1);
  const [kept] = runtime.refusals.list().refusals;
  expect(JSON.parse(runtime.refusals.message(kept?.refusalId ?? '') ?? '')).toEqual(early);
  await restartAfter(2);
  expect(runtime.refusals.list().refusals).toEqual([]);
  expect(runtime.refusals.message(kept?.refusalId ?? '')).toBeNull();
});

test('refused again after destruction, it is kept again', async () => {
  // Refused again after its first text was destroyed, it is kept again.
  await sendAgainAndAgain();
  await restartAfter(KEEP_DAYS + 1);
  expect(await send(early)).toMatchObject({ status: 'refused' });
  expect(runtime.refusals.list().refusals).toMatchObject([{ id: early.id, error: { code: 'unknown-case' } }]);
  await restartAfter(1);
  expect(runtime.refusals.list().refusals).toHaveLength(1);
});

test('one id with two contents is two entries', async () => {
  for (const message of setUp()) await send(message);
  await send(early);
  await send({ ...early, actor: 'somebody else' });
  expect(runtime.refusals.list().refusals.map(({ count }) => count)).toEqual([1, 1]);
});
