// Holds some 80 MB, lets garbage that has become old arise beside it, and prints how often what it holds its heap is
// at most. `node --expose-gc heap-peak.mjs [FILE]`: `boundHeapGrowth` of that file is called before.
import { setTimeout as sleep } from 'node:timers/promises';

const [, , file] = process.argv;
if (file !== undefined) (await import(file)).boundHeapGrowth();

const objects = (count, text) => Array.from({ length: count }, (_, index) => ({ index, text: text + index, list: [index] }));
const held = objects(500_000, 'held');
globalThis.gc();
const base = process.memoryUsage().heapUsed;
const recent = [];
let peak = 0;
for (let turn = 0; turn < 600; turn += 1) {
  recent[turn % 10] = objects(4_000, 'recent');
  peak = Math.max(peak, process.memoryUsage().heapUsed);
  await sleep(4);
}
console.log(held.length > 0 ? peak / base : null);
