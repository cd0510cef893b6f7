/**
 * The pages in a real browser: the ways of a leader, an officer and an auditor, each with script and without; every
 * link followed; every page looked at by axe-core and at the width of a small telephone. Screenshots are kept where
 * `SCREENSHOTS` names a folder.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describeInBrowser, openBrowser, type Browser } from '../support/browser.js';
import { AGENCY } from '../support/messages.js';
import { HOME, SECRET, startToLookAt } from '../support/pages-service.js';
import type { TestService } from '../support/service.js';

const AXE = readFileSync(createRequire(__filename).resolve('axe-core/axe.min.js'), 'utf8');
/** CSS pixels. */
const TELEPHONE = { width: 360, height: 740 };
const SCREEN = { width: 1280, height: 900 };
/** What a screen shows at 200 %: half as many of them each way. */
const ZOOMED = { width: SCREEN.width / 2, height: SCREEN.height / 2 };

interface Axe {
  readonly axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
}

describeInBrowser('pages', (executable) => {
  let service: TestService;
  let base: string;

  beforeAll(async () => {
    service = await startToLookAt();
    base = await service.listen();
  });

  afterAll(() => service.finish());

  /** A browser of one person, signed in. */
  async function signedIn(person: string, options: { readonly javaScript?: boolean } = {}): Promise<{ browser: Browser; page: Page }> {
    const browser = await openBrowser(executable, [], options);
    const page = await browser.context.newPage();
    await page.setViewportSize(SCREEN);
    await page.goto(`${base}${HOME}?lang=zh`);
    expect(new URL(page.url()).pathname).toBe('/sign-in');
    await page.check(`input[value=${person}]`);
    await Promise.all([page.waitForURL(`**${HOME}*`), page.click('main button')]);
    return { browser, page };
  }

  const textOf = async (page: Page): Promise<string> => (await page.textContent('body')) ?? '';

  async function follow(page: Page, selector: string): Promise<void> {
    const [link] = await page.locator(selector).all();
    if (link === undefined) throw new Error(`${page.url()} has no ${selector}`);
    const to = (await link.getAttribute('href')) ?? '';
    await Promise.all([page.waitForURL((url) => `${url.pathname}${url.search}` === to), link.click()]);
  }

  describe.each([true, false])('with script: %s', (javaScript) => {
    test('a leader comes to a number’s events', async () => {
      const { browser, page } = await signedIn('leader', { javaScript });
      await follow(page, `a[href="${HOME}/tables/2017"]`);
      // The number of items released, and what stands behind it.
      expect(await page.locator(`a[href="${HOME}/tables/2017/cells/1.1"]`).first().textContent()).toBe('4');
      await follow(page, `a[href="${HOME}/tables/2017/cells/1.1"]`);
      expect(await page.locator('table.govuk-table').first().locator('tbody tr').count()).toBe(4);
      await follow(page, `a[href^="${HOME}/cases/publication/"]`);
      expect(await textOf(page)).toContain('审查审批轨迹');
      await browser.close();
    });

    test('an officer comes to what is overdue', async () => {
      const { browser, page } = await signedIn('clerk', { javaScript });
      expect(await textOf(page)).toContain('逾期');
      await follow(page, `a[href="${HOME}/applications?case=application%2F2017-1"]`);
      // The calendar says day by day why.
      expect(await page.locator('.app-calendar__due').count()).toBe(1);
      await browser.close();
    });

    test('an auditor comes to a proof that holds', async () => {
      const { browser, page } = await signedIn('auditor', { javaScript });
      await follow(page, `a[href="${HOME}/tables/2017"]`);
      await follow(page, `a[href="${HOME}/tables/2017/cells/1.1"]`);
      await follow(page, 'a[href^="/ledger?event="]');
      expect(await textOf(page)).toContain('证明成立');
      const file = await page.inputValue('#proof');
      await Promise.all([page.waitForURL('**/ledger'), page.click('main form button')]);
      expect(await textOf(page)).toContain('证明成立');
      // One line of it changed is no proof.
      await page.fill('#proof', file.replace(/^index \d+$/m, 'index 0'));
      await Promise.all([page.waitForResponse((answer) => answer.url().endsWith('/ledger')), page.click('main form button')]);
      await page.waitForLoadState();
      expect(await textOf(page)).toContain('证明不成立');
      await browser.close();
    });
  });

  test('the keyboard goes through a page in order', async () => {
    // To the content at once; else from the head through the places to the page itself.
    const { browser, page } = await signedIn('leader');
    await page.goto(`${base}${HOME}/tables/2017?lang=zh`);
    const focused = async (): Promise<string> => {
      await page.keyboard.press('Tab');
      return page.evaluate(() => document.activeElement?.textContent?.trim() ?? '');
    };
    expect(await focused()).toBe('跳到正文');
    const next: string[] = [];
    while (next.length < 10) next.push(await focused());
    const places = ['行政机关', '检索', '未受理的报文', '存证'];
    expect(next.slice(0, 9)).toEqual(['政府信息公开台账', 'English', '退出', ...places, '行政机关', '某县商务局']);
    expect(await page.evaluate(() => document.activeElement?.closest('main') !== null)).toBe(true);
    await page.goto(`${base}${HOME}/tables/2017?lang=zh`);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.closest('main') !== null)).toBe(true);
    await browser.close();
  });

  test('every page is whole, readable and harmless', async () => {
    // No broken link, no error of a script, nothing loaded from elsewhere, nothing axe-core objects to, no page that
    // scrolls sideways; no text runs, and no sealed text is shown.
    const { browser, page } = await signedIn('leader');
    const wrong: string[] = [];
    page.on('console', (line) => void (line.type() === 'error' && wrong.push(`${page.url()}: ${line.text()}`)));
    page.on('pageerror', (error) => void wrong.push(`${page.url()}: ${error.message}`));
    const looked = new Map<string, string>();
    const links = ['/agencies', '/agencies?lang=en'];
    const seen = new Set(links);
    for (let path = links.shift(); path !== undefined; path = links.shift()) {
      const answer = await browser.context.request.get(`${base}${path}`, { headers: { accept: 'text/html' } });
      const html = await answer.text();
      if (answer.status() !== 200) wrong.push(`${path}: ${answer.status()}`);
      if (html.includes(SECRET)) wrong.push(`${path} shows what is sealed`);
      if (html.length > 150_000) wrong.push(`${path} weighs ${html.length}`);
      for (const [, href = ''] of html.matchAll(/ href="(\/[^"]*)"/g)) {
        const to = href.replaceAll('&amp;', '&');
        if (!seen.has(to)) links.push(to);
        seen.add(to);
      }
      const pattern = patternOf(path);
      if (!looked.has(pattern)) looked.set(pattern, path);
    }
    expect(looked.size).toBeGreaterThan(15);
    for (const [pattern, path] of looked) wrong.push(...(await faultsOf(page, path, pattern)));
    expect(wrong).toEqual([]);
    expect([...browser.asked]).toEqual([new URL(base).host]);
    await browser.close();
  });

  /** What of one page is not as it must be, by script and by eye of a program. */
  async function faultsOf(page: Page, path: string, pattern: string): Promise<string[]> {
    if (path.includes('/assets/')) return [];
    await page.goto(`${base}${inItsLanguage(path)}`);
    if ((await page.title()) === 'ran') return [`${path}: a text ran as script`];
    await page.evaluate(AXE);
    const { violations } = await page.evaluate(() => (globalThis as unknown as Axe).axe.run());
    keep(await page.screenshot({ fullPage: true, ...shot(pattern) }));
    const tooWide: string[] = [];
    for (const size of [TELEPHONE, ZOOMED]) {
      await page.setViewportSize(size);
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      if (width > size.width) tooWide.push(`${path} is ${width} wide at ${size.width}`);
    }
    await page.setViewportSize(SCREEN);
    return [...violations.map(({ id, nodes }) => `${path}: ${id} ${nodes[0]?.html ?? ''}`), ...tooWide];
  }
});

