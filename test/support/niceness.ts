/** How far the threads of a process step back, as the kernel of Linux tells it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Of each thread; `process`: its id, or `self`. */
export function nicenessOf(process: string): number[] {
  const tasks = `/proc/${process}/task`;
  return readdirSync(tasks).flatMap((task) => {
    // Field 19 of its line, counted from the name's bracket, as a name may hold blanks.
    const stat = statOf(join(tasks, task, 'stat'));
    return stat === null ? [] : Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16]);
  });
}

/** null of a thread that has ended since it was listed. */
function statOf(file: string): string | null {
  try {
    return readFileSync(file, 'latin1');
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return null;
    throw error;
  }
}
