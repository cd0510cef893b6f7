// Writes the first COUNT messages of the generated history to FILE, a line each: node bench/write-histories.mjs COUNT
// FILE
import { writeFileSync } from 'node:fs';
import { history } from './histories.mjs';

const [count, file] = [Number(process.argv[2]), process.argv[3]];
writeFileSync(
  file,
  history(count)
    .take(count)
    .map((message) => `${JSON.stringify(message)}\n`)
    .toArray()
    .join(''),
);
