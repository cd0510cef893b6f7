/** The text that officers write of a report: sealed, printed with its table, published, restated. */
import { textHashOf } from '../../src/domain/report/text.js';
import type { ReportText } from '../../src/tables/texts/report-text.js';
import type { TextQuestion } from '../../src/tables/texts/standing-text.js';
import { record } from '../support/histories.js';
import { openTestLedger, type TestLedger } from '../support/ledger.js';
import { AGENCY, at, message, setUp, type Message } from '../support/messages.js';
import { compiled, published, signed, tableNow } from '../support/reports.js';

const YEAR = 2022;
const FIRST = '{year}年公开信息{s.items#}。\n收到申请{3.1:total}件,{growth 3.1:total}。';
const SECOND = '{year}年共公开信息{s.items#}。';

const ledgers: TestLedger[] = [];
afterEach(async () => {
  for (const ledger of ledgers.splice(0)) await ledger.finish();
});

const item = (number: string, day: string): Message[] => [
  message('publication.drafted', `publication/${number}`, at(day, 9), 'drafter', {
    title: number,
    contentHash: `sha256:${number.padStart(64, '0')}`,
  }),
  message('publication.released', `publication/${number}`, at(day, 10), 'editor', {
    channel: 'website',
    contentHash: `sha256:${number.padStart(64, '0')}`,
  }),
];

/** The chain comes behind the item, so that it was released without. */
async function ledgerWithItem(): Promise<TestLedger> {
  const ledger = openTestLedger();
  ledgers.push(ledger);
  await record(ledger, [...setUp(AGENCY, { chain: false }), ...item('1', '2022-03-01')]);
  return ledger;
}

const about = { year: YEAR, day: '2023-01-10' };

function text(words: string, kind: 'drafted' | 'revised', time: string): { readonly sent: Message; readonly textHash: string } {
  const said = { year: YEAR, form: '2021', parts: { '1': words } };
  const textHash = textHashOf(said);
  return { sent: message(`report.text-${kind}`, `report/${YEAR}`, time, 'writer', { ...said, textHash }), textHash };
}

const withText = (messages: readonly Message[], textHash: string): Message[] =>
  messages.map((one) => ({ ...one, data: { ...one.data, textHash } }));

async function textOf(ledger: TestLedger, question: Partial<TextQuestion> = {}): Promise<ReportText> {
  await ledger.settled();
  return ledger.reportTexts.text({ agency: AGENCY, year: YEAR, ...question });
}

const partOne = ({ parts }: ReportText): readonly string[] => parts[0]?.paragraphs ?? [];

/** Compiled with a first text, directly under an empty chain. */
async function compiledWithText(ledger: TestLedger): Promise<string> {
  const table = await tableNow(ledger, about);
  const { sent, textHash } = text(FIRST, 'drafted', at('2023-01-11', 9));
  await record(ledger, [compiled(table, about), sent]);
  return textHash;
}

test('printed with the table it is signed with', async () => {
  // What counts after the compilation is in neither; parts that officers did not write are the template's.
  const ledger = await ledgerWithItem();
  const textHash = await compiledWithText(ledger);
  await record(ledger, item('2', '2022-04-01'));
  const found = await textOf(ledger);
  expect(partOne(found)).toEqual(['2022年公开信息1条。', '收到申请0件,上年无可比数据。']);
  expect(found.text).toEqual({ textHash, status: 'under-way' });
  expect(found.parts[5]?.paragraphs[0]).toContain('未收取信息处理费');
  expect(found.statistics).toContain('s.items');
});

test('sealed until it is published', async () => {
  // Who neither reviews nor signs sees the template; nothing that is stored shows the words.
  const ledger = await ledgerWithItem();
  const textHash = await compiledWithText(ledger);
  expect((await textOf(ledger, { officer: 'passer-by' })).text).toBeNull();
  expect((await textOf(ledger, { officer: null })).text).toBeNull();
  expect((await textOf(ledger, { officer: 'root' })).text).toEqual({ textHash, status: 'under-way' });
  const stored = JSON.stringify(await ledger.log.readAll(null, 1000));
  expect(stored).not.toContain('公开信息');
  expect(stored).toContain(textHash);
  const table = await tableNow(ledger, about);
  const frozen = ledger.reports.report(AGENCY, YEAR).rounds[0]?.tableHash ?? '';
  expect(frozen).not.toBe(table.hash);
  await record(ledger, withText([published({ hash: frozen }, { ...about, day: '2023-01-12' })], textHash));
  expect((await textOf(ledger, { officer: null })).text).toEqual({ textHash, status: 'published' });
  expect(JSON.stringify(await ledger.log.readAll(null, 1000))).toContain('公开信息');
});

