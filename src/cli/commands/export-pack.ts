/** `disclosure export --pack`: the history into a file that an auditor takes along. */
import { statSync } from 'node:fs';
import type { Exported } from '../../audit/pack/export-pack.js';
import { QueryProblem } from '../../read-models/query-problem.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { inHeapThread } from '../heap-thread.js';
import type { PackProgress, PackWanted } from '../pack/write-pack.js';
import { print, printJson } from '../render/output.js';
import { progressBar } from '../render/progress.js';

export interface ExportPackOptions {
  readonly pack: string;
  readonly agency?: string;
  readonly year?: number;
  readonly toEnd?: boolean;
  readonly json?: boolean;
}

export async function exportPackFile({ pack, agency, year, toEnd = false, json }: ExportPackOptions): Promise<ExitCode> {
  if (statSync(pack, { throwIfNoEntry: false })?.isDirectory() === true)
    throw new QueryProblem('bad-parameter', `${pack} is a folder.`, 'Name the file to write.');
  const begun: PackWanted = { pack, agency: agency ?? null, year: year ?? null, toEnd };
  const bar = progressBar();
  const heard = ({ entries, of }: PackProgress): void => bar.update('exporting', entries, of);
  const exported = await inHeapThread<PackProgress, Exported>({ file: 'cli/pack/thread', begun, heard }).finally(() => bar.stop());
  if (json === true) printJson(exported);
  else for (const line of describe(exported)) print(line);
  return EXIT.done;
}

function* describe({ file, bytes, size, root, events, tables, signed, origin, cut }: Exported): Generator<string> {
  yield `审计包 pack ${file}, ${bytes} bytes`;
  yield `账本 ledger ${origin ?? '未签名 unsigned'}: 条目 entries ${size}, 根 root ${root}`;
  yield `事件 events ${events}, 统计表 tables ${tables}${cut === null ? '' : `, 范围 part ${cut.agency ?? '所有机关 all agencies'} ${cut.year ?? '所有年度 all years'}`}`;
  if (signed === null)
    yield '尚无检查点: 谁都可以改写此包而不被发现 no checkpoint was signed yet: whoever has this pack can make another like it';
  else if (signed < size)
    yield `最后检查点之后的 ${size - signed} 个事件未签名 ${size - signed} events behind the last checkpoint are not signed`;
  yield `核验 verify: disclosure verify --pack ${file} --key VKEY, 或 or: tar -xzf ${file} verify.mjs && node verify.mjs ${file} --key VKEY`;
}
