/** `disclosure token`: a token of the local issuer, to try identity without a provider. */
import { issueToken, tokenKeyFile } from '../../access/identity/local-issuer.js';
import { isSubject } from '../../config/access.js';
import { BadConfiguration, readConfig } from '../../config/config.js';
import { modeOf } from '../../config/data-files.js';
import { makeFolder } from '../../runtime/data-folder.js';
import { formatInstant } from '../../time/instant.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { note, print, printJson } from '../render/output.js';

const DEFAULT_MINUTES = 60;
/** A year. */
const MAX_MINUTES = 525_600;

export interface TokenOptions {
  readonly subject: string;
  readonly minutes?: string;
  readonly json?: boolean;
}

/**
 * The token goes to stdout, alone on its line. The key is made in the data folder, where `serve` reads it; no ledger
 * need be there yet.
 */
export async function token({ subject, minutes, json }: TokenOptions): Promise<ExitCode> {
  if (!isSubject(subject)) throw new BadConfiguration('--subject has 1 to 255 characters');
  const wanted = minutes === undefined ? DEFAULT_MINUTES : parseMinutes(minutes);
  const { data: folder } = readConfig(process.env);
  makeFolder(folder);
  const first = modeOf(tokenKeyFile(folder)) === null;
  const issued = await issueToken({ folder, subject, minutes: wanted, now: Date.now() });
  if (first)
    note(
      `新建令牌密钥 a key was made: ${tokenKeyFile(folder)}; "disclosure serve" on this folder takes its tokens with DISCLOSURE_OIDC_ISSUER=local`,
    );
  if (json === true)
    printJson({ token: issued.token, ...issued.caller, audience: issued.audience, expiresAt: formatInstant(issued.expiresAt) });
  else print(issued.token);
  return EXIT.done;
}

function parseMinutes(text: string): number {
  const minutes = /^\d{1,6}$/.test(text) ? Number(text) : NaN;
  if (!(minutes >= 1 && minutes <= MAX_MINUTES)) throw new BadConfiguration(`--minutes is a whole number from 1 to ${MAX_MINUTES}`);
  return minutes;
}
