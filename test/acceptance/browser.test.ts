/**
 * Web pages of somebody else, in a real browser on the machine of the service: one whose name leads to the service
 * after it was loaded (DNS rebinding), and pages of other origins. They read and record nothing. The same attacks
 * succeed where the operator names the attacker's host as his own, so that it is the rule that stops them. The
 * project's own page goes on working.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { CHECKPOINT_STREAM } from '../../src/events/catalog.js';
import { SqliteEventLog } from '../../src/log/sqlite-event-log.js';
import { received } from '../support/applications.js';
import { describeInBrowser, openBrowser, servePage, type Browser, type WebServer } from '../support/browser.js';
import { fileOf, finishFolder, listening, newFolder, run, stop, type Served } from '../support/cli.js';
import { AGENCY, message, setUp } from '../support/messages.js';
import { asLines, NDJSON, SINGLE } from '../support/service.js';
import { until } from '../support/until.js';
import { smallYear } from '../support/year.js';

const ATTACKER = readFileSync(join(__dirname, '../fixtures/pages/attacker.html'), 'utf8');
const SECRET = '申请人王某某';
const CASE = `/v1/agencies/${AGENCY}/cases/application/1`;
const READS = ['/v1/events', '/v1/refusals', `${CASE}/trail`, `/v1/agencies/${AGENCY}/accesses`, `/v1/agencies/${AGENCY}/tables/2017`];
/** The attacker's names; each leads to 127.0.0.1. */
const REBOUND = 'rebound.example';
const OTHER = 'other.example';

interface Write {
  readonly address: string;
  readonly type: string | null;
  readonly body: string | null;
}

/**
 * What the page was given: status 0 and no text where the browser keeps the answer from it, -1 where there was none.
 */
interface Heard {
  readonly what: string;
  readonly status: number;
  readonly text: string;
}

let serial = 0;

/** Everything that records: an act, an access to sealed texts, a refused message sent again. */
function writes(refusalId: string): Write[] {
  serial += 1;
  const act = message(
    'meeting.held',
    `meeting/evil-${serial}`,
    '2017-03-02T09:00:00+08:00',
    'office',
    { title: '会议' },
    { id: `evil-${serial}` },
  );
  return [
    { address: '/v1/events', type: SINGLE, body: JSON.stringify(act) },
    { address: `${CASE}/personal-data`, type: 'application/json', body: JSON.stringify({ actor: 'office', reason: '核对' }) },
    { address: `/v1/refusals/${refusalId}/resend`, type: null, body: null },
  ];
}

interface Asked {
  readonly base: string;
  readonly reads: readonly string[];
  readonly posts: readonly Write[];
}

/** All that the page's own script, test/fixtures/pages/attacker.html, can ask of the service at `base`. */
function attack(page: Page, asked: Asked): Promise<Heard[]> {
  return page.evaluate((what) => (globalThis as unknown as { attack(of: Asked): Promise<Heard[]> }).attack(what), asked);
}

/** An answer that came to the browser, also one that it keeps from the page. */
interface Came {
  readonly url: URL;
  readonly status: number;
  /** Asked for as a page of its own or of a frame, not by a script. */
  readonly navigation: boolean;
}

