/** How far the threads of a process step back, as the kernel of Linux tells it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Of each thread; `process`: its id, or `self`. */
export function nicenessOf(process: string): number[] {
  const tasks = `/proc/${process}/task`;
  return readdirSync(tasks).map((task) => {
    // Field 19 of its line, counted from the name's bracket, as a name may hold blanks.
    const stat = readFileSync(join(tasks, task, 'stat'), 'latin1');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16]);
  });
}
