import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqliteEventLog } from '../../src/log/sqlite-event-log.js';
import { describeEventLog } from './event-log.contract.js';

for (const [name, thread] of [
  ['SQLite', false],
  ['SQLite, committed by a thread', true],
] as const)
  describeEventLog(name, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'disclosure-test-'));
    const options = { file: join(folder, 'log.sqlite'), thread };
    return {
      target: { adapter: 'sqlite', options },
      open: (now) => new SqliteEventLog({ ...options, now }),
      remove: () => rm(folder, { recursive: true }),
    };
  });
