/** The tables of many agencies for many clients at once: a real service holds a table for each, never an answer. */
import { get, type IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { budget } from '../support/budget.js';
import { fileOf, finishFolder, newFolder, run, serve, stop, type Served } from '../support/cli.js';
import { registered } from '../support/messages.js';
import { until } from '../support/until.js';

const BELOW = 600;
/** As many agencies as one short answer is of. */
const FEW = 60;
const CLIENTS = budget(32, 48);
const ROUNDS = 3;
const HEAP_MB = 80;

const codes = Array.from({ length: BELOW }, (_, nth) => `a${nth}`);
const SHORT = `/v1/tables?year=2023&agencies=${codes.slice(0, FEW).join(',')}`;
const LONG = '/v1/tables?year=2023&below=above';

const folder = newFolder();
let served: Served;

beforeAll(async () => {
  const agencies = [registered('above'), ...codes.map((code) => registered(code, { parent: 'above' }))];
  const lines = agencies.map((one) => JSON.stringify(one));
  expect((await run(['import', fileOf(folder, 'agencies.ndjson', lines.join('\n'))], { folder })).code).toBe(0);
  // Room for the service and little beside: what waits to be collected does not hide what is held.
  served = await serve({ folder, env: { NODE_OPTIONS: `--max-semi-space-size=4 --max-old-space-size=${HEAP_MB}` } });
});

afterAll(async () => {
  await stop(served);
  await finishFolder(folder);
});

/** The number of a metric without labels. */
async function metric(name: string): Promise<number> {
  const text = await (await fetch(`${served.url}/metrics`)).text();
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
}

const memory = (): Promise<number> => metric('process_resident_memory_bytes');

/** Asks, and reads no further than the head of the answer. */
function begun(address: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get(`${served.url}${address}`, { agent: false }, (answer) => resolve(answer.pause())).on('error', reject);
  });
}

interface Read {
  readonly lines: number;
  readonly bytes: number;
}

async function readOn(answer: IncomingMessage): Promise<Read> {
  let [lines, bytes] = [0, 0];
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    lines += chunk.toString('latin1').split('\n').length - 1;
    bytes += chunk.length;
  }
  return { lines, bytes };
}

/** Until it works no more for anybody: what clients do not read lies where it stays. */
async function atRest(): Promise<void> {
  let before = -1;
  await until(async () => {
    const spent = await metric('process_cpu_seconds_total');
    const rests = before >= 0 && spent - before < 0.1;
    before = spent;
    return rests;
  }, 500);
}

/** All clients at once; first nobody reads, then everybody. With the most memory that the service had meanwhile. */
async function round(address: string): Promise<{ readonly read: readonly Read[]; readonly most: number }> {
  const answers = await Promise.all(Array.from({ length: CLIENTS }, () => begun(address)));
  await atRest();
  let most = await memory();
  let goesOn = true;
  const reading = Promise.all(answers.map(readOn)).finally(() => (goesOn = false));
  while (goesOn) {
    most = Math.max(most, await memory());
    await sleep(100);
  }
  return { read: await reading, most };
}

test('its memory does not grow with the answers', async () => {
  // As many clients with short answers are the measure: what they leave to be collected is part of it.
  const short: number[] = [];
  for (let nth = 0; nth < ROUNDS; nth += 1) short.push((await round(SHORT)).most);
  const { read, most } = await round(LONG);
  const [first] = read;
  expect(read).toEqual(read.map(() => first));
  expect(first?.lines).toBe(BELOW + 1);
  // Answers that are held come on top, all of them; garbage goes up and down by less, as its room is small.
  const held = CLIENTS * (first?.bytes ?? 0);
  expect(held).toBeGreaterThan(1.5 * HEAP_MB * 2 ** 20);
  expect(most).toBeLessThan(Math.max(...short) + 0.75 * held);
});
