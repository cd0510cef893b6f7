/** Emitters of the client for tests, each with an outbox of its own, and what they tell. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Emitter, type EmitterOptions, type Message, type Receipt, type Retry } from '../../src/client/emitter.js';

export interface Opened {
  readonly emitter: Emitter;
  readonly outbox: string;
  readonly receipts: Receipt[];
  readonly retries: Retry[];
}

const folders: string[] = [];
const emitters: Emitter[] = [];

/** Closes and removes all that a test has opened. */
export async function closeEmitters(): Promise<void> {
  await Promise.all(emitters.splice(0).map((emitter) => emitter.close()));
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

export function newOutbox(): string {
  const folder = mkdtempSync(join(tmpdir(), 'disclosure-client-'));
  folders.push(folder);
  return join(folder, 'outbox');
}

export async function openEmitter(url: string, more: Partial<EmitterOptions> = {}): Promise<Opened> {
  const outbox = more.outbox ?? newOutbox();
  const [receipts, retries]: [Receipt[], Retry[]] = [[], []];
  const emitter = await Emitter.open({
    url,
    source: '/office',
    retry: { firstMs: 1, mostMs: 20 },
    onReceipt: (receipt) => void receipts.push(receipt),
    onRetry: (retry) => void retries.push(retry),
    ...more,
    outbox,
  });
  emitters.push(emitter);
  return { emitter, outbox, receipts, retries };
}

/** A check of a site, under the id `SITE-NUMBER`: one case with as many messages as one likes. */
export function check(site: string, number: number | string, note?: string): Message {
  return {
    id: `${site}-${number}`,
    type: 'disclosure.site.checked',
    subject: `site/${site}`,
    time: '2017-03-01T09:00:00+08:00',
    agency: 'an-agency',
    actor: '值班员',
    data: { finding: 'ok', ...(note === undefined ? {} : { note }) },
  };
}

export interface RefusedLine {
  readonly number: number;
  readonly message: { readonly id: string };
  readonly receipt: Receipt;
}

export function refusedIn(file: string): RefusedLine[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as RefusedLine);
}
