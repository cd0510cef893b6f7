// For `node --import`: notes the address of every module that the process loads, required ones and parts of Node too,
// and writes them at its end into the file that MODULES_FILE names, one a line. Needs Node 22.15; tests run on 24.
import { writeFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

const loaded = new Set();

registerHooks({
  load(url, context, nextLoad) {
    loaded.add(url);
    return nextLoad(url, context);
  },
});

process.on('exit', () => writeFileSync(process.env.MODULES_FILE, [...loaded].join('\n')));
