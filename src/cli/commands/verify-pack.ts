/** `disclosure verify --pack`: what verify.mjs does. */
import { BadUsage } from '../../verifier/brought.js';
import { verifyCommand, type VerifyArguments } from '../../verifier/command.js';
import { readBuilt } from '../built-files.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { note } from '../render/output.js';

export async function verifyPackFile(options: VerifyArguments): Promise<ExitCode> {
  try {
    return await verifyCommand(options, readBuilt('verifier.mjs'), (text) => process.stdout.write(text));
  } catch (error) {
    if (!(error instanceof BadUsage)) throw error;
    note(`disclosure: ${error.message}`);
    return EXIT.usage;
  }
}
