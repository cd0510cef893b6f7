/**
 * `disclosure witness`: signs the checkpoints of other people's ledgers, apart from any ledger of its own, until
 * SIGTERM or SIGINT.
 */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { BadConfiguration, parsePort } from '../../config/config.js';
import { DamagedFile } from '../../sqlite/damaged-file.js';
import { makeFolder } from '../../runtime/data-folder.js';
import type { SignerKey } from '../../ledger/signed-note.js';
import { StoreUnavailable } from '../../log/event-log.js';
import { readWitness } from '../../runtime/signing-keys.js';
import { createWitnessServer } from '../../witness/server.js';
import { StateBusy, StateDamaged, WitnessState } from '../../witness/state.js';
import { Witness } from '../../witness/witness.js';
import { drain } from '../drain.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { note } from '../render/output.js';

const DEFAULT_PORT = '3100';
const DEFAULT_HOST = '127.0.0.1';

export async function witness(options: { readonly port?: string; readonly host?: string }): Promise<ExitCode> {
  const { folder, keys, logs } = readWitness(process.env);
  const port = parsePort(options.port ?? (process.env['PORT'] || DEFAULT_PORT));
  const host = options.host ?? (process.env['DISCLOSURE_WITNESS_HOST'] || DEFAULT_HOST);
  const state = open(folder, keys);
  try {
    if (state.isNew) note(`nothing was signed from ${folder} before: a witness that has lost what it signed must have a new key`);
    const server = createWitnessServer(new Witness({ state, keys, logs, now: Date.now }), (line) => note(`disclosure: ${line}`));
    const stopped = new Promise<void>((resolve) => {
      process.once('SIGTERM', resolve);
      process.once('SIGINT', resolve);
    });
    note(`listening on ${await listen(server, port, host)}`);
    await stopped;
    await drain(server);
  } finally {
    state.close();
  }
  return EXIT.done;
}

const HINT =
  'Restore the newest copy only if it is whole and nothing was signed since; otherwise retire this key: begin with an empty folder and a new one, and tell the ledgers.';

function open(folder: string, keys: readonly SignerKey[]): WitnessState {
  makeFolder(folder);
  const file = join(folder, 'witness.db');
  try {
    return new WitnessState(file, keys);
  } catch (error) {
    if (error instanceof StateDamaged) throw new DamagedFile(file, { code: 'state-damaged', hint: HINT }, error);
    if (error instanceof StateBusy) throw new StoreUnavailable(error.message, { cause: error });
    throw error;
  }
}

function listen(server: Server, port: number, host: string): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) =>
      reject(new BadConfiguration(`cannot listen on ${host}, port ${port}: ${error.message}`, { cause: error })),
    );
    server.listen(port, host, () => {
      const { address, family, port: taken } = server.address() as AddressInfo;
      resolve(`http://${family === 'IPv6' ? `[${address}]` : address}:${taken}`);
    });
  });
}
