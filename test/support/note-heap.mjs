// For `node --import`: each thread notes how large the young part of its heap may become, MB, as a line of the file
// that HEAP_FILE names.
import { appendFileSync } from 'node:fs';
import { isMainThread, resourceLimits } from 'node:worker_threads';

if (!isMainThread) appendFileSync(process.env.HEAP_FILE, `${resourceLimits.maxYoungGenerationSizeMb}\n`);
