/** What is remembered of messages that the read models have not come to is bounded: the next one waits. */
import type { KnownMessage } from '../../src/read-models/journal/message-index.js';
import { MessageIndex } from '../../src/read-models/journal/message-index.js';
import type { RunnerStatus } from '../../src/read-models/follower.js';
import { record } from '../support/histories.js';
import { openTestLedger, type TestLedger } from '../support/ledger.js';
import { setUp } from '../support/messages.js';

const MAX_BYTES = 2000;
const BEYOND = '999999999';

let ledger: TestLedger;
let index: MessageIndex;

beforeEach(async () => {
  ledger = openTestLedger({ thread: false });
  await record(ledger, setUp());
  await ledger.settled();
  index = new MessageIndex(ledger.store, { maxBytes: MAX_BYTES });
});

afterEach(() => ledger.discard());

const known = (position: string): KnownMessage => ({ stream: 's', revision: 0, position, digest: 'sha256:00' });
const fill = (position: string): void => {
  for (let n = 0; n < 10; n += 1) index.remember(`message-${n}`, known(position));
};

/** A runner that looks at once, and again when it is told to. */
function watched(): { runner: Parameters<MessageIndex['room']>[0]; look: () => boolean; status: { failing: string | null } } {
  let condition = (): boolean => false;
  const status = { failing: null as string | null };
  const runner = {
    status: (): RunnerStatus => ({ bookmarks: [], caughtUp: true, broken: null, ...status }),
    until: async (made: () => boolean) => (condition = made)(),
  };
  return { runner, look: () => condition(), status };
}

test('there is room for the first messages', () => {
  expect(index.room(ledger.runner)).toBeNull();
  // The same message twice takes the room of one.
  for (let n = 0; n < 100; n += 1) index.remember('message', known(BEYOND));
  expect(index.room(ledger.runner)).toBeNull();
});

test('what the read models hold makes room', async () => {
  const [first] = await ledger.log.readAll(null, 1);
  fill(String(first?.position));
  expect(await index.room(ledger.runner)).toBe(true);
  expect(index.room(ledger.runner)).toBeNull();
});

test('what they do not hold is waited for', async () => {
  // Nothing that is needed to tell a repeat is dropped; read models that fail make nobody wait.
  fill(BEYOND);
  const { runner, look, status } = watched();
  expect(await index.room(runner)).toBe(false);
  expect(index.find('message-3')).toMatchObject({ position: BEYOND });
  expect(look()).toBe(false);
  status.failing = 'the disk is full';
  expect(look()).toBe(true);
});
