/** The entry of verify.mjs. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { messageOf } from '../encoding/unknown-values.js';
import { visible } from '../encoding/visible-text.js';
import { BadUsage } from './brought.js';
import { parseArguments, USAGE, verifyCommand } from './command.js';

async function main(args: readonly string[]): Promise<0 | 1 | 2> {
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  try {
    return await verifyCommand(parseArguments(args), readFileSync(fileURLToPath(import.meta.url)), (text) => process.stdout.write(text));
  } catch (error) {
    process.stderr.write(`verify: ${visible(messageOf(error))}\n${error instanceof BadUsage ? `\n${USAGE}\n` : ''}`);
    return 2;
  }
}

// Whoever reads the output may stop early (`| head`): that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(process.exitCode ?? 0);
});

process.exitCode = await main(process.argv.slice(2));
