/** The command line. Nest and the stores load only inside an action, so that --help answers at once. */
import { Command, CommanderError, Option } from 'commander';
import { EXIT } from './cli/exit-codes.js';
import { programVersion } from './config/package-files.js';
import { declareAccess } from './cli/reads/access.js';
import { declareAgencies } from './cli/reads/agencies.js';
import { declareCaseList } from './cli/reads/case-list.js';
import { declareCases } from './cli/reads/cases.js';
import { declareDeadlines } from './cli/reads/deadlines.js';
import { declareExport } from './cli/reads/export.js';
import { declareOfficers } from './cli/reads/officers.js';
import { json, parseYear } from './cli/reads/options.js';
import { declareTables } from './cli/reads/tables.js';
import type { CheckReportOptions } from './cli/commands/check-report.js';
import type { ImportArguments } from './cli/commands/import.js';
import type { VerifyArguments } from './verifier/command.js';

const program = new Command('disclosure')
  .description('Event-sourced ledger of government information disclosure 政府信息公开台账')
  .version(programVersion())
  .showHelpAfterError()
  .exitOverride()
  .configureHelp({ showGlobalOptions: true });

program
  .command('serve')
  .description('run the HTTP service, over TLS where there is a certificate')
  .option('--port <port>', 'port, 0 = any free one (default: PORT or 3000)')
  .action(async (options: { port?: string }) => {
    const [{ serve }, service] = await Promise.all([import('./cli/commands/serve.js'), import('./main.js')]);
    process.exitCode = await serve(options, service);
  });

program
  .command('demo')
  .description('load the example year 2017 of 金乡县商务局, print its table, a trail and an explained cell')
  .addOption(json().conflicts('serve'))
  .option('--serve', 'then run the service, and show the year in a browser, until it is stopped')
  .option('--port <port>', 'with --serve: port, 0 = any free one (default: PORT or 3000)')
  .action(async (options: { json?: boolean; serve?: boolean; port?: string }) => {
    const { demo, servedDemo } = await import('./cli/commands/demo.js');
    process.exitCode = await demo(options);
    if (options.serve === true) process.exitCode = await servedDemo(options, await import('./main.js'));
  });

program
  .command('import')
  .description('record messages from NDJSON files (- = standard input), or the rows of spreadsheets (CSV, XLSX) by a mapping')
  .argument('<file...>')
  .option('--dry-run', 'decide each message after those before it, and record nothing')
  .option('--map <mapping>', 'the files are spreadsheets: the mapping of their columns, a file or catalogue, register, table 导入电子表格')
  .option('--agency <code>', 'with --map: the agency of the rows')
  .option('--actor <name>', 'with --map: the officer who acted, where the row names none')
  .option('--source <source>', 'with --map: source of the messages')
  .addOption(new Option('--year <year>', 'with --map: the year of a printed table').argParser(parseYear))
  .option('--on <date>', 'with --map: the day on which a printed table is declared')
  .option('--refused <file>', 'with --map: where to write the rows that are refused (default: beside the spreadsheet)')
  .addOption(json())
  .action(async (files: string[], options: ImportArguments, command: Command) => {
    checkImport(files, options, command);
    const { importFiles } = await import('./cli/commands/import.js');
    process.exitCode = await importFiles(files, options);
  });

function checkImport(files: readonly string[], options: ImportArguments, command: Command): void {
  const { map, refused, agency, actor, source, year, on } = options;
  const wrong = (message: string): never => command.error(`error: ${message}`, { exitCode: EXIT.usage });
  if (map === undefined && [refused, agency, actor, source, year, on].some((option) => option !== undefined))
    wrong('--agency, --actor, --source, --year, --on and --refused go with --map');
  if (map !== undefined && files.includes('-')) wrong('--map takes files, not standard input');
  if (refused !== undefined && files.length > 1) wrong('--refused goes with one file');
}