/** Chinese unless it says another: the browser keeps what it was shown last. */
function inItsLanguage(path: string): string {
  if (path.includes('lang=')) return path;
  return `${path}${path.includes('?') ? '&' : '?'}lang=zh`;
}

/** The kind of page that an address is of. */
function patternOf(path: string): string {
  const [place = '', asked = ''] = path.split('?');
  const names = [...new URLSearchParams(asked).keys()].filter((name) => name !== 'lang');
  const kind = place
    .replace(`/agencies/${AGENCY}`, '/agency')
    .replace(/\/cells\/.*/, '/cell')
    .replace(/\/officers\/.*/, '/officer')
    .replace(/(\/cases\/[^/]+)\/.*/, '$1')
    .replace(/\/assets\/(\w+).*/, '/assets/$1');
  return [kind, ...names, ...(asked.includes('lang=en') ? ['en'] : [])].join(' ');
}

/** Pages whose pictures are kept in docs/screenshots. */
const KEPT = [
  '/agency',
  '/agency/tables/2017',
  '/agency/tables/2017/cell',
  '/agency/cases/publication',
  '/agency/applications case',
  '/ledger event',
];

function shot(pattern: string): { readonly path?: string } {
  const folder = process.env['SCREENSHOTS'] ?? '';
  if (folder === '' || !KEPT.includes(pattern)) return {};
  mkdirSync(folder, { recursive: true });
  return { path: join(folder, `${pattern.replaceAll(/\W+/g, '-').replaceAll(/^-|-$/g, '')}.png`) };
}

/** A picture was drawn, whether it is kept or not. */
function keep(picture: Buffer): void {
  expect(picture.length).toBeGreaterThan(1000);
}
