/** A runtime for reading alone, for the time of a command that asks no query: without Nest. */
import { readConfig } from '../config/config.js';
import { openToRead } from '../runtime/open-caught-up.js';
import { damageFound } from '../runtime/stores.js';
import type { Runtime } from '../runtime/runtime.js';

/** Opens for reading alone, runs, closes: for what takes long, beside whoever writes. */
export async function withReader<T>(run: (runtime: Runtime) => Promise<T>): Promise<T> {
  const runtime = await openToRead({ config: readConfig(process.env) });
  try {
    return await run(runtime);
  } catch (error) {
    throw damageFound(runtime, error);
  } finally {
    await runtime.close();
  }
}
