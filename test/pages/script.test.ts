/**
 * What script adds to the pages, in a real browser: a file compared with the acts, news of what was recorded, a proof
 * checked again. Without script there is nothing of it, and nothing is missing.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { describeInBrowser, openBrowser, type Browser } from '../support/browser.js';
import { HOME, startToLookAt } from '../support/pages-service.js';
import type { TestService } from '../support/service.js';
import { oneMoreItem } from '../support/year.js';

const AXE = readFileSync(createRequire(__filename).resolve('axe-core/axe.min.js'), 'utf8');
const TELEPHONE = { width: 360, height: 740 };
/** Its acts are on the content `plain`: four before the release, and the release. */
const CASE = `${HOME}/cases/publication/plain`;

interface Axe {
  readonly axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
}

interface Visitor {
  readonly browser: Browser;
  readonly page: Page;
  /** What a script or the console complained of. */
  readonly wrong: string[];
}

describeInBrowser('pages with script', (executable) => {
  let service: TestService;
  let base: string;
  let visitor: Visitor;

  beforeAll(async () => {
    service = await startToLookAt();
    base = await service.listen();
  });

  afterAll(() => service.finish());

  beforeEach(async () => {
    visitor = await signedIn();
  });

  afterEach(async () => {
    expect(visitor.wrong).toEqual([]);
    await visitor.browser.close();
  });

  async function signedIn(options: { readonly javaScript?: boolean } = {}): Promise<Visitor> {
    const browser = await openBrowser(executable, [], options);
    const page = await browser.context.newPage();
    const wrong: string[] = [];
    page.on('console', (line) => void (line.type() === 'error' && wrong.push(line.text())));
    page.on('pageerror', (error) => void wrong.push(error.message));
    await page.goto(`${base}${HOME}?lang=zh`);
    await page.check('input[value=auditor]');
    await Promise.all([page.waitForURL(`**${HOME}*`), page.click('main button')]);
    return { browser, page, wrong };
  }

  /** As it is now, with what script showed. */
  async function expectReadable(page: Page): Promise<void> {
    await page.evaluate(AXE);
    const { violations } = await page.evaluate(() => (globalThis as unknown as Axe).axe.run());
    expect(violations.map(({ id, nodes }) => `${id} ${nodes[0]?.html ?? ''}`)).toEqual([]);
    const before = page.viewportSize() ?? TELEPHONE;
    await page.setViewportSize(TELEPHONE);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(TELEPHONE.width);
    await page.setViewportSize(before);
  }

  const file = (name: string, text: string): { name: string; mimeType: string; buffer: Buffer } => ({
    name,
    mimeType: 'application/octet-stream',
    buffer: Buffer.from(text),
  });

  /** What stands beside the hashes of the acts. */
  const marks = async (page: Page): Promise<string[]> =>
    (await page.locator('.app-trail [data-mark]').allInnerTexts()).map((text) => text.trim());

  /** Until a control says this. */
  const said = (page: Page, control: string, text: string): Promise<void> =>
    page.locator(`${control} [role=status]`, { hasText: text }).first().waitFor();

  async function news(page: Page): Promise<void> {
    await said(page, '.app-live', '有新记录');
  }

  let items = 0;
  async function recordMore(): Promise<void> {
    items += 1;
    await service.record(...oneMoreItem(`more-${items}`));
  }

  describe('a chosen file', () => {
    test('is the content of an act, or not', async () => {
      const { page, browser } = visitor;
      await page.goto(`${base}${CASE}?lang=zh`);
      const asked: string[] = [];
      page.on('request', (request) => void asked.push(request.method()));
      await page.setInputFiles('#file', file('plain.txt', 'plain'));
      await said(page, '.app-drop', '同一内容。与之一致的行为数: 5');
      expect(await marks(page)).toEqual(Array(5).fill('同一内容'));
      await page.setInputFiles('#file', file('other.txt', 'plain '));
      await said(page, '.app-drop', '没有一个行为针对此内容');
      expect(await marks(page)).toEqual(Array(5).fill('不同'));
      // The file went nowhere.
      expect(asked).toEqual([]);
      expect([...browser.asked]).toEqual([new URL(base).host]);
      await expectReadable(page);
    });

    test('may be dropped', async () => {
      const { page } = visitor;
      await page.goto(`${base}${CASE}?lang=en`);
      const dropped = await page.evaluateHandle(() => {
        const data = new DataTransfer();
        data.items.add(new File(['plain'], 'plain.txt'));
        return data;
      });
      await page.dispatchEvent('.app-drop', 'drop', { dataTransfer: dropped });
      await said(page, '.app-drop', 'The same content. Acts on it: 5');
      await expectReadable(page);
    });

    test('has no place where hashes are no file’s', async () => {
      const { page } = visitor;
      await page.goto(`${base}${HOME}/cases/report/2017?lang=zh`);
      expect(await page.locator('.app-trail li').count()).toBeGreaterThan(1);
      expect(await page.locator('#file').count()).toBe(0);
    });
  });

  describe('what is newer', () => {
    test('is offered, and shown when asked for', async () => {
      const { page } = visitor;
      await page.goto(`${base}${HOME}/tables/2017?lang=zh`);
      const cell = page.locator(`a[href="${HOME}/tables/2017/cells/1.1"]`).first();
      const before = Number(await cell.textContent());
      await recordMore();
      await news(page);
      // Nothing moved under the reader's eyes.
      expect(Number(await cell.textContent())).toBe(before);
      await expectReadable(page);
      await Promise.all([page.waitForEvent('load'), page.click('.app-live button')]);
      expect(Number(await cell.textContent())).toBe(before + 1);
    });

    test('is drawn by itself for who wants it', async () => {
      // Not while he is in it: there it is offered.
      const { page } = visitor;
      await page.goto(`${base}${HOME}/tables/2017?lang=zh`);
      await recordMore();
      await news(page);
      await page.check('.app-live input');
      const cell = page.locator(`a[href="${HOME}/tables/2017/cells/1.1"]`).first();
      const before = Number(await cell.textContent());
      await page.evaluate(() => (document.body.dataset['same'] = 'page'));
      await recordMore();
      await said(page, '.app-live', '已刷新');
      // Its acts came one by one.
      await cell.filter({ hasText: String(before + 2) }).waitFor();
      expect(await page.evaluate(() => document.body.dataset['same'])).toBe('page');
      await cell.focus();
      await recordMore();
      await news(page);
      expect(Number(await cell.textContent())).toBe(before + 2);
    });

    test('of a case is its own', async () => {
      const { page } = visitor;
      await page.goto(`${base}${CASE}?lang=zh`);
      const other = await visitor.browser.context.newPage();
      await other.goto(`${base}${HOME}/cases/publication/open?lang=zh`);
      await page.bringToFront();
      await recordMore();
      expect(await page.locator('.app-live button').count()).toBe(0);
      expect(await other.locator('.app-live button').count()).toBe(0);
    });

    test('ends with the session', async () => {
      const { page, browser } = visitor;
      await page.goto(`${base}${HOME}?lang=zh`);
      const other = await browser.context.newPage();
      await other.goto(`${base}/ledger`);
      await page.bringToFront();
      await other.evaluate(() => document.querySelector<HTMLFormElement>('header form')?.submit());
      await said(page, '.app-live', '登录已结束');
      await expectReadable(page);
      await Promise.all([page.waitForURL('**/sign-in*'), page.click('.app-live a')]);
      expect(new URL(page.url()).searchParams.get('return')).toBe(`${HOME}?lang=zh`);
    });
  });

  describe('a proof', () => {
    const browserSays = (page: Page): Promise<string[]> => page.locator('.app-drop [role=status] p').allInnerTexts();

    async function openProof(page: Page): Promise<string> {
      const [href = ''] = await proofs(page);
      await page.goto(`${base}${href}&lang=zh`);
      return page.inputValue('#proof');
    }

    async function proofs(page: Page): Promise<string[]> {
      await page.goto(`${base}${HOME}/tables/2017/cells/1.1?lang=zh`);
      return page.locator('a[href^="/ledger?event="]').evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''));
    }

    test('is checked by both, which agree', async () => {
      const { page } = visitor;
      const text = await openProof(page);
      expect(await browserSays(page)).toEqual(
        expect.arrayContaining(['证明成立:该条目在检查点的根之下。', '检查点由本页所列的公钥签名。', '与服务端的结论一致。']),
      );
      await expectReadable(page);
      // What is typed is checked as it stands; the service was not asked about it.
      await page.fill('#proof', text.replace(/^index \d+$/m, 'index 0'));
      expect(await browserSays(page)).toEqual(expect.arrayContaining(['证明不成立。', '服务端尚未核验此文本。']));
      await Promise.all([page.waitForEvent('load'), page.click('main form button')]);
      expect(await browserSays(page)).toEqual(expect.arrayContaining(['证明不成立。', '与服务端的结论一致。']));
      // Another browser takes the file.
      await page.setInputFiles('#proof-file', file('one.tlog-proof', text.replaceAll('\n', '\r\n')));
      await said(page, '.app-drop', '证明成立');
      await page.fill('#proof', '');
      expect(await browserSays(page)).toEqual([]);
    });

    test.each([
      ['an entry', (text: string) => text.replace(/^extra .*$/m, `extra ${Buffer.from('{}').toString('base64')}`)],
      [
        'a signature',
        (text: string) => text.replace(/(— \S+ \S{20})(.)/, (_all, head: string, one: string) => `${head}${one === 'A' ? 'B' : 'A'}`),
      ],
      ['a root', (text: string) => text.replace(/\n\n(\S+\n\d+\n)\S+\n/, `\n\n$1${Buffer.alloc(32, 7).toString('base64')}\n`)],
      ['the key', (text: string) => text.replaceAll('ledger.test/pages', 'ledger.test/other')],
      ['everything', () => 'no proof at all'],
    ])('with %s changed holds for neither', async (_what, change) => {
      const { page } = visitor;
      const changed = change(await openProof(page));
      await page.fill('#proof', changed);
      await said(page, '.app-drop', '证明不成立');
      await Promise.all([page.waitForEvent('load'), page.click('main form button')]);
      expect(await page.locator('section.govuk-inset-text').innerText()).toContain('证明不成立');
      expect(await browserSays(page)).toEqual(expect.arrayContaining(['证明不成立。', '与服务端的结论一致。']));
    });

    test('is an alarm where the service says other', async () => {
      const { page } = visitor;
      await page.route('**/ledger?*', async (route) => {
        const answer = await route.fetch();
        await route.fulfill({ response: answer, body: (await answer.text()).replace('data-service="holds"', 'data-service="holds-not"') });
      });
      await openProof(page);
      await said(page, '.app-drop', '警报');
      await expectReadable(page);
    });
  });

  test('without script nothing of it is there', async () => {
    const { browser, page } = await signedIn({ javaScript: false });
    for (const path of [CASE, `${HOME}/tables/2017`, '/ledger']) {
      await page.goto(`${base}${path}?lang=zh`);
      expect(await page.locator('input[type=file], [role=status], .app-live, .app-drop').count()).toBe(0);
    }
    await browser.close();
  });

  test('a page and its scripts stay light', async () => {
    const { page } = visitor;
    for (const path of ['/ledger', HOME, CASE]) {
      await page.goto(`${base}${path}`);
      const loaded = await page.evaluate(() =>
        ['navigation', 'resource'].flatMap((type) =>
          performance.getEntriesByType(type).map((entry) => ({
            name: entry.name,
            bytes: entry instanceof PerformanceResourceTiming ? entry.decodedBodySize : 0,
          })),
        ),
      );
      expect(loaded.some(({ name }) => name.endsWith('.js'))).toBe(true);
      expect(loaded.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(150_000);
    }
  });
});

describeInBrowser('pages over a connection that is not secure', (executable) => {
  test('say that a browser hashes nothing there', async () => {
    const service = await startToLookAt([{ name: 'pages.test', port: null }]);
    const base = (await service.listen()).replace('127.0.0.1', 'pages.test');
    const browser = await openBrowser(executable, ['pages.test']);
    const page = await browser.context.newPage();
    await page.goto(`${base}${HOME}?lang=zh`);
    await page.check('input[value=auditor]');
    await Promise.all([page.waitForURL(`**${HOME}*`), page.click('main button')]);
    await page.goto(`${base}${CASE}?lang=zh`);
    expect(await page.locator('.app-drop').innerText()).toContain('sha256sum');
    expect(await page.locator('#file').count()).toBe(0);
    await browser.close();
    await service.finish();
  });
});
