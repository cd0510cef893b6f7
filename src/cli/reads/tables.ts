/** The commands that read tables: a year's figures, and the events behind one. */
import { Option, type Command } from 'commander';
import { agency, asOf, json, parseYear, year } from './options.js';
import { reading } from './reading.js';

const form = (): Option => new Option('--form <form>', 'another form than the agency’s of that year');

const view = (...more: readonly string[]): Option =>
  new Option(
    '--view <view>',
    'counted, as declared from paper, as published, or what differs since (default: paper where a table is declared for the year)',
  ).choices(['live', 'paper', 'published', ...more]);

const rollup = (): Option => new Option('--rollup', 'added up with the agencies below it on 31 December of the year');

interface Asked {
  readonly agency: string;
  readonly year: number;
  readonly form?: string;
  readonly asOf?: string;
  readonly view?: string;
  readonly rollup?: boolean;
  readonly compare?: number;
  readonly json?: boolean;
}

export function declareTables(program: Command): void {
  program
    .command('table')
    .description('print a yearly statistics table')
    .addOption(agency())
    .addOption(year())
    .addOption(form())
    .addOption(asOf())
    .addOption(view('difference'))
    .addOption(rollup())
    .addOption(new Option('--compare <year>', 'values of another year beside these').argParser(parseYear))
    .addOption(json())
    .action((asked: Asked) => (asked.view === 'difference' ? differing(asked) : table(asked)));

  program
    .command('explain')
    .description('list the events a cell stands for')
    .addOption(agency())
    .addOption(year())
    .requiredOption('--cell <cell>', 'cell, such as 1.1')
    .addOption(form())
    .addOption(asOf())
    .addOption(view())
    .addOption(rollup())
    .addOption(json())
    .action(explained);

  program
    .command('tables')
    .description('list the years of an agency and their tables 各年度统计表')
    .addOption(agency())
    .addOption(json())
    .action(listed);

  program
    .command('history')
    .description('list what cells printed after each event that changed them 单元格沿革')
    .addOption(agency())
    .addOption(year())
    .requiredOption('--cells <cells>', 'cells with commas between them, such as 1.1,3.1')
    .addOption(new Option('--by <step>', 'the last value of each day of recording').choices(['day']))
    .addOption(json())
    .action(history);

  program
    .command('statistics')
    .description('print figures that only the prose of a yearly report has 报告正文数据')
    .addOption(agency())
    .addOption(year())
    .addOption(asOf())
    .addOption(json())
    .action(statistics);

  program
    .command('report')
    .description('print the text of a yearly report, its numbers out of the ledger 年度报告正文')
    .addOption(agency())
    .addOption(year())
    .requiredOption('--text', 'the text: what is printed')
    .addOption(rollup())
    .addOption(asOf())
    .addOption(json())
    .action(reportText);
}

const listed = reading<Pick<Asked, 'agency' | 'json'>>(async ({ agency: code }, queries) => {
  const [{ ListTables }, { renderTableList }] = await Promise.all([
    import('../../tables/handlers.js'),
    import('../render/render-lists.js'),
  ]);
  const answer = await queries.execute(new ListTables(code));
  return { answer, lines: () => renderTableList(answer) };
});

interface HistoryAsked extends Pick<Asked, 'agency' | 'year' | 'json'> {
  readonly cells: string;
  readonly by?: 'day';
}

const history = reading<HistoryAsked>(async ({ cells, json: _, ...asked }, queries) => {
  const [{ GetHistory }, { renderHistory }] = await Promise.all([import('../../tables/handlers.js'), import('../render/render-lists.js')]);
  const answer = await queries.execute(new GetHistory({ ...asked, cells: cells.split(',') }));
  return { answer, lines: () => renderHistory(answer) };
});

type TextAsked = Pick<Asked, 'agency' | 'year' | 'asOf' | 'rollup' | 'json'>;

const reportText = reading<TextAsked>(async ({ agency: code, year: of, asOf: moment, rollup: below }, queries) => {
  const [{ GetReportText }, { renderReportText }] = await Promise.all([
    import('../../tables/handlers.js'),
    import('../render/render-text.js'),
  ]);
  const answer = await queries.execute(new GetReportText({ agency: code, year: of, asOf: moment, rollup: below }));
  return { answer, lines: () => renderReportText(answer) };
});

const statistics = reading<Pick<Asked, 'agency' | 'year' | 'asOf' | 'json'>>(async ({ json: _, ...asked }, queries) => {
  const [{ GetStatistics }, { renderStatistics }] = await Promise.all([
    import('../../tables/handlers.js'),
    import('../render/render-lists.js'),
  ]);
  const answer = await queries.execute(new GetStatistics(asked));
  return { answer, lines: () => renderStatistics(answer) };
});

const table = reading<Asked>(async (asked, queries) => {
  const [{ GetReport, GetTable }, { agencyName }, { renderPublication }, { renderTable }] = await Promise.all([
    import('../../tables/handlers.js'),
    import('../agency-name.js'),
    import('../render/render-report.js'),
    import('../render/render.js'),
  ]);
  const answer = await queries.execute(new GetTable(asked));
  const name = await agencyName(queries, asked.agency);
  const report = asked.view === 'published' ? await queries.execute(new GetReport(asked.agency, asked, asked.asOf)) : null;
  return { answer, lines: () => [...renderTable(answer, name), ...(report === null ? [] : renderPublication(report))] };
});

const differing = reading<Asked>(async (asked, queries) => {
  const [{ GetDifference, GetTable }, { cellLabel }, { renderDifference }] = await Promise.all([
    import('../../tables/handlers.js'),
    import('../render/render-table.js'),
    import('../render/render.js'),
  ]);
  const answer = await queries.execute(new GetDifference(asked));
  const published = await queries.execute(new GetTable({ ...asked, view: 'published' }));
  return { answer, lines: () => renderDifference(answer, (cell) => cellLabel(published, cell)) };
});

const explained = reading<Asked & { readonly cell: string }>(async (asked, queries) => {
  const [{ ExplainCell, GetTable }, { isProseCode }, { cellLabel }, { renderExplanation }] = await Promise.all([
    import('../../tables/handlers.js'),
    import('../../statistics/prose/figures.js'),
    import('../render/render-table.js'),
    import('../render/render.js'),
  ]);
  const answer = await queries.execute(new ExplainCell(asked));
  if (isProseCode(asked.cell)) return { answer, lines: () => renderExplanation(answer, (cell) => cell) };
  const of = await queries.execute(new GetTable(asked));
  return { answer, lines: () => renderExplanation(answer, (cell) => cellLabel(of, cell)) };
});
