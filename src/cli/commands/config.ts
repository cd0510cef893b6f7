/**
 * `disclosure config`: every environment variable with its value, default and meaning. Needs no ledger, and opens none.
 */
import { settings } from '../../config/variables.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { print, printJson } from '../render/output.js';

export function config({ json }: { readonly json?: boolean }): ExitCode {
  const found = settings(process.env);
  if (json === true) {
    printJson({ variables: found });
    return EXIT.done;
  }
  for (const { name, value, default: otherwise, meaning } of found) {
    print(`${name} = ${value ?? `(${otherwise ?? '未设置 not set'})`}`);
    print(`    ${meaning}`);
  }
  return EXIT.done;
}
