/** The command that writes files: the audit pack, and what others open. */
import { Option, type Command } from 'commander';
import { EXIT } from '../exit-codes.js';
import type { ExportFileOptions } from '../commands/export.js';
import { asOf, json, parseYear } from './options.js';

/** What an export is of: exactly one of these is given. */
const KINDS = ['pack', 'table', 'report', 'catalogue', 'register', 'cases', 'trail'] as const;

type Options = ExportFileOptions & { readonly pack?: string; readonly toEnd?: boolean };

export function declareExport(program: Command): void {
  program
    .command('export')
    .description('write files: the audit pack of the history, or a table, a yearly report, a list in XLSX, CSV, DOCX, HTML or PDF 导出')
    .addOption(kind('--pack <file>', 'the history as an audit pack: events, proofs, tables, and a verifier that needs only Node'))
    .addOption(kind('--table', 'the statistics table of a year in official layout 年度统计表'))
    .addOption(kind('--report', 'the yearly report with its tables 年度报告'))
    .addOption(kind('--catalogue', 'the published items 主动公开目录'))
    .addOption(kind('--register', 'the applications, without who applied 依申请公开登记'))
    .addOption(kind('--cases', 'all cases and whom they wait for 事项清单'))
    .addOption(kind('--trail <kind/number>', 'the review and sign-off trail of a case 审查审批轨迹'))
    .option('--agency <code>', 'agency code; of a pack: only its events, with all entries of the ledger')
    .addOption(new Option('--year <year>', 'statistics year; of a pack: only what its tables are made of').argParser(parseYear))
    .option('--form <id>', 'of a table: another form than the agency’s of that year')
    .addOption(new Option('--view <view>', 'of a table: live, paper or published').choices(['live', 'paper', 'published']))
    .option('--rollup', 'of a table: with the agencies below, added up')
    .addOption(asOf())
    .option('--format <formats>', 'xlsx, csv, docx, html, pdf; several with commas (default: the ending of --out)')
    .option('--out <file>', 'file to write, or folder to write into; - = standard output (default: a name of its own, here)')
    .option('--no-bom', 'CSV as programs read it: without byte order mark, texts as they are')
    .option('--to-end', 'of a pack: up to the last event, not only to the last signed checkpoint')
    .addOption(json())
    .action(run);
}

function kind(flags: string, description: string): Option {
  const own = flags.split(' ')[0]?.slice(2);
  return new Option(flags, description).conflicts(KINDS.filter((other) => other !== own));
}

async function run({ pack, toEnd, ...options }: Options, command: Command): Promise<void> {
  if (pack !== undefined) {
    const { exportPackFile } = await import('../commands/export-pack.js');
    const { agency, year, json: asJson } = options;
    process.exitCode = await exportPackFile({ pack, agency, year, toEnd, json: asJson });
    return;
  }
  if (toEnd === true) command.error('error: --to-end goes with --pack', { exitCode: EXIT.usage });
  const { exportFiles, kindsIn } = await import('../commands/export.js');
  const [of] = kindsIn(options);
  if (of === undefined) command.error(`error: give one of ${KINDS.map((one) => `--${one}`).join(', ')}`, { exitCode: EXIT.usage });
  else process.exitCode = await exportFiles(of, options);
}
