// The audit pack: written, verified, and the least that either has to do: reading the log.
import { readFileSync, statSync } from 'node:fs';
import { SqliteEventLog } from '../../dist/log/sqlite-event-log.js';
import { openToRead } from '../../dist/runtime/open-caught-up.js';
import { exportPack } from '../../dist/audit/pack/export-pack.js';
import { verifyFile } from '../../dist/verifier/verify-file.js';
import { timed } from '../measure.mjs';

const PAGE = 1000;
const peak = () => process.resourceUsage().maxRSS * 1024;
const dist = (name) => readFileSync(new URL(`../../dist/${name}`, import.meta.url));

export async function exporting({ folder, file }) {
  const runtime = await openToRead({ config: { data: folder, eventStoreDbUrl: null } });
  const request = {
    file,
    cut: null,
    toEnd: true,
    keys: { ledger: [], witnesses: [] },
    files: { 'SPEC.md': dist('audit-pack.md'), 'COUNTING.md': dist('counting.md'), 'verify.mjs': dist('verifier.mjs') },
  };
  const { value, seconds, cpu } = await timed(() => exportPack(runtime, request));
  await runtime.close();
  return { count: value.size, tables: value.tables, bytes: value.bytes, seconds, cpu, peak: peak() };
}

export async function verifying({ file }) {
  const question = { file, keys: [], witnesses: [], minWitnesses: 0, previousCheckpoint: null, self: null };
  const { value, seconds, cpu } = await timed(() => verifyFile(question));
  if (!value.holds) throw new Error(`the pack does not hold: ${JSON.stringify(value.findings)}`);
  return { count: value.size, cells: value.cells, bytes: statSync(file).size, seconds, cpu, peak: peak() };
}

/** Every event read from the embedded log and parsed. */
export async function reading({ log }) {
  const source = new SqliteEventLog({ file: log, readonly: true });
  let count = 0;
  const { seconds, cpu } = await timed(async () => {
    for (let page = await source.readAll(null, PAGE); page.length > 0; page = await source.readAll(page.at(-1).position, PAGE))
      count += page.length;
  });
  await source.close();
  return { count, seconds, cpu, peak: peak() };
}
