/** What stands beside src/ and dist/ in the package: the version of this program, and what its threads begin with. */
import { readFileSync } from 'node:fs';
import { membersOf } from '../encoding/unknown-values.js';

/**
 * Such as `0.1.0`: package.json says it, and nothing else does. Errors: throws where package.json stands not beside
 * src/ or dist/, or names none.
 */
export function programVersion(): string {
  const { version } = membersOf(JSON.parse(readFileSync(packageFile('package.json'), 'utf8')));
  if (typeof version !== 'string') throw new Error('package.json names no version');
  return version;
}

/**
 * The file that a thread begins with, by its name under src/ without the ending. Always as it is built: tests run their
 * sources without building them, and threads from dist/.
 */
export function threadFile(name: string): URL {
  return builtFile(`${name}.js`);
}

/** A file that only the build makes, by its name under dist/. */
export function builtFile(name: string): URL {
  return new URL(`../../dist/${name}`, import.meta.url);
}

/** The place of a file that the package brings beside the program, by its name under the package. */
export function packageFile(name: string): URL {
  return new URL(`../../${name}`, import.meta.url);
}
