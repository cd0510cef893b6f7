// A program that sends by the client, to be killed. Arguments: URL of the service, folder of the outbox, a file of
// messages, one a line; then, where it is to die by itself, `before-flush` or `torn-write` and at which one of them.
// Says on its standard output `acked ID` when a message is in the outbox, and `STATUS ID` of each receipt. Ends when
// all is delivered.
import { open, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { Emitter } from '../../dist/client/emitter.js';

const [, , url, outbox, file, fault, at = '0'] = process.argv;
const messages = (await readFile(file, 'utf8'))
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line));

/** No pipe holds a word back: what was said before a kill is heard. */
const say = (line) => process.stdout.write(`${line}\n`);

async function die() {
  process.kill(process.pid, 'SIGKILL');
  await new Promise(() => undefined);
}

/** The file system of this process, dying at one of its flushes or writes. */
async function breakFiles() {
  const probe = await open(file);
  const handles = Object.getPrototypeOf(probe);
  await probe.close();
  const { sync, write } = handles;
  let [flushes, writes] = [0, 0];
  if (fault === 'before-flush')
    handles.sync = async function () {
      flushes += 1;
      return flushes === Number(at) ? die() : sync.call(this);
    };
  if (fault === 'torn-write')
    handles.write = async function (bytes, offset, length, position) {
      writes += 1;
      if (writes !== Number(at)) return write.call(this, bytes, offset, length, position);
      await write.call(this, bytes, offset, Math.ceil(length / 2), position);
      return die();
    };
}

const emitter = await Emitter.open({
  url,
  outbox,
  retry: { firstMs: 20, mostMs: 200 },
  onReceipt: ({ status, id, error }) => say(`${status} ${id} ${error?.code ?? ''}`),
});
// What opening does is done: the faults are of the messages that are sent.
if (fault !== undefined) await breakFiles();
say('open');
for (let next = 0; next < messages.length; next += 5) {
  await Promise.all(
    messages.slice(next, next + 5).map(async (message) => {
      const { id } = await emitter.send(message);
      say(`acked ${id}`);
    }),
  );
  await sleep(5);
}
await emitter.flush();
await emitter.close();
