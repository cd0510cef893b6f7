// Every command as it explains itself, and the codes it ends with.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { EXIT } from '../../dist/cli/exit-codes.js';
import { fence, table } from './markdown.mjs';

const EXIT_MEANS = {
  done: 'Done; a check found nothing.',
  failed: 'A message was refused, a check failed, or there is no answer to the question.',
  usage: 'Wrong usage: an unknown option, a missing argument, a value that is none, a wrong environment variable.',
  unreachable: 'The store cannot be reached or used: nothing is known to be recorded.',
};

export function commandParts(root) {
  const help = (...words) =>
    execFileSync(process.execPath, [join(root, 'bin/disclosure.js'), ...words, '--help'], {
      encoding: 'utf8',
      env: { ...process.env, COLUMNS: '80' },
    });
  const exits = table(
    ['exit', 'means'],
    Object.entries(EXIT).map(([name, value]) => [value, EXIT_MEANS[name]]),
  );
  return [['exit codes', exits], ...commandsIn(help(), help).map(([name, text]) => [`command ${name}`, fence('text', text)])];
}

/** Names of the commands in a help text; those of a group (`keys new`) follow it. */
function commandsIn(text, help, above = []) {
  const [, list = ''] = text.split('\nCommands:\n');
  return [...list.matchAll(/^ {2}([a-z-]+)/gm)]
    .map(([, name]) => name)
    .filter((name) => name !== 'help')
    .flatMap((name) => {
      const words = [...above, name];
      const own = help(...words);
      return own.includes('\nCommands:\n') ? commandsIn(own, help, words) : [[words.join(' '), own]];
    });
}
