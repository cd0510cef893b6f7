/**
 * Every text of others in every page: what somebody writes changes no page but by its own characters. Two ledgers that
 * differ in nothing but their texts are walked side by side.
 */
import { PAGES } from '../../src/pages/routes.js';
import { visibleLines } from '../../src/encoding/visible-text.js';
import { describeInBrowser, openBrowser } from '../support/browser.js';
import { EXAMPLE, HARMLESS, HOSTILE_SPELLING, startWritten, TURNED } from '../support/hostile-ledger.js';
import { PageClient, tokenIn } from '../support/page-client.js';
import { activeIn, besideOthers, linksIn, structureOf } from '../support/page-tree.js';
import type { Answer, TestService } from '../support/service.js';

/** The program of a time before there were rules of texts: what it recorded is shown today. */
jest.mock('../../src/intake/spelling.js', () => ({ refuseSpelling: () => null }));

const HOME = `/agencies/${EXAMPLE}`;

let harmless: PageClient;
let hostile: PageClient;
const services: TestService[] = [];

beforeAll(async () => {
  for (const spelling of [HARMLESS, HOSTILE_SPELLING]) services.push(await startWritten(spelling));
  const [one, other] = services.map((service) => new PageClient(service));
  if (one === undefined || other === undefined) throw new Error('there are two');
  [harmless, hostile] = [one, other];
  for (const client of [harmless, hostile]) await client.signIn({ person: 'auditor' });
});

afterAll(async () => {
  for (const service of services) await service.finish();
});

/** The kind of page that an address is of. */
const patternOf = (path: string): string =>
  path
    .replace(/\/cells\/[^?]*/, '/cell')
    .replace(/\/officers\/[^?]*/, '/officer')
    .replace(/(\/cases\/[^/]+)\/[^/?]*/, '$1')
    .replaceAll(/=[^&]*/g, '');

/** Pages of one kind that are looked at. */
const EACH = 2;

interface Pair {
  readonly path: string;
  readonly one: Answer;
  readonly other: Answer;
}

/** Both ledgers from the list of agencies on, link by link. */
async function walked(language: string): Promise<Pair[]> {
  const links: [string, string][] = [[`/agencies?lang=${language}`, `/agencies?lang=${language}`]];
  const seen = new Set(links.map(([path]) => path));
  const kinds = new Map<string, number>();
  const pairs: Pair[] = [];
  for (let next = links.shift(); next !== undefined; next = links.shift()) {
    const [path, beside] = next;
    const times = kinds.get(patternOf(path)) ?? 0;
    kinds.set(patternOf(path), times + 1);
    if (times >= EACH) continue;
    const pair = { path, one: await harmless.get(path), other: await hostile.get(beside) };
    pairs.push(pair);
    const others = linksIn(pair.other.text);
    linksIn(pair.one.text).forEach((to, at) => {
      if (!seen.has(to)) links.push([to, others[at] ?? '']);
      seen.add(to);
    });
  }
  return pairs;
}

/** Characters that nobody sees, as they would stand in the page. */
const unseenIn = (text: string): boolean => visibleLines(text) !== text;

function faultsOf({ path, one, other }: Pair): string[] {
  return [
    ...(one.status === other.status ? [] : [`${path}: ${one.status} and ${other.status}`]),
    ...(structureOf(one.text) === structureOf(other.text) ? [] : [`${path} has other elements`]),
    ...activeIn(other.text).map((what) => `${path}: ${what}`),
    ...(unseenIn(other.text) ? [`${path} holds what nobody sees`] : []),
    ...besideOthers(other.text, TURNED).map((text) => `${path}: not alone: ${text}`),
  ];
}

test.each(['zh', 'en'])('texts change no page but themselves: %s', async (language) => {
  const pairs = await walked(language);
  expect(pairs.flatMap(faultsOf)).toEqual([]);
  // Of every page there is one was looked at, and it was shown.
  const [reached, shown] = [pairs.map(({ path }) => path), pairs.filter(({ other }) => other.text.includes(TURNED))];
  const missing = PAGES.filter(({ method, url }) => method === 'GET' && !reached.some((path) => isOf(url, path)));
  expect(missing.map(({ url }) => url)).toEqual([]);
  expect(pairs.filter(({ one }) => one.status !== 200).map(({ path }) => path)).toEqual([]);
  expect(shown.length).toBeGreaterThan(15);
});

function isOf(url: string, path: string): boolean {
  return new RegExp(`^${url.replaceAll(/:\w+/g, '[^/?]+')}(\\?|$)`).test(path);
}

/** Of parts and parameters of an address. */
const ASKED: readonly (readonly [harmless: string, hostile: string])[] = [
  ['zz1', `zz1"><script>document.title='ran'</script>{{1}}'\u202e\u2066\u0001 ${TURNED}`],
  ['zz1', `zz1</textarea></title>=1+1\u200b\u00ad\u2028${'W'.repeat(500)} ${TURNED}`],
];

