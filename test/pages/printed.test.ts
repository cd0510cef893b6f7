/**
 * The table page of each form as Chromium prints it on A4: every title, label, unit and value of the layout is in the
 * text of the PDF, part three on one page of its own, and nothing of the page around the table.
 */
import { extractText, getDocumentProxy } from 'unpdf';
import { layoutOf } from '../../src/statistics/layout/layouts.js';
import { valuesOf } from '../../src/statistics/table.js';
import type { Table } from '../../src/tables/table.js';
import { describeInBrowser, openBrowser, type Browser } from '../support/browser.js';
import { AGENCY } from '../support/messages.js';
import { HOME, startToLookAt } from '../support/pages-service.js';
import type { TestService } from '../support/service.js';

describeInBrowser('printed tables', (executable) => {
  let service: TestService;
  let base: string;
  let browser: Browser;

  beforeAll(async () => {
    service = await startToLookAt();
    base = await service.listen();
    browser = await openBrowser(executable, []);
    const page = await browser.context.newPage();
    await page.goto(`${base}/sign-in?lang=zh`);
    await Promise.all([page.waitForURL('**/agencies'), page.click('main button')]);
  });

  afterAll(async () => {
    await browser.close();
    await service.finish();
  });

  /** The text of each page of the PDF, without blanks. */
  async function printed(year: number): Promise<string[]> {
    const page = await browser.context.newPage();
    await page.goto(`${base}${HOME}/tables/${year}`);
    const pdf = await page.pdf({ preferCSSPageSize: true });
    const { text } = await extractText(await getDocumentProxy(new Uint8Array(pdf)));
    return text.map(withoutBlanks);
  }

  test.each([
    [2017, '2014-shandong'],
    [2019, '2019'],
    [2021, '2021'],
  ])('%i on paper says what form %s says', async (year, form) => {
    const table = (await service.get(`/v1/agencies/${AGENCY}/tables/${year}`)).json<Table>();
    expect(table.form).toBe(form);
    const pages = await printed(year);
    const all = pages.join('');
    const layout = layoutOf(form, year);
    const values = valuesOf(table.rows);
    const said = layout?.blocks.flatMap(({ title, rows }) => [
      title ?? '',
      ...rows.flat().map((cell) => (cell.kind === 'value' ? (values.get(cell.cell ?? '') ?? '') : cell.text)),
    ]);
    expect(said?.length).toBeGreaterThan(100);
    const missing = said?.filter((text) => !all.includes(withoutBlanks(text)));
    expect(missing).toEqual([]);
    // The head of the page, its search for a moment and its places are for the screen.
    for (const around of ['退出', '跳到正文', '视图与时点']) expect(all).not.toContain(around);
    const third = layout?.blocks.find(({ section }) => section === '3')?.title;
    if (third == null) return;
    // Part three is on one page, from its title to its last row.
    const on = pages.filter((text) => text.includes(third));
    expect([on.length, on[0]?.includes('四、结转下年度继续办理')]).toEqual([1, true]);
  });
});

const withoutBlanks = (text: string): string => text.replaceAll(/\s/g, '');
