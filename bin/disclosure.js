#!/usr/bin/env node
// The built program is in dist/, made by `npm install` (its prepare script) or `npm run build`. An older Node must
// reach the line that says what is needed: nothing here is newer than Node 14, and nothing is imported before the
// version is known.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const NEEDED = [22, 13];
const cli = new URL('../dist/cli.js', import.meta.url);
const [major, minor] = process.versions.node.split('.').map(Number);

if (major < NEEDED[0] || (major === NEEDED[0] && minor < NEEDED[1])) {
  console.error(
    `disclosure needs Node ${NEEDED.join('.')} or newer, this is ${process.versions.node}: run "npx disclosure" in the project's folder, which brings Node 24, or install Node 24 (nodejs.org).`,
  );
  process.exitCode = 2;
} else if (existsSync(fileURLToPath(cli))) {
  if (process.argv[2] === 'serve') boundYoungHeap();
  await import(cli.href);
} else {
  console.error('disclosure is not built yet: run "npm install", or "npm run build" after a change.');
  process.exitCode = 2;
}

/**
 * V8 lets the young part of a heap grow to 128 MB, does not give it back under load, and takes no smaller bound once it
 * runs. A service runs for months, so its process begins once more with a bound: with a quarter it is as fast. It stays
 * the same process to whoever began it. Nothing happens where Node cannot do it or may not, where another bound was
 * asked for, or where whoever began it talks to it over a channel, which would be lost.
 */
function boundYoungHeap() {
  const option = '--max-semi-space-size';
  const asked = [...process.execArgv, process.env.NODE_OPTIONS || ''].some((text) => text.replace(/_/g, '-').includes(option));
  const may = process.permission === undefined || process.permission.has('child');
  if (typeof process.execve !== 'function' || process.channel !== undefined || asked || !may) return;
  process.execve(process.execPath, [process.execPath, `${option}=16`, ...process.execArgv, ...process.argv.slice(1)], process.env);
}
