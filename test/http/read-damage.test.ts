/**
 * A read.db that rots while it is served: one word for it on every address, no figure from it, no message decided by
 * it; a restart mends it.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import { removeFolder } from '../read-models/open-ledger.js';
import { AGENCY, at, message, setUp, type Message } from '../support/messages.js';
import { expectProblem, startService, type TestService } from '../support/service.js';
import type { Table } from '../../src/tables/table.js';

const TABLE = `/v1/agencies/${AGENCY}/tables/2017`;
const meeting = (number: string): Message => message('meeting.held', `meeting/${number}`, at('2017-05-01'), 'clerk', { title: '会议' });
const meetings = async (service: TestService): Promise<unknown> =>
  (await service.get(TABLE)).json<Table>().rows.find(({ code }) => code === '10.1')?.value;

let service: TestService;

beforeEach(async () => {
  service = await startService();
  await service.record(...setUp(), meeting('1'));
  await service.settled();
});
afterEach(async () => {
  await service.stop();
  removeFolder(service.folder);
});

/** The first page of a table or index becomes noise, in the file and for the process that has it open. */
function rot(name: string): void {
  const { db, file } = service.runtime.store;
  db.pragma('wal_checkpoint(TRUNCATE)');
  const page = db.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').pluck().get(name) as number;
  const size = db.pragma('page_size', { simple: true }) as number;
  const fd = openSync(file, 'r+');
  writeSync(fd, Buffer.alloc(size, 0xa5), 0, undefined, (page - 1) * size);
  closeSync(fd);
  // Pages that are still at hand would hide it for a while.
  db.pragma('shrink_memory');
}

test('damage is told, then mended by a restart', async () => {
  // The first to meet it is told, then everybody, and the next start rebuilds it.
  rot('sums');
  expectProblem(await service.get(TABLE), 503, 'read-damaged');
  // Nothing else is answered either, though its own pages are whole.
  expectProblem(await service.get(`/v1/agencies/${AGENCY}/cases/meeting/1`), 503, 'read-damaged');
  expectProblem(await service.post(meeting('2')), 503, 'read-damaged');
  const ready = await service.get('/health/ready');
  expect([ready.status, ready.json<{ status: string; broken: string }>()]).toEqual([
    503,
    expect.objectContaining({ status: 'not-ready', broken: expect.stringContaining('read.db is damaged') as unknown }),
  ]);
  await service.stop();
  service = await startService({ folder: service.folder });
  await service.settled();
  expect(await meetings(service)).toBe('1');
  await service.record(meeting('2'));
  await service.settled();
  expect(await meetings(service)).toBe('2');
});