program
  .command('refusals')
  .description('list refused messages, newest first, or send one again')
  .option('--resend <refusalId>', 'send this refused message again, as it was')
  .addOption(json())
  .action(async (options: { resend?: string; json?: boolean }) => {
    const { refusals } = await import('./cli/commands/refusals.js');
    process.exitCode = await refusals(options);
  });

declareTables(program);
declareCases(program);
declareCaseList(program);
declareOfficers(program);
declareAgencies(program);
declareAccess(program);
declareDeadlines(program);

program
  .command('config')
  .description('print every environment variable with its value, default and meaning')
  .addOption(json())
  .action(async (options: { json?: boolean }) => {
    const { config } = await import('./cli/commands/config.js');
    process.exitCode = config(options);
  });

program
  .command('calendar')
  .description('print the announcement of a year’s working days 节假日安排 as a message, where this release holds the notice')
  .argument('<year>', 'year', parseYear)
  .option('--agency <code>', 'the agency that announces it, for itself and those below it')
  .option('--actor <name>', 'an administrator of the agency')
  .option('--id <id>', 'id of the message (default: made of year and time)')
  .option('--source <source>', 'source of the message (default: /disclosure/calendar)')
  .option('--time <time>', 'time of the act, RFC 3339 (default: now)')
  .addOption(json())
  .action(async (of: number, options: { agency?: string; actor?: string; id?: string; source?: string; time?: string; json?: boolean }) => {
    const { calendar } = await import('./cli/commands/calendar.js');
    process.exitCode = calendar(of, options);
  });

program
  .command('check')
  .description('check published tables (JSON files) against the rules of their forms')
  .argument('<file...>')
  .addOption(
    new Option('--previous <file>', 'table of the year before, for the rules between years; may be given more than once').argParser(
      (file: string, files: string[] = []) => [...files, file],
    ),
  )
  .addOption(json())
  .action(async (files: string[], options: { previous?: string[]; json?: boolean }) => {
    const { checkFiles } = await import('./cli/commands/check.js');
    process.exitCode = await checkFiles(files, options);
  });

program
  .command('check-report')
  .description('check the prose of a yearly report (DOCX, HTML, PDF, text) against its table 年报文字与表核对')
  .argument('<file>')
  .addOption(new Option('--table <file>', 'its table: a published one, or what `table --json` prints').conflicts(['agency', 'year']))
  .option('--previous <file>', 'with --table: the table of the year before, for growth and figures left from it')
  .option('--agency <code>', 'its table in the ledger, with --year')
  .addOption(new Option('--year <year>', 'statistics year').argParser(parseYear))
  .addOption(json())
  .action(async (file: string, options: CheckReportOptions, command: Command) => {
    if ((options.agency === undefined) !== (options.year === undefined))
      command.error('error: --agency and --year go together', { exitCode: EXIT.usage });
    const { checkReportFile } = await import('./cli/commands/check-report.js');
    process.exitCode = await checkReportFile(file, options);
  });

program
  .command('replay')
  .description('rebuild every read model from the log beside the running one, compare, and take it over')
  .addOption(json())
  .action(async (options: { json?: boolean }) => {
    const { replay } = await import('./cli/commands/replay.js');
    process.exitCode = await replay(options);
  });

program
  .command('backup')
  .description('copy log and keys into a new folder, also while the service runs 备份')
  .argument('<folder>')
  .addOption(json())
  .action(async (folder: string, options: { json?: boolean }) => {
    const { backupCommand } = await import('./cli/commands/backup.js');
    process.exitCode = backupCommand(folder, options);
  });

program
  .command('restore')
  .description('put a backup into a data folder that holds no ledger 恢复')
  .argument('<folder>')
  .addOption(json())
  .action(async (folder: string, options: { json?: boolean }) => {
    const { restoreCommand } = await import('./cli/commands/backup.js');
    process.exitCode = restoreCommand(folder, options);
  });

