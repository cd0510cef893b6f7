/**
 * A pack that is dropped is verified in the browser by the sources of verify.mjs: whatever the pack, both find the
 * same. It goes nowhere, the page stays usable, and without script the command is shown.
 */
import { mkdtempSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { constants, deflateRawSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { sha256 } from '../../src/encoding/canonical-json.js';
import { formatVerifierKey, generateSignerKey } from '../../src/ledger/signed-note.js';
import type { PackAnswer } from '../../src/pages/script/pack/exchange.js';
import type { Verification } from '../../src/verifier/verify-pack.js';
import { describeInBrowser, openBrowser, type Browser } from '../support/browser.js';
import { budget } from '../support/budget.js';
import { run } from '../support/cli.js';
import { openKit, PARTS, someOf, type Kit } from '../support/kit.js';
import { gzipped, headerOf, memberOf, packFile, tarOf, tarOfMembers, verify } from '../support/packs.js';
import { startToLookAt } from '../support/pages-service.js';
import type { TestService } from '../support/service.js';
import { until } from '../support/until.js';

const AXE = readFileSync(createRequire(__filename).resolve('axe-core/axe.min.js'), 'utf8');
const NAME = 'some.pack';
const SELF = sha256(readFileSync(join(__dirname, '../../dist/verifier.mjs')));
const MIB = 1024 * 1024;
const GZIP_START = Buffer.from('1f8b08000000000000ff', 'hex');

interface Axe {
  readonly axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
}

describeInBrowser('a pack on the ledger’s page', (executable) => {
  const [file, changed] = [packFile(), packFile()];
  let kit: Kit;
  let service: TestService;
  let base: string;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    kit = await openKit(file);
    service = await startToLookAt();
    base = await service.listen();
    browser = await openBrowser(executable, []);
    page = await ledgerPage(browser);
  });

  afterAll(async () => {
    await browser.close();
    await service.finish();
  });

  /** As an auditor sees it. */
  async function ledgerPage(of: Browser): Promise<Page> {
    const opened = await of.context.newPage();
    await opened.goto(`${base}/ledger?lang=zh`);
    await opened.check('input[value=auditor]');
    await Promise.all([opened.waitForURL('**/ledger*'), opened.click('main button')]);
    return opened;
  }

  const said = async (): Promise<string> => (await page.textContent('#pack [role=status]')) ?? '';

  async function untilSaid(texts: readonly string[]): Promise<void> {
    await page.waitForFunction(
      (any) => any.some((text) => document.querySelector('#pack [role=status]')?.textContent?.includes(text) === true),
      texts,
    );
  }

  /** What the browser finds, with the keys that stand in the fields. */
  async function inBrowser(buffer: Buffer): Promise<Verification> {
    await page.setInputFiles('#pack-file', { name: NAME, mimeType: 'application/octet-stream', buffer });
    await untilSaid(['相符', '不符', '未核验', '未能完成']);
    const json = await page.evaluate(() => document.querySelector('#pack pre')?.textContent ?? null);
    if (json === null) throw new Error(await said());
    return JSON.parse(json) as Verification;
  }

  /** What Node finds with the keys of the kit. */
  async function inNode(bytes: Buffer): Promise<Verification> {
    writeFileSync(changed, bytes);
    const brought = { keys: [kit.key], witnesses: [kit.witness], minWitnesses: 1, self: SELF };
    return JSON.parse(JSON.stringify(await verify(changed, brought)).replaceAll(changed, NAME)) as Verification;
  }

  async function bring(): Promise<void> {
    await page.fill('#pack-keys', formatVerifierKey(kit.key));
    await page.fill('#pack-witnesses', formatVerifierKey(kit.witness));
  }

  test.each(PARTS)('browser and Node find the same: %s', async (part) => {
    await bring();
    for (const { name, make } of someOf(kit.deeds(part), budget(4, 24))) {
      const bytes = make();
      expect([name, await inBrowser(bytes)]).toEqual([name, await inNode(bytes)]);
    }
  });

  test('of the pack itself and its twins too', async () => {
    await bring();
    const good = readFileSync(file);
    for (const bytes of [good, gzipped(tarOf(file), 1), gzipped(tarOf(file), 0)]) {
      const found = await inBrowser(bytes);
      expect(found).toEqual(await inNode(bytes));
      expect(found).toMatchObject({ holds: true, witnessed: { cosignedBy: [`${kit.witness.name}+${kit.witness.id}`] } });
    }
    // A signature by no key but the auditor's own counts.
    await page.fill('#pack-keys', formatVerifierKey(generateSignerKey(kit.key.name)));
    expect((await inBrowser(good)).findings.map(({ rule }) => rule)).toContain('not-signed');
  });

  test('the command prints the same JSON', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'disclosure-year-'));
    const year = join(__dirname, '../../examples/jinxiang-commerce-2017.ndjson');
    await run(['import', year], { folder });
    await run(['export', '--pack', NAME], { folder });
    const { stdout } = await run(['verify', '--pack', NAME, '--json'], { folder });
    await page.fill('#pack-keys', '');
    await page.fill('#pack-witnesses', '');
    const found = await inBrowser(readFileSync(join(folder, NAME)));
    expect(found).toMatchObject({ holds: true, size: 450 });
    expect(await page.textContent('#pack pre')).toBe(stdout.trimEnd());
  });

  test.each<[string, string, () => Buffer]>([
    ['nothing', 'does not begin as a pack does', () => Buffer.alloc(0)],
    ['a text', 'does not begin as a pack does', () => Buffer.from('not a pack')],
    ['its beginning', 'unexpected end of file', () => readFileSync(file).subarray(0, 5000)],
    ['all but its last byte', 'the file is cut off', () => readFileSync(file).subarray(0, -1)],
    ['two packs', 'one member of gzip', () => Buffer.concat([readFileSync(file), readFileSync(file)])],
    ['another checksum', 'its checksum', () => flipped(readFileSync(file), -7)],
    ['a member outside', 'no such member', () => gzipped(tarOfMembers([{ name: '../../etc/passwd', bytes: Buffer.from('root') }]))],
    ['a size that lies', 'more than', () => gzipped(Buffer.concat([headerOf('pack.json', 8 ** 11 - 1), Buffer.alloc(2048)]))],
    ['zeros without end', 'behind the end of the archive', () => gzipped(Buffer.alloc(40 * MIB))],
    ['lines without end', 'more than 1000000 lines', () => manyLines()],
  ])('hostile files end in a finding: %s', async (_what, says, make) => {
    await bring();
    const bytes = make();
    const found = await inBrowser(bytes);
    expect(found.holds).toBe(false);
    expect(found.findings.at(-1)?.message).toContain(says);
    expect(found).toEqual(await inNode(bytes));
  });

  /** Entries that are empty, more of them than are held. */
  function manyLines(): Buffer {
    const before = kit.members.slice(0, kit.members.indexOf(memberOf(kit.members, 'entries/000000.ndjson')));
    const head = JSON.parse(memberOf(before, 'pack.json').bytes.toString()) as object;
    const [first, ...others] = before.map((one) => ({ ...one }));
    const lie = JSON.stringify({ ...head, size: Number.MAX_SAFE_INTEGER });
    return gzipped(
      tarOfMembers([
        { ...(first as (typeof others)[number]), bytes: Buffer.from(lie) },
        ...others,
        { name: 'entries/000000.ndjson', bytes: Buffer.alloc(20 * MIB, '\n') },
      ]),
    );
  }

  test('cancelled, the worker is gone', async () => {
    const endless = join(mkdtempSync(join(tmpdir(), 'disclosure-endless-')), NAME);
    writeFileSync(endless, zerosIn('SPEC.md', 64, 400));
    await page.setInputFiles('#pack-file', endless);
    await page.waitForFunction(() => (document.querySelector('#pack progress') as HTMLProgressElement).value > 0);
    // While it works the page answers.
    expect(page.workers()).toHaveLength(1);
    expect(await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => resolve('drawn'))))).toBe('drawn');
    await page.click('#pack [data-cancel]');
    expect(await said()).toContain('已取消');
    expect(await page.isVisible('#pack progress')).toBe(false);
    await until(() => page.workers().length === 0);
    // And the next one is verified as if nothing had been.
    await bring();
    expect((await inBrowser(readFileSync(file))).holds).toBe(true);
  });

  /** A pack whose member holds so many MiB of zeros so many times, and no end. */
  function zerosIn(name: string, mib: number, times: number): Buffer {
    const members = kit.members.slice(0, kit.members.indexOf(memberOf(kit.members, name)));
    const start = Buffer.concat([tarOfMembers(members).subarray(0, -1024), headerOf(name, 8 ** 11 - 1)]);
    const flushed = (bytes: Buffer): Buffer => deflateRawSync(bytes, { finishFlush: constants.Z_FULL_FLUSH });
    const zeros = flushed(Buffer.alloc(mib * MIB));
    return Buffer.concat([GZIP_START, flushed(start), ...Array<Buffer>(times).fill(zeros)]);
  }

  test('what is too large is for the command', async () => {
    const large = join(mkdtempSync(join(tmpdir(), 'disclosure-large-')), NAME);
    writeFileSync(large, readFileSync(file));
    truncateSync(large, 50_000_001);
    await page.setInputFiles('#pack-file', large);
    await untilSaid(['大于 50 MB']);
    expect(await said()).toContain('disclosure verify --pack');
    expect(page.workers()).toHaveLength(0);
  });

  test('a key that is none is refused', async () => {
    await page.fill('#pack-keys', 'nonsense');
    await page.setInputFiles('#pack-file', file);
    await untilSaid(['未核验']);
    expect(await said()).toContain('not a key');
  });

  test('dropped it is verified, and nothing asked', async () => {
    const fresh = await browser.context.newPage();
    await fresh.goto(`${base}/ledger?lang=zh`);
    // The ledger's own key stands there until an auditor puts in another.
    expect(await fresh.inputValue('#pack-keys')).toMatch(/^ledger\.test\/pages\+/);
    const asked: string[] = [];
    browser.context.on('request', (request) => void asked.push(new URL(request.url()).pathname));
    await fresh.evaluate((bytes) => {
      const carried = new DataTransfer();
      carried.items.add(new File([Uint8Array.from(atob(bytes), (char) => char.charCodeAt(0))], 'dropped.pack'));
      document.querySelector('#pack .app-drop')?.dispatchEvent(new DragEvent('drop', { dataTransfer: carried, cancelable: true }));
    }, readFileSync(file).toString('base64'));
    await fresh.waitForFunction(() => document.querySelector('#pack pre') !== null);
    // But for the program itself, which is of this service.
    expect(asked.filter((path) => !/^\/assets\/pack-worker-[0-9a-f]{16}\.js$/.test(path))).toEqual([]);
    expect(asked.length).toBeLessThan(2);
    expect([...browser.asked]).toEqual([new URL(base).host]);
    await fresh.close();
  });

  test('the worker may ask nothing of anybody', async () => {
    const address = (await page.getAttribute('meta[name="worker-packWorker"]', 'content')) ?? '';
    const { headers } = await service.get(address);
    expect(headers['content-security-policy']).toBe("default-src 'none'");
  });

  test('without WebCrypto it finds the same', async () => {
    // A page that came from another machine without TLS has none.
    const worker = await service.get((await page.getAttribute('meta[name="worker-packWorker"]', 'content')) ?? '');
    const server = createServer(({ url }, response) => {
      const isWorker = url === '/worker.js';
      response.writeHead(200, { 'content-type': isWorker ? 'text/javascript' : 'text/html' }).end(isWorker ? worker.text : '<p></p>');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const plain = await openBrowser(executable, ['plain.example']);
    const shown = await plain.context.newPage();
    await shown.goto(`http://plain.example:${(server.address() as AddressInfo).port}/`);
    expect(await shown.evaluate(() => typeof globalThis.crypto.subtle)).toBe('undefined');
    const keys = { keys: formatVerifierKey(kit.key), witnesses: formatVerifierKey(kit.witness) };
    for (const bytes of [readFileSync(file), ...someOf(kit.deeds('signatures'), 3).map(({ make }) => make())]) {
      const found = await shown.evaluate(
        async ({ encoded, name, ...brought }) => {
          const pack = new File([Uint8Array.from(atob(encoded), (char) => char.charCodeAt(0))], name);
          const verifier = new Worker('/worker.js', { type: 'module' });
          return new Promise((resolve) => {
            verifier.onmessage = ({ data }: MessageEvent<PackAnswer>) => {
              if (data.kind !== 'read') resolve(data);
            };
            verifier.postMessage({ file: pack, previousCheckpoint: '', ...brought });
          });
        },
        { encoded: bytes.toString('base64'), name: NAME, ...keys },
      );
      expect(found).toEqual({ kind: 'found', found: await inNode(bytes) });
    }
    await plain.close();
    await new Promise((resolve) => server.close(resolve));
  });

  test.each(['zh', 'en'])('a result is readable by everybody: %s', async (language) => {
    await page.goto(`${base}/ledger?lang=${language}`);
    await bring();
    await page.setInputFiles('#pack-file', { name: NAME, mimeType: 'application/gzip', buffer: flipped(readFileSync(file), -7) });
    await page.waitForSelector('#pack pre', { state: 'attached' });
    await page.evaluate(AXE);
    const { violations } = await page.evaluate(() => (globalThis as unknown as Axe).axe.run());
    expect(violations.map(({ id, nodes }) => `${id} ${nodes[0]?.html ?? ''}`)).toEqual([]);
    await page.click('#pack summary');
    for (const width of [360, 1280]) {
      await page.setViewportSize({ width, height: 800 });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    }
    await page.goto(`${base}/ledger?lang=zh`);
  });

  test('without script it is the command', async () => {
    const plain = await openBrowser(executable, [], { javaScript: false });
    const shown = await ledgerPage(plain);
    expect(await shown.textContent('#pack')).toContain('npx disclosure verify --pack FILE');
    expect(await shown.locator('#pack input').count()).toBe(0);
    await plain.close();
  });
});

function flipped(bytes: Buffer, at: number): Buffer {
  const place = bytes.length + at;
  bytes[place] = (bytes[place] as number) ^ 1;
  return bytes;
}