describeInBrowser('pages of somebody else', (executable) => {
  const folder = newFolder();
  let browser: Browser;
  let elsewhere: WebServer;
  let served: Served;
  /** Of the service, and before it of the attacker's server. */
  let port: number;
  let rebound: Page;
  let came: Came[] = [];

  beforeAll(async () => {
    const application = received('1', '2017-03-01', { applicant: { kind: 'natural-person', name: SECRET } });
    expect((await run(['import', fileOf(folder, 'year.ndjson', asLines([...smallYear(), application]))], { folder })).code).toBe(0);
    browser = await openBrowser(executable, [REBOUND, OTHER]);
    browser.context.on('response', (answer) => {
      came.push({ url: new URL(answer.url()), status: answer.status(), navigation: answer.request().isNavigationRequest() });
    });
    elsewhere = await servePage(ATTACKER);
    // The page is the attacker's; then its server is gone, and the same name and port lead to the service.
    const attacker = await servePage(ATTACKER);
    port = attacker.port;
    rebound = await visit(`http://${REBOUND}:${port}/`);
    await attacker.close();
    served = await serveThere();
  });

  afterAll(async () => {
    await browser.close();
    await elsewhere.close();
    await stop(served);
    await finishFolder(folder);
  });

  async function visit(url: string): Promise<Page> {
    const page = await browser.context.newPage();
    await page.goto(url);
    return page;
  }

  const serveThere = (env: Record<string, string> = {}): Promise<Served> => listening(['serve', '--port', String(port)], { folder, env });

  /**
   * A message that was refused, and would be recorded if it were sent again: nothing but an empty POST is needed for
   * that. Gives its refusal.
   */
  async function refused(): Promise<string> {
    serial += 1;
    const agency = `later-${serial}`;
    const early = message('meeting.held', 'meeting/early', '2017-03-02T09:00:00+08:00', 'office', { title: '会议' }, { agency });
    const post = (lines: string): Promise<Response> =>
      fetch(`http://127.0.0.1:${port}/v1/events`, { method: 'POST', headers: { 'content-type': NDJSON }, body: lines });
    await post(asLines([early]));
    await post(asLines(setUp(agency)));
    return until(async () => {
      const { refusals } = (await (await fetch(`http://127.0.0.1:${port}/v1/refusals`)).json()) as {
        refusals: { refusalId: string; id: string }[];
      };
      return refusals.find(({ id }) => id === early.id)?.refusalId;
    });
  }

  /** Acts and refusals in the log itself: read models may be a moment behind it. */
  async function recorded(): Promise<number> {
    const log = new SqliteEventLog({ file: join(folder, 'data', 'log.db'), readonly: true });
    try {
      const events = await log.readAll(null, 10_000);
      return events.filter(({ stream }) => stream !== CHECKPOINT_STREAM).length;
    } finally {
      await log.close();
    }
  }

  /** Of those that came from the service since `came` was emptied. */
  const ours = (): Came[] => came.filter(({ url }) => url.port === String(port));
  const saw = (heard: readonly Heard[], text: string): string[] => heard.filter((one) => one.text.includes(text)).map(({ what }) => what);

  test('a rebound page reads and records nothing', async () => {
    const posts = writes(await refused());
    const before = await recorded();
    const reads = [...READS, '/openapi.json', '/docs', '/metrics', '/nothing'];
    const heard = await attack(rebound, { base: '', reads, posts });
    // The browser takes the service for the page's own: every answer is shown to it.
    const fetched = heard.filter(({ what }) => /^(fetch|no-cors|post)/.test(what));
    expect(fetched).toHaveLength(2 * reads.length + 6);
    expect(fetched.filter(({ status, text }) => status !== 421 || !text.includes('wrong-host'))).toEqual([]);
    expect([...saw(heard, SECRET), ...saw(heard, AGENCY)]).toEqual([]);
    expect(await recorded()).toBe(before);
    expect(await rebound.evaluate(async () => (await fetch('/health/live')).status)).toBe(200);
  });

  test.each([
    ['another site', OTHER],
    ['another port of the same host', '127.0.0.1'],
  ])('a page of %s reads and records nothing', async (_, host) => {
    const page = await visit(`http://${host}:${elsewhere.port}/`);
    const posts = writes(await refused());
    const before = await recorded();
    came = [];
    for (const base of [`http://127.0.0.1:${port}`, `http://localhost:${port}`, `http://${REBOUND}:${port}`]) {
      const heard = await attack(page, { base, reads: [...READS, '/openapi.json', '/docs', '/metrics'], posts });
      // Either there was none, or the browser kept it from the page.
      expect(heard.filter(({ status, text }) => status > 0 || (status === 0 && text !== ''))).toEqual([]);
    }
    const taken = ours().filter(({ status }) => status !== 403 && status !== 421);
    expect(taken.filter(({ navigation, url }) => !navigation || url.pathname.startsWith('/v1'))).toEqual([]);
    expect(ours().length - taken.length).toBeGreaterThan(20);
    expect(await recorded()).toBe(before);
    await page.close();
  });

  test('a sandboxed page records nothing', async () => {
    // A page without an origin, in a sandboxed frame, records nothing.
    const page = await visit(`http://${OTHER}:${elsewhere.port}/`);
    const url = `http://127.0.0.1:${port}/v1/refusals/${await refused()}/resend`;
    const before = await recorded();
    const sent = await page.evaluate(
      (to) => (globalThis as unknown as { sendSandboxed(url: string): Promise<string> }).sendSandboxed(to),
      url,
    );
    expect(sent).toBe('null');
    expect(await recorded()).toBe(before);
    await page.close();
  });

  test.each([
    ['/v1/events', 403],
    ['/docs', 200],
  ])('a link from elsewhere to %s gets %i', async (address, status) => {
    // A link from elsewhere to … is answered with ….
    const page = await visit(`http://${OTHER}:${elsewhere.port}/`);
    const url = `http://127.0.0.1:${port}${address}`;
    const answered = page.waitForResponse(url);
    await page.evaluate(`location.href = ${JSON.stringify(url)}`);
    expect((await answered).status()).toBe(status);
    if (status === 200) await page.locator('.opblock').first().waitFor();
    await page.close();
  });

  test('no other site can frame /docs', async () => {
    // No page of another shows /docs in a frame, where a click would send an act.
    const page = await visit(`http://127.0.0.1:${elsewhere.port}/`);
    const heard = await attack(page, { base: `http://127.0.0.1:${port}`, reads: ['/docs'], posts: [] });
    expect(heard.find(({ what }) => what.startsWith('frame '))).toMatchObject({ text: '' });
    const blocked = page.waitForEvent('console', (said) => said.text().includes('frame-ancestors'));
    await page.evaluate(`document.body.insertAdjacentHTML('beforeend', '<iframe src="http://127.0.0.1:${port}/docs"></iframe>')`);
    await blocked;
    await page.close();
  });

  test.each(['127.0.0.1', 'localhost'])('/docs works under %s', async (host) => {
    // The page at /docs works under …: it shows the addresses, reads, and sends an act.
    const page = await visit(`http://${host}:${port}/docs`);
    const block = page.locator('.opblock', { has: page.locator('[data-path="/v1/refusals"]') });
    await block.locator('.opblock-summary').click();
    await block.locator('.try-out__btn').click();
    const read = page.waitForResponse(/\/v1\/refusals(\?|$)/);
    await block.locator('.execute').click();
    expect((await read).status()).toBe(200);
    expect(await page.evaluate(async () => (await fetch('/openapi.json')).status)).toBe(200);
    const before = await recorded();
    const [act] = writes('none');
    const sent = await page.evaluate(
      async ({ address, type, body }) => (await fetch(address, { method: 'POST', headers: { 'content-type': type ?? '' }, body })).status,
      act as Write,
    );
    expect([sent, await recorded()]).toEqual([201, before + 1]);
    await page.close();
  });

  test('hosts the operator names read and record', async () => {
    // Where the operator names the hosts of the attacker as his own, the same pages read and record.
    await stop(served);
    served = await serveThere({ DISCLOSURE_HOSTS: `${REBOUND},${OTHER}:${elsewhere.port}` });
    const before = await recorded();
    const heard = await attack(rebound, { base: '', reads: READS, posts: writes('none').slice(0, 2) });
    expect(saw(heard, SECRET)).toEqual([expect.stringContaining('post ')]);
    expect(saw(heard, '"recorded"')).toEqual([expect.stringContaining('post ')]);
    expect(saw(heard, AGENCY).length).toBeGreaterThan(3);
    // The act, and the access.
    expect(await recorded()).toBe(before + 2);
    const [, , again] = writes(await refused());
    const then = await recorded();
    const page = await visit(`http://${OTHER}:${elsewhere.port}/`);
    await attack(page, { base: `http://${REBOUND}:${port}`, reads: [], posts: [again as Write] });
    // The act, and what became of the refusal.
    expect(await recorded()).toBe(then + 2);
    await page.close();
  });

  test('the browser asked nobody but this machine', () => {
    const names = [...browser.asked].map((host) => host.replace(/:\d+$/, ''));
    expect([...new Set(names)].sort()).toEqual(['127.0.0.1', 'localhost', OTHER, REBOUND].sort());
  });
});
