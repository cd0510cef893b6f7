#!/usr/bin/env node
// The built program is in dist/, made by `npm install` (its prepare script) or `npm run build`.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const cli = new URL('../dist/cli.js', import.meta.url);
if (existsSync(fileURLToPath(cli))) {
  await import(cli.href);
} else {
  console.error('disclosure is not built yet: run "npm install", or "npm run build" after a change.');
  process.exitCode = 2;
}
