/** `disclosure calendar YEAR`: the announcement of a year, ready to be sent. Needs no ledger. */
import { calendarMessage, type Announcer } from '../../recording/calendar-message.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { note, print } from '../render/output.js';

/**
 * The message is the answer, on one line: what is printed is what `import` reads. `--json` prints nothing beside it.
 */
export function calendar(year: number, { json, ...announcer }: Announcer & { readonly json?: boolean }): ExitCode {
  const { message, missing } = calendarMessage(year, announcer, Date.now());
  print(JSON.stringify(message));
  if (json === true) return EXIT.done;
  for (const name of missing) note(`缺 ${name}, 请填写, 或给出 --${name} (fill in ${name}, or give --${name})`);
  if (missing.length === 0) note('可用 disclosure import - 导入 (pipe it into "disclosure import -")');
  return EXIT.done;
}
