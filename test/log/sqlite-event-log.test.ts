import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqliteEventLog } from '../../src/log/sqlite-event-log.js';
import { describeEventLog } from './event-log.contract.js';

describeEventLog('SQLite', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'disclosure-test-'));
  const options = { file: join(folder, 'log.sqlite') };
  return {
    target: { adapter: 'sqlite', options },
    open: (now) => new SqliteEventLog({ ...options, now }),
    remove: () => rm(folder, { recursive: true }),
  };
});