const KNOWN: Readonly<Record<string, string>> = {
  agency: EXAMPLE,
  year: '2017',
  cell: '1.1',
  kind: 'publication',
  number: '1',
  actor: 'x',
};

const filled = (url: string, but: Readonly<Record<string, string>> = {}): string =>
  url.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(but[name] ?? KNOWN[name] ?? ''));

const READ = [...PAGES.filter(({ method }) => method === 'GET'), { url: '/sign-in', parameters: ['return', 'failed'] }];

test.each(READ.map((page) => [page.url, page] as const))('what is asked of %s is harmless', async (url, { parameters }) => {
  const parts = [...url.matchAll(/:(\w+)/g)].map(([, name = '']) => name);
  const wrong: string[] = [];
  for (const [one, other] of ASKED) {
    const asked = [
      ...parts.map((name) => [filled(url, { [name]: one }), filled(url, { [name]: other })] as const),
      ...parameters.map((name) => [one, other].map((value) => `${filled(url)}?${new URLSearchParams({ [name]: value }).toString()}`)),
      // A parameter that there is not.
      [one, other].map((value) => `${filled(url)}?${new URLSearchParams({ [value]: value }).toString()}`),
    ];
    for (const [path = '', beside = ''] of asked) {
      const pair = { path, one: await harmless.get(path), other: await harmless.get(beside) };
      // What was asked may stand in the sentence that says what is wrong with it.
      wrong.push(...faultsOf(pair).filter((fault) => !fault.includes('not alone: ')));
    }
  }
  expect(wrong).toEqual([]);
});

const SENT = [
  ['/ledger', 'proof'],
  [`${HOME}/cases/application/1/reveal`, 'reason'],
  [`${HOME}/cases/application/1/reveal`, 'actor'],
  ['/sign-in', 'return'],
  ['/sign-in', 'person'],
] as const;

test.each(SENT)('what is sent to %s is harmless: %s', async (url, field) => {
  const client = new PageClient(harmless.service);
  await client.signIn({ person: 'leader' });
  const token = tokenIn(await client.get('/agencies'));
  for (const [one, other] of ASKED) {
    const sent = (text: string): Promise<Answer> => client.post(url, { token, actor: 'nobody', reason: 'a', [field]: text });
    const pair = { path: url, one: await sent(`${one}\u0001`), other: await sent(other) };
    expect(faultsOf(pair).filter((fault) => !fault.includes('not alone: '))).toEqual([]);
    expect(String(pair.other.headers.location ?? '')).not.toContain('script');
  }
});

describeInBrowser('in a browser', (executable) => {
  test('nothing runs, and nothing is turned around', async () => {
    const browser = await openBrowser(executable, []);
    const base = await hostile.service.listen();
    const page = await browser.context.newPage();
    const wrong: string[] = [];
    page.on('dialog', (dialog) => void wrong.push(`${page.url()}: ${dialog.message()}`));
    page.on('pageerror', (error) => void wrong.push(`${page.url()}: ${error.message}`));
    page.on('console', (line) => void (line.type() === 'error' && wrong.push(`${page.url()}: ${line.text()}`)));
    await page.goto(`${base}/sign-in?return=/agencies`);
    await page.check('input[value=leader]');
    await Promise.all([page.waitForURL('**/agencies'), page.click('main button')]);
    const [looked, links] = [new Set<string>(), ['/agencies']];
    for (let path = links.shift(); path !== undefined; path = links.shift()) {
      if (looked.has(patternOf(path))) continue;
      looked.add(patternOf(path));
      await page.goto(`${base}${path}`);
      links.push(...linksIn(await page.content()));
      if ((await page.title()) === 'ran') wrong.push(`${path}: a text ran`);
      wrong.push(...(await page.evaluate(turnedIn, TURNED)).map((text) => `${path} is turned around: ${text}`));
    }
    expect(wrong).toEqual([]);
    expect(looked.size).toBeGreaterThan(15);
    await browser.close();
  });
});

/**
 * In the browser: words without the mark whose characters do not stand one behind the other as they are read, line by
 * line, also from one piece of text to the next of the same block.
 */
function turnedIn(mark: string): string[] {
  const wrong: string[] = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const last = new Map<Element, DOMRect>();
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const text = node.textContent ?? '';
    if (text.includes(mark)) continue;
    let block = node.parentElement as Element;
    while (getComputedStyle(block).display === 'inline') block = block.parentElement as Element;
    for (let at = 0; at < text.length; at += 1) {
      if (/[\s\ud800-\udfff]/.test(text.charAt(at))) continue;
      const range = document.createRange();
      range.setStart(node, at);
      range.setEnd(node, at + 1);
      const [box] = range.getClientRects();
      if (box === undefined || box.width === 0) continue;
      const before = last.get(block);
      const isBehind = before === undefined || box.top > before.bottom - 4 || box.left >= before.right - 2;
      if (!isBehind) wrong.push(`${text.slice(0, 40)} at ${at}`);
      last.set(block, box);
    }
  }
  return wrong;
}
