/**
 * `disclosure keys`: makes keys, and shows whose signatures are configured. A private key is printed once, where it is
 * made, and nowhere else.
 */
import { writeFileSync } from 'node:fs';
import { BadConfiguration } from '../../config/config.js';
import { messageOf } from '../../encoding/unknown-values.js';
import { BadKey, formatSignerKey, formatVerifierKey, generateSignerKey, type SignerKey } from '../../ledger/signed-note.js';
import { readConfiguredKeys } from '../../runtime/signing-keys.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { note, print, printJson } from '../render/output.js';

interface NewKeyOptions {
  readonly name: string;
  readonly witness?: boolean;
  readonly out?: string;
  readonly json?: boolean;
}

/**
 * The private line goes to stdout, or into a file nobody else can read; the verifier key to stderr, or to stdout where
 * the private line does not.
 */
export function newKey({ name, witness, out, json }: NewKeyOptions): ExitCode {
  const key = generate(name, witness === true);
  const [line, vkey] = [formatSignerKey(key), formatVerifierKey(key)];
  if (out !== undefined) save(out, line);
  const said = { name: key.name, id: key.id, type: key.type, vkey };
  if (json === true) printJson(out === undefined ? { ...said, key: line } : { ...said, file: out });
  else if (out === undefined) {
    print(line);
    note(vkey);
  } else print(vkey);
  return EXIT.done;
}

function generate(name: string, witness: boolean): SignerKey {
  try {
    return generateSignerKey(name, witness ? 'cosignature' : 'ed25519');
  } catch (error) {
    if (error instanceof BadKey) throw new BadConfiguration(`--name: ${error.message}`);
    throw error;
  }
}

/** Never over a file that is there: it may be a key. */
function save(file: string, line: string): void {
  try {
    writeFileSync(file, `${line}\n`, { flag: 'wx', mode: 0o600, flush: true });
  } catch (error) {
    throw new BadConfiguration(`--out: no key was kept: ${messageOf(error)}`);
  }
}

const WHOSE: Readonly<Record<string, string>> = {
  ledger: '本账签名 signs checkpoints of this ledger',
  trusted: '另信 trusted for checkpoints of this ledger',
  witnesses: '见证者 asked to cosign',
  witness: '本见证者签名 signs as a witness',
  logs: '所见证 ledgers this witness signs for',
};

export function showKeys({ json }: { readonly json?: boolean }): ExitCode {
  const configured = Object.entries(readConfiguredKeys(process.env)).map(([whose, keys]) => [whose, keys.map(formatVerifierKey)] as const);
  if (json === true) {
    printJson(Object.fromEntries(configured));
    return EXIT.done;
  }
  const some = configured.filter(([, vkeys]) => vkeys.length > 0);
  for (const [whose, vkeys] of some) {
    print(`# ${WHOSE[whose]}`);
    for (const vkey of vkeys) print(vkey);
  }
  if (some.length === 0) note('没有配置密钥 no key is configured: DISCLOSURE_LEDGER_KEY, DISCLOSURE_WITNESS_KEY');
  return EXIT.done;
}
