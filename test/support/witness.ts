/** Real witnesses for tests: the server of src/witness on a free port, over a state in a folder of its own. */
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateSignerKey, type SignerKey, type VerifierKey } from '../../src/ledger/signed-note.js';
import type { WitnessAddress } from '../../src/signing/witness-service.js';
import { createWitnessServer } from '../../src/witness/server.js';
import { WitnessState } from '../../src/witness/state.js';
import { Witness } from '../../src/witness/witness.js';

export interface RunningWitness extends WitnessAddress {
  readonly state: WitnessState;
  readonly witness: Witness;
  /** What an operator was told. */
  readonly said: readonly string[];
  /** Stops listening; what was signed stays. */
  stop(): Promise<void>;
  /** Listens again under the same address. */
  resume(): Promise<void>;
  /** Stops and removes everything. */
  remove(): Promise<void>;
}

export async function startWitness(
  logs: readonly VerifierKey[],
  key: SignerKey = generateSignerKey('witness.example/w1', 'cosignature'),
): Promise<RunningWitness> {
  const folder = mkdtempSync(join(tmpdir(), 'disclosure-witness-'));
  const state = new WitnessState(join(folder, 'witness.db'), [key]);
  const witness = new Witness({ state, keys: [key], logs, now: Date.now });
  const said: string[] = [];
  let server = createWitnessServer(witness, (line) => said.push(line));
  const listen = (port: number): Promise<void> => new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      if (!server.listening) return resolve();
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return {
    url: `http://127.0.0.1:${port}`,
    keys: [key],
    state,
    witness,
    said,
    stop,
    resume: async () => {
      server = createWitnessServer(witness, (line) => said.push(line));
      await listen(port);
    },
    remove: async () => {
      await stop();
      state.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
