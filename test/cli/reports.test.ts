/** docs/reports.md as it stands there, by the commands; and a service that is killed behind each act of a report. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatSignerKey, generateSignerKey } from '../../src/ledger/signed-note.js';
import type { Receipt } from '../../src/recording/receipts.js';
import type { YearlyReport } from '../../src/tables/report-reader.js';
import type { Difference, Table } from '../../src/tables/table.js';
import type { Message } from '../support/messages.js';
import { fileOf, finishFolder, newFolder, run, serve, type Finished, type Served } from '../support/cli.js';
import { readPage } from '../support/pages.js';
import { asPublished } from '../support/reports.js';

const root = join(__dirname, '../..');
const { fences } = readPage('docs/reports.md');
const example = readFileSync(join(root, 'examples/jinxiang-commerce-2017.ndjson'), 'utf8');
const blocks = (language: string): string[] => fences.filter((fence) => fence.language === language).map(({ text }) => text);

const commands = blocks('sh')
  .flatMap((block) => block.split('\n'))
  .map((line) => line.replace(/^npx disclosure /, '').split(' '));

/** The messages of the page, about this table. */
function messagesFor(table: Table): string {
  return (blocks('json')[0] ?? '').replaceAll('INDEX', String(table.asOf.index)).replaceAll('HASH', table.hash);
}

let folder: string;
beforeEach(() => (folder = newFolder()));
afterEach(() => finishFolder(folder));

test('the page’s commands run as printed', async () => {
  // The page: import, table, the messages with its index and hash, published, difference.
  fileOf(folder, 'example.ndjson', example);
  const at = async (args: readonly string[]): Promise<Finished> => {
    const done = await run(
      args.map((arg) => arg.replace('examples/jinxiang-commerce-2017.ndjson', 'example.ndjson')),
      { folder },
    );
    expect([args, done.code, done.stderr.includes('Error')]).toEqual([args, 0, false]);
    return done;
  };
  const [imports, asks, reports, shows, differs, ...others] = commands as [string[], string[], string[], string[], string[], ...string[][]];
  // What the rest of the page asks is held by test/docs/commands.test.ts: here that it is answered beside a report.
  expect(others.map(([command]) => command)).toEqual(['statistics', 'explain', 'report']);
  await at(imports);
  const table = (await at(asks)).json<Table>();
  fileOf(folder, 'report-2017.ndjson', messagesFor(table));
  await at(reports);
  const { stdout } = await at(shows);
  for (const words of [
    '已公布 published 2018-01-29T09:00:00+08:00',
    `index ${table.asOf.index}`,
    table.hash,
    '无签名检查点',
    '审查 cleared office',
    'deputy-leader-1 (deputy-leader)',
    '无凭证 none',
  ])
    expect(stdout).toContain(words);
  expect((await at([...shows, '--json'])).json()).toEqual(asPublished(table));
  expect((await at(differs)).stdout).toContain('与已公布报表一致');
  expect((await at([...differs, '--json'])).json()).toEqual({ changes: [] });
  for (const other of others) await at(other);
  const none = await run(['table', '--agency', '370828-commerce', '--year', '2016', '--view', 'published', '--json'], { folder });
  expect([none.code, none.json()]).toMatchObject([1, { error: { code: 'no-published-table' } }]);
});

const KEY = formatSignerKey(generateSignerKey('ledger.example/disclosure'));
const TABLE = '/v1/agencies/370828-commerce/tables/2017';

async function read<T>(served: Served, path: string): Promise<T> {
  const answer = await fetch(served.url + path);
  if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
  return (await answer.json()) as T;
}

async function send(served: Served, message: Message): Promise<Receipt> {
  const headers = { 'content-type': 'application/cloudevents+json' };
  return (await (await fetch(`${served.url}/v1/events`, { method: 'POST', headers, body: JSON.stringify(message) })).json()) as Receipt;
}

test('the report goes on after every kill', async () => {
  // Killed behind each act, the report goes on where it was: each recorded once, published under a checkpoint.
  fileOf(folder, 'example.ndjson', example);
  expect((await run(['import', 'example.ndjson'], { folder })).code).toBe(0);
  // The timer never comes: what is signed is signed at the approval or for the publication.
  const env = { DISCLOSURE_LEDGER_KEY: KEY, DISCLOSURE_CHECKPOINT_SECONDS: '3600' };
  let served = await serve({ folder, env });
  const table = await read<Table>(served, TABLE);
  const messages = messagesFor(table)
    .split('\n')
    .map((line) => JSON.parse(line) as Message);
  for (const message of messages) {
    const receipt = await send(served, message);
    expect([message.id, receipt.status, receipt.error]).toEqual([message.id, 'recorded', undefined]);
    served.child.kill('SIGKILL');
    await served.finished;
    served = await serve({ folder, env });
    expect(await send(served, message)).toMatchObject({ status: 'duplicate', eventIds: receipt.eventIds });
  }
  expect(JSON.stringify(await read(served, `${TABLE}?view=published`))).toBe(JSON.stringify(asPublished(table)));
  expect(await read<Difference>(served, `${TABLE}?view=difference`)).toEqual({ changes: [] });
  const { rounds } = await read<YearlyReport>(served, '/v1/agencies/370828-commerce/reports/2017');
  const { checkpoint } = rounds[0]?.publication ?? {};
  expect(checkpoint).toMatchObject({ origin: 'ledger.example/disclosure' });
  // The approval is the fourth act behind the table.
  expect(checkpoint?.size).toBeGreaterThan((table.asOf.index ?? 0) + 4);
  served.child.kill('SIGTERM');
  await served.finished;
  const shown = await run(['table', '--agency', '370828-commerce', '--year', '2017', '--view', 'published'], { folder });
  expect(shown.stdout).toContain(`事件数 size ${checkpoint?.size}  树根 root ${checkpoint?.root}`);
});
