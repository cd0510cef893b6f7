/**
 * What a command that reads does: asks the ledger, then prints the answer as JSON or as text for people.
 * Loaded for --help too: what a question and its text need is imported where it is asked.
 */
import type { QueryBus } from '@nestjs/cqrs';
import { EXIT } from '../exit-codes.js';
import type { Line } from '../render/columns.js';

export interface Answer {
  /** What --json prints. */
  readonly answer: unknown;
  /** The same for people. */
  readonly lines: () => readonly Line[];
}

/** The action of a command with these options. The read models are at the end of the log when `ask` begins. */
export function reading<Options extends { readonly json?: boolean }>(
  ask: (options: Options, queries: QueryBus) => Promise<Answer>,
): (options: Options) => Promise<void> {
  return async (options) => {
    const [{ withLedger }, { printJson }, { printLines }] = await Promise.all([
      import('../context.js'),
      import('../render/output.js'),
      import('../render/columns.js'),
    ]);
    await withLedger(async ({ queries }) => {
      const { answer, lines } = await ask(options, queries);
      if (options.json === true) printJson(answer);
      else printLines(lines());
    });
    process.exitCode = EXIT.done;
  };
}
