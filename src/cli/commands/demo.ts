/** `disclosure demo`: the example year through the ordinary door, then what it makes visible. */
import { fileURLToPath } from 'node:url';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { ExplainCell, GetTable } from '../../tables/handlers.js';
import { GetTrail } from '../../privacy/handlers.js';
import { packageFile } from '../../config/package-files.js';
import { withLedger } from '../context.js';
import { runImport } from './import.js';
import type { Serving } from './serve.js';
import { note, print, printJson } from '../render/output.js';
import { agencyName } from '../agency-name.js';
import { cellLabel } from '../render/render-table.js';
import { renderExplanation, renderTable, renderTrail } from '../render/render.js';

const AGENCY = '370828-commerce';
const YEAR = 2017;
/** The item that was returned once, and the cell whose events show two channels added up. */
const ITEM = { kind: 'publication', number: '2017-0034' };
const CELL = '1.2.4';

export function exampleFile(): string {
  return fileURLToPath(packageFile('examples/jinxiang-commerce-2017.ndjson'));
}

/** The service over the example year, with the address of its pages. */
export async function servedDemo(options: { readonly port?: string }, service: Serving): Promise<ExitCode> {
  const { serve } = await import('./serve.js');
  const listen: Serving['listen'] = async (...where) => {
    const url = await service.listen(...where);
    print(`页面 pages: ${url}/agencies/${AGENCY}`);
    return url;
  };
  return serve(options, { ...service, listen });
}

export async function demo(options: { readonly json?: boolean }): Promise<ExitCode> {
  const { recorded, duplicate, refused, refusals } = await runImport([exampleFile()]);
  for (const { line, error } of refusals) note(`line ${line} refused ${error.code}: ${error.message}`);
  return withLedger(async ({ queries }) => {
    const table = await queries.execute(new GetTable({ agency: AGENCY, year: YEAR }));
    if (options.json === true) {
      printJson({ agency: AGENCY, year: YEAR, imported: { recorded, duplicate, refused }, table });
      return refused > 0 ? EXIT.failed : EXIT.done;
    }
    print(
      '示例数据系按公开年报构造, 并非该局真实办件记录。The example history is constructed from the published report; it is no record of real acts.',
    );
    print(`导入 imported: ${recorded} recorded, ${duplicate} already there, ${refused} refused`);
    print();
    for (const line of renderTable(table, await agencyName(queries, AGENCY))) print(line);
    print();
    print('一条信息的审查审批轨迹 the trail of one item:');
    for (const line of renderTrail(await queries.execute(new GetTrail(AGENCY, ITEM)))) print(line);
    print();
    print('一个数字的来源 the events behind one figure:');
    const explained = await queries.execute(new ExplainCell({ agency: AGENCY, year: YEAR, cell: CELL }));
    for (const line of renderExplanation(explained, (cell) => cellLabel(table, cell))) print(line);
    print();
    print('接下来可以 what to try next:');
    print(
      `  npx disclosure table --agency ${AGENCY} --year ${YEAR} --as-of index:200   # 录入到第200号事件时的表 the table as of an earlier event`,
    );
    print(`  npx disclosure explain --agency ${AGENCY} --year ${YEAR} --cell 1.1`);
    print(`  npx disclosure trail --agency ${AGENCY} --case publication/2017-0048        # 公开后更正 corrected after release`);
    print(`  npx disclosure trail --agency ${AGENCY} --year ${YEAR}`);
    print('  npx disclosure replay                                                        # 由日志重建全部统计 rebuild and compare');
    print('  npx disclosure demo --serve                                                  # 在浏览器里看 look at it in a browser');
    print('  npx disclosure serve                                                         # http://127.0.0.1:3000/docs');
    return refused > 0 ? EXIT.failed : EXIT.done;
  });
}
