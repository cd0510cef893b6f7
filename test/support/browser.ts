/** A real Chromium that reaches nothing but this machine, under as many names as a test wants. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext } from 'playwright-core';
import { PATIENCE_MS } from './until.js';

const USUAL = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** `CHROMIUM`, or where it usually is; null where there is none. */
function findChromium(): string | null {
  const named = process.env['CHROMIUM'] ?? '';
  return named !== '' ? named : (USUAL.find((path) => existsSync(path)) ?? null);
}

/**
 * `describe` where there is a Chromium. Where there is none the tests are skipped with a word, but not where `CI` is
 * set: there they fail, so that a browser that went missing is not a check that went missing.
 */
export function describeInBrowser(title: string, tests: (executable: string) => void): void {
  const found = findChromium();
  if (found !== null) return describe(title, () => tests(found));
  if (!['', '0', 'false'].includes(process.env['CI'] ?? '')) {
    test(title, () => {
      throw new Error('there is no Chromium: install one, or name it in CHROMIUM');
    });
    return;
  }
  process.stderr.write(`skipped without a Chromium (CHROMIUM names one): ${title}\n`);
  describe.skip(title, () => tests(''));
}

export interface Browser {
  readonly context: BrowserContext;
  /** Host and port of every request that went out. */
  readonly asked: ReadonlySet<string>;
  close(): Promise<void>;
}

/** With a profile of its own. `names` lead to 127.0.0.1; no name but these and those of the loopback leads anywhere. */
export async function openBrowser(
  executable: string,
  names: readonly string[],
  { javaScript = true }: { readonly javaScript?: boolean } = {},
): Promise<Browser> {
  const profile = mkdtempSync(join(tmpdir(), 'disclosure-browser-'));
  const rules = [...names.map((name) => `MAP ${name} 127.0.0.1`), 'EXCLUDE 127.0.0.1', 'EXCLUDE localhost', 'MAP * ~NOTFOUND'];
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: executable,
    javaScriptEnabled: javaScript,
    headless: true,
    timeout: PATIENCE_MS,
    args: [
      `--host-resolver-rules=${rules.join(', ')}`,
      '--no-proxy-server',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  context.setDefaultTimeout(PATIENCE_MS);
  const asked = new Set<string>();
  context.on('request', (request) => void asked.add(new URL(request.url()).host));
  return {
    context,
    asked,
    close: async () => {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}

/** Somebody's web server on 127.0.0.1: the same page at every address. */
export interface WebServer {
  readonly port: number;
  /** Stops at once; its port is free then. */
  close(): Promise<void>;
}

export async function servePage(html: string): Promise<WebServer> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(html);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
