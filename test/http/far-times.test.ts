/**
 * Times at the edge of what RFC 3339 can say: refused or recorded, the statistics go on. On a ledger of its own, as the
 * whole of it is at stake.
 */
import type { Table } from '../../src/tables/table.js';
import { AGENCY, message, setUp } from '../support/messages.js';
import { startService } from '../support/service.js';
import { oneMoreItem, TABLE } from '../support/year.js';

test.each([
  '0000-01-01T00:00:00+23:59',
  '0000-01-01T00:00:00Z',
  '0001-01-01T00:00:00+08:00',
  '1969-12-31T23:59:59Z',
  '1899-12-31T00:00:00Z',
])('an act of %s stops no read model', async (time) => {
  const service = await startService();
  try {
    await service.record(...setUp());
    const answer = await service.post(message('meeting.held', 'meeting/long-ago', time, 'office', { title: 't' }));
    expect([201, 422]).toContain(answer.status);
    if (answer.status === 422) expect(answer.text).toContain('bad-time');
    await service.record(...oneMoreItem('after-it'));
    await service.settled();
    const table = (await service.get(TABLE)).json<Table>();
    expect(table.stale).toBeNull();
    expect(table.rows.find(({ code }) => code === '1.1')?.value).toBe('1');
    expect((await service.get(`/v1/agencies/${AGENCY}/cases/meeting/long-ago`)).status).toBe(answer.status === 201 ? 200 : 404);
  } finally {
    await service.finish();
  }
});
