// Proofs at size: that an event is in the ledger, that the ledger only grew, and what a new checkpoint takes until it
// is in the log.
import { generateSignerKey } from '../../dist/ledger/signed-note.js';
import { idText } from '../../dist/read-models/journal/journal.js';
import { CheckpointService } from '../../dist/signing/checkpoint-service.js';
import { NO_IDENTITY } from '../../dist/recording/sender.js';
import { open, randomOf, reckoned, sample } from './reading.mjs';

const key = generateSignerKey('bench.example/ledger');

/** Signs with a key of this process: only on a folder without checkpoints. */
export function keeperOf({ log, store, writer }) {
  let kept = null;
  const lastSigned = { load: () => kept, save: (note) => (kept = note) };
  const signer = { origin: key.name, keys: [key], lastSigned };
  return new CheckpointService({ log, store, signer, now: Date.now, caughtUp: (timeout) => writer.runner.caughtUp(timeout) });
}

export async function signed(keeper, { writer }) {
  const cut = await keeper.cutNow();
  if (cut !== 'signed') throw new Error(`no checkpoint: ${cut}`);
  await writer.runner.caughtUp(60_000);
}

/** On a folder without checkpoints: those there would be signed by a key nobody has any more. */
export async function proofs({ folder, times }) {
  const runtime = await open(folder);
  const keeper = keeperOf(runtime);
  await signed(keeper, runtime);
  const { size } = runtime.store.checkpoints.last();
  const random = randomOf(6962);
  const id = runtime.store.db.prepare('SELECT event_id FROM events WHERE idx = ?').pluck();
  const eventId = () => idText(id.get(random(size)));
  const result = {
    size,
    inclusion: await reckoned(times, () => runtime.proofs.proof(eventId())),
    file: await reckoned(times, () => runtime.proofs.proofFile(eventId())),
    consistency: await reckoned(times, () => runtime.proofs.consistency(1 + random(size - 1))),
  };
  const run = Date.now();
  let turn = 0;
  const cut = async () => {
    turn += 1;
    const message = {
      specversion: '1.0',
      id: `proof-${run}-${turn}`,
      source: '/bench/meetings',
      type: 'disclosure.meeting.held',
      subject: `meeting/proof-${run}-${turn}`,
      time: '2018-06-01T09:00:00+08:00',
      agency: 'agency-0',
      actor: 'office',
      data: { title: `第 ${turn} 次会议` },
    };
    const receipt = await runtime.writer.recorder.recordBytes(Buffer.from(JSON.stringify(message)), NO_IDENTITY);
    if (receipt.status !== 'recorded') throw new Error(JSON.stringify(receipt));
    const begun = performance.now();
    await signed(keeper, runtime);
    taken.push(performance.now() - begun);
  };
  const taken = [];
  await sample(times / 5, cut);
  await runtime.close();
  return { ...result, cut: taken };
}
