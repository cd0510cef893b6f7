/** How far the heap of a process that runs for months may grow. */
import { setFlagsFromString } from 'node:v8';

/** Percent of what the heap holds. V8 by itself goes up to four times of it. */
const GROWTH = 100;

/**
 * V8 collects when the heap has grown by so much since it was last collected, in every thread of the process. Answers
 * of some megabytes would otherwise leave hundreds behind. Read at each collection, so it may be set at any time.
 */
export function boundHeapGrowth(): void {
  setFlagsFromString(`--heap-growing-percent=${GROWTH}`);
}
