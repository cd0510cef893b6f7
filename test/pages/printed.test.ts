/**
 * The table page of each form as Chromium prints it on A4: every title, label, unit and value in the place that the
 * layout of the form gives it, heads repeated where a part goes on, and nothing of the page around the table.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sure } from '../../src/encoding/unknown-values.js';
import { cellsIn } from '../../src/statistics/form.js';
import { FORMS } from '../../src/statistics/forms/registry.js';
import { layoutOf } from '../../src/statistics/layout/layouts.js';
import { valuesOf } from '../../src/statistics/table.js';
import type { Table } from '../../src/tables/table.js';
import { describeInBrowser, openBrowser, type Browser } from '../support/browser.js';
import { AGENCY, message, registered } from '../support/messages.js';
import { HOME, startToLookAt } from '../support/pages-service.js';
import { misplacedOn, paperOf, type Paper } from '../support/printed-pages.js';
import type { TestService } from '../support/service.js';

/** Of a form that is still in force. */
const LAST_YEAR = 2025;

/** A folder in which the PDFs are kept, to be looked at. */
const KEPT = process.env['PRINTED_TABLES'];

const PRINTED = FORMS.flatMap((form) =>
  [...new Set([form.firstYear, form.lastYear ?? LAST_YEAR])].map((year) => ({ form, id: form.id, year })),
);

/** Every cell has a number of its own, from 1001 on, but some that are blank, and some that are 0. */
function valuesFor({ form, year }: (typeof PRINTED)[number]): Map<string, string | null> {
  const valueAt = (at: number): string | null => (at % 7 === 3 ? null : at % 11 === 5 ? '0' : String(1001 + at));
  return new Map(cellsIn(form, year).map(({ cell }, at) => [cell, valueAt(at)]));
}

describeInBrowser('printed tables', (executable) => {
  let service: TestService;
  let base: string;
  let browser: Browser;

  beforeAll(async () => {
    service = await startToLookAt();
    await service.record(
      ...FORMS.map(({ id }) => registered(id, { name: '某县商务局', forms: [id] })),
      ...PRINTED.map((printed) => {
        const { id, year } = printed;
        const cells = Object.fromEntries(valuesFor(printed));
        const said = { year, form: id, cells, evidence: '档案' };
        return message('table.declared', `table/${year}`, `${year + 1}-02-01T09:00:00+08:00`, 'root', said, { agency: id });
      }),
    );
    await service.settled();
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

  interface Printed {
    readonly paper: Paper;
    /** Cells that are marked on screen, and on paper. */
    readonly marked: readonly [screen: number, paper: number];
  }

  async function printed(address: string, name: string): Promise<Printed> {
    const page = await browser.context.newPage();
    await page.goto(`${base}${address}`);
    const marks = (): Promise<number> =>
      page.locator('.app-form td').evaluateAll(
        (cells) =>
          cells.filter((cell) => {
            const { outlineStyle, backgroundColor } = getComputedStyle(cell);
            return outlineStyle !== 'none' || backgroundColor !== 'rgba(0, 0, 0, 0)';
          }).length,
      );
    const screen = await marks();
    await page.emulateMedia({ media: 'print' });
    const marked = [screen, await marks()] as const;
    const pdf = await page.pdf({ preferCSSPageSize: true });
    await page.close();
    if (KEPT !== undefined) {
      mkdirSync(KEPT, { recursive: true });
      writeFileSync(join(KEPT, `${name}.pdf`), pdf);
    }
    return { paper: await paperOf(pdf), marked };
  }

  test.each(PRINTED)('form $id of $year', async (one) => {
    const { id, year } = one;
    const values = valuesFor(one);
    const layout = sure(layoutOf(id, year));
    const { paper, marked } = await printed(`/agencies/${id}/tables/${year}?view=paper`, `${id}-${year}`);
    expect([Math.round(paper.width), Math.round(paper.height)]).toEqual([595, 842]);
    expect(misplacedOn(paper, { layout, agency: '某县商务局', valueOf: (cell) => values.get(cell) ?? null })).toEqual([]);
    // The numbers add up to nothing, which is said on screen alone.
    expect(marked[0]).toBeGreaterThan(0);
    expect(marked[1]).toBe(0);
  });

  test('a published table that moved since', async () => {
    const { form, rows, published } = (await service.get(`/v1/agencies/${AGENCY}/tables/2017`)).json<Table>();
    expect(published?.differs).toBe(true);
    const values = valuesOf(rows);
    const { paper, marked } = await printed(`${HOME}/tables/2017`, 'moved');
    const expected = { layout: sure(layoutOf(form, 2017)), agency: '某县商务局', valueOf: (cell: string) => values.get(cell) ?? null };
    expect(misplacedOn(paper, expected)).toEqual([]);
    expect(marked[0]).toBeGreaterThan(0);
    expect(marked[1]).toBe(0);
  });
});
