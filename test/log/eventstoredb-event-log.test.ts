import { randomUUID } from 'node:crypto';
import { EventStoreDbEventLog } from '../../src/log/eventstoredb-event-log.js';
import { CONTRACT_TESTS, describeEventLog } from './event-log.contract.js';

const url = process.env['EVENTSTOREDB_URL'];

if (url === undefined) {
  const line = `EventStoreDB: EVENTSTOREDB_URL is not set, its ${CONTRACT_TESTS} contract tests and those of its client did not run`;
  it(line, () => {
    process.stderr.write(`${line}\n`);
  });
} else {
  describeEventLog('EventStoreDB', async () => {
    // The server is shared: a namespace of its own is what keeps a test alone.
    const options = { url, namespace: `test-disclosure-${randomUUID()}-` };
    return {
      target: { adapter: 'eventstoredb', options },
      open: (now) => new EventStoreDbEventLog({ ...options, now }),
      remove: async () => undefined,
    };
  });
}