test('a restatement leaves the first one readable', async () => {
  const ledger = await ledgerWithItem();
  const textHash = await compiledWithText(ledger);
  const frozen = ledger.reports.report(AGENCY, YEAR).rounds[0]?.tableHash ?? '';
  await record(ledger, withText([published({ hash: frozen }, { ...about, day: '2023-01-12' })], textHash));
  await record(ledger, item('2', '2022-04-01'));
  const first = await textOf(ledger, { officer: null });
  expect(partOne(first)[0]).toBe('2022年公开信息1条。');
  await ledger.settled();
  const now = await tableNow(ledger, about);
  const again = { ...about, day: '2023-02-10' };
  const second = text(SECOND, 'revised', at('2023-02-11', 9));
  await record(ledger, [{ ...compiled(now, again), data: { ...compiled(now, again).data, reason: '补报一条' } }, second.sent]);
  // Until it is published the public sees the first one.
  expect(partOne(await textOf(ledger, { officer: null }))).toEqual(partOne(first));
  expect(partOne(await textOf(ledger))).toEqual(['2022年共公开信息2条。']);
  await record(ledger, withText([published(now, { ...again, day: '2023-02-12' })], second.textHash));
  expect(partOne(await textOf(ledger, { officer: null }))).toEqual(['2022年共公开信息2条。']);
  const rounds = ledger.reports.report(AGENCY, YEAR).rounds.filter(({ publication }) => publication !== null);
  expect(rounds.map(({ text: written, reason, publication }) => [written?.textHash, reason, publication?.text?.parts['1']])).toEqual([
    [textHash, null, FIRST],
    [second.textHash, '补报一条', SECOND],
  ]);
});

test('the chain signs table and text together', async () => {
  const ledger = openTestLedger();
  ledgers.push(ledger);
  await record(ledger, setUp(AGENCY));
  const table = await tableNow(ledger, about);
  const { sent, textHash } = text(FIRST, 'drafted', at('2023-01-10', 9));
  await record(ledger, [compiled(table, about), sent]);
  const [without] = await ledger.send(...signed(table, about).slice(0, 1));
  expect(without).toMatchObject({ status: 'refused', error: { code: 'invalid-data' } });
  await record(
    ledger,
    withText(signed(table, about), textHash).map((one) => ({ ...one, id: `${one.id}-again` })),
  );
  await record(ledger, withText([published(table, about)], textHash));
  await ledger.settled();
  const [round] = ledger.reports.report(AGENCY, YEAR).rounds.slice(-1);
  expect([round?.text?.textHash, round?.publication?.withoutReview, round?.clearances.length]).toEqual([textHash, false, 2]);
});

test('a text written elsewhere is not handed out', async () => {
  // The read models hold what was published: only with the hash that was signed.
  const ledger = await ledgerWithItem();
  const textHash = await compiledWithText(ledger);
  const frozen = ledger.reports.report(AGENCY, YEAR).rounds[0]?.tableHash ?? '';
  await record(ledger, withText([published({ hash: frozen }, { ...about, day: '2023-01-12' })], textHash));
  await ledger.settled();
  ledger.store.db.prepare(`UPDATE report_acts SET detail = replace(detail, '公开信息', '没有公开') WHERE type = 'report.published'`).run();
  await expect(textOf(ledger)).rejects.toMatchObject({ code: 'read-model-stopped' });
  ledgers.splice(0);
  await ledger.discard();
});

test('part one of the new forms is short', async () => {
  const ledger = await ledgerWithItem();
  const { sent } = text('全年工作。'.repeat(250), 'drafted', at('2023-01-10', 9));
  await record(ledger, [sent]);
  const { warnings } = await textOf(ledger);
  expect(warnings.map(({ part, message: said }) => `${part} ${said}`)).toEqual([
    '一 总体情况共1250字, 要求约1000字以内 (1250 characters, about 1000 at most)',
  ]);
});