program
  .command('witness')
  .description('sign the checkpoints of ledgers as their witness 见证; a process of its own, with keys and state of its own')
  .option('--port <port>', 'port, 0 = any free one (default: PORT or 3100)')
  .option('--host <address>', 'address to listen on (default: DISCLOSURE_WITNESS_HOST or 127.0.0.1)')
  .action(async (options: { port?: string; host?: string }) => {
    const { witness } = await import('./cli/commands/witness.js');
    process.exitCode = await witness(options);
  });

program
  .command('token')
  .description('issue a token of the local issuer 令牌, to try identity without a provider: DISCLOSURE_OIDC_ISSUER=local')
  .requiredOption('--subject <name>', 'whom it is for, as operators and permissions name him')
  .option('--minutes <n>', 'how long it holds (default: 60)')
  .addOption(json())
  .action(async (options: { subject: string; minutes?: string; json?: boolean }) => {
    const { token } = await import('./cli/commands/token.js');
    process.exitCode = await token(options);
  });

const keys = program.command('keys').description('keys of ledgers and witnesses 密钥');

keys
  .command('new')
  .description('make a key: the private line on stdout or into a file, the verifier key to hand out')
  .requiredOption('--name <name>', 'name of the ledger or witness: an address without scheme, such as ledger.example.gov.cn/disclosure')
  .option('--witness', 'a key that cosigns')
  .option('--out <file>', 'file for the private line, made anew for its owner alone')
  .addOption(json())
  .action(async (options: { name: string; witness?: boolean; out?: string; json?: boolean }) => {
    const { newKey } = await import('./cli/commands/keys.js');
    process.exitCode = newKey(options);
  });

keys
  .command('show')
  .description('print the verifier keys of everything that is configured')
  .addOption(json())
  .action(async (options: { json?: boolean }) => {
    const { showKeys } = await import('./cli/commands/keys.js');
    process.exitCode = showKeys(options);
  });

declareExport(program);

const several = (value: string, before: string[] = []): string[] => [...before, value];

program
  .command('verify')
  .description(
    'hold the live store against its checkpoints and its read models, or verify an audit pack: what was changed, removed, inserted, and where',
  )
  .addOption(new Option('--pack <file>', 'verify this audit pack instead').conflicts('checkpoint'))
  .addOption(
    new Option('--checkpoint <file>', 'live store: a signed checkpoint kept elsewhere; may be given more than once').argParser(several),
  )
  .addOption(new Option('--key <vkey>', 'public key of the ledger, also an old one; may be given more than once').argParser(several))
  .addOption(new Option('--witness <vkey>', 'public key of a witness; may be given more than once').argParser(several))
  .option('--min-witnesses <n>', 'pack: how many of the witnesses must have signed (default: all given)')
  .option('--previous-checkpoint <file>', 'pack: a checkpoint kept from before')
  .addOption(json())
  .action(async ({ pack, ...options }: Partial<VerifyArguments> & { checkpoint?: string[] }, command: Command) => {
    if (pack !== undefined) {
      const { verifyPackFile } = await import('./cli/commands/verify-pack.js');
      process.exitCode = await verifyPackFile({ pack, ...options });
      return;
    }
    for (const option of ['minWitnesses', 'previousCheckpoint'] as const)
      if (options[option] !== undefined)
        command.error('error: --min-witnesses and --previous-checkpoint go with --pack', { exitCode: EXIT.usage });
    const { verify } = await import('./cli/commands/verify.js');
    process.exitCode = await verify(options);
  });

// Whoever reads the output may stop early (`| head`): that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(EXIT.done);
});

async function main(): Promise<void> {
  try {
    await program.parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) {
      // Help and version are no errors; everything else commander throws is wrong usage.
      process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.usage;
      return;
    }
    const { reportFailure } = await import('./cli/render/output.js');
    process.exitCode = reportFailure(error, process.argv.includes('--json'));
  }
}

void main();
