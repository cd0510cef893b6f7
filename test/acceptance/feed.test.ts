/**
 * A hundred subscribers of the feed of a real `serve`, cut off at random, while the service is killed and begun again:
 * each is told every event and every changed table, in order, once or more. With EVENTSTOREDB_URL there are two
 * services on one log, and a subscriber comes again at either.
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { listening, finishFolder, newFolder, serve, stop, type Served } from '../support/cli.js';
import { budget } from '../support/budget.js';
import { opened } from '../support/feed-client.js';
import { FeedSubscriber } from '../support/feed-subscriber.js';
import { randomFrom } from '../support/kill-import.js';
import { message, setUp, type Message } from '../support/messages.js';
import { asLines, NDJSON } from '../support/service.js';
import { until } from '../support/until.js';

const SUBSCRIBERS = 100;
const ROUNDS = budget(3, 12);
const EVENTS_A_ROUND = budget(60, 400);
const CUT_A_ROUND = 25;
const SEED = Number(process.env['FEED_SEED'] ?? 20261128);
const AGENCIES = ['one', 'two', 'three'];

let random: () => number;
let ids = 0;
const pick = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)] as T;

function someActs(count: number): Message[] {
  return Array.from({ length: count }, () => {
    ids += 1;
    const agency = pick(AGENCIES);
    const time = `${2015 + Math.floor(random() * 4)}-05-04T09:00:00+08:00`;
    return random() < 0.2
      ? message('agency.role-assigned', `agency/${agency}`, time, 'root', { actor: `r${ids}`, role: 'archivist' }, { agency })
      : message('meeting.held', `meeting/${ids}`, time, 'office', { title: 'm' }, { agency });
  });
}

/** Sends again until every message was taken: while the service is away nothing is. */
async function send(urls: () => readonly string[], acts: readonly Message[]): Promise<void> {
  const body = asLines(acts);
  await until(async () => {
    try {
      const answer = await fetch(`${pick(urls())}/v1/events`, { method: 'POST', headers: { 'content-type': NDJSON }, body });
      const lines = (await answer.text()).trim().split('\n');
      return answer.ok && lines.every((line) => ['recorded', 'duplicate'].includes((JSON.parse(line) as { status: string }).status));
    } catch {
      return false;
    }
  }, 50);
}

interface World {
  readonly services: Served[];
  readonly again: (n: number) => Promise<Served>;
}

async function lastIndex(url: string): Promise<number> {
  const table = await fetch(`${url}/v1/agencies/one/tables/2015`);
  return ((await table.json()) as { asOf: { index: number } }).asOf.index;
}

async function soak({ services, again }: World): Promise<FeedSubscriber[]> {
  random = randomFrom(SEED);
  process.stderr.write(`feed: random moments from seed ${SEED} (set FEED_SEED for others)\n`);
  const urls = (): string[] => services.map(({ url }) => url);
  await send(
    urls,
    AGENCIES.flatMap((agency) => setUp(agency, { chain: false })),
  );
  const first = services[0] as Served;
  await until(async () => (await fetch(`${first.url}/v1/agencies/three/tables/2015`)).ok);
  const from = await lastIndex(first.url);
  const subscribers = Array.from({ length: SUBSCRIBERS }, () => new FeedSubscriber(first.url, from));
  await Promise.all(subscribers.map(({ client }) => opened(client)));
  for (let round = 0; round < ROUNDS; round += 1) {
    const cuts = Array.from({ length: CUT_A_ROUND }, () => pick(subscribers).cut(random() * 300, pick(urls())));
    await send(urls, someActs(EVENTS_A_ROUND));
    const n = Math.floor(random() * services.length);
    const [dying] = [services[n] as Served];
    dying.child.kill(round % 2 === 0 ? 'SIGKILL' : 'SIGTERM');
    await dying.finished;
    services[n] = await again(n);
    await send(urls, someActs(EVENTS_A_ROUND));
    for (const act of someActs(5)) await send(urls, [act]);
    await Promise.all(cuts);
  }
  await send(urls, someActs(1));
  return subscribers;
}

/** Every subscriber came to the end, missed nothing, and knows each table as it is. */
async function check(subscribers: readonly FeedSubscriber[], url: string): Promise<void> {
  const live = new Map<string, string>();
  for (const agency of AGENCIES)
    for (const year of [2015, 2016, 2017, 2018]) {
      const table = (await (await fetch(`${url}/v1/agencies/${agency}/tables/${year}`)).json()) as { contentHash: string };
      live.set(`${agency} ${year}`, table.contentHash);
    }
  const end = await lastIndex(url);
  const isDone = ({ upTo, tables }: FeedSubscriber): boolean => upTo === end && [...live].every(([of, hash]) => tables.get(of) === hash);
  await until(() => subscribers.every(isDone), 100);
  expect(subscribers.flatMap(({ wrong }) => wrong)).toEqual([]);
  for (const subscriber of subscribers) subscriber.stop();
}

test('a hundred subscribers miss nothing', async () => {
  const folder = newFolder();
  const services = [await serve({ folder })];
  const port = new URL((services[0] as Served).url).port;
  const subscribers = await soak({ services, again: () => listening(['serve', '--port', port], { folder }) });
  const served = services[0] as Served;
  await check(subscribers, served.url);
  expect((await stop(served)).code).toBe(0);
  await finishFolder(folder);
});

const server = process.env['EVENTSTOREDB_URL'] ?? '';

if (server === '') {
  test('without EVENTSTOREDB_URL nothing is claimed', () => {
    // Without EVENTSTOREDB_URL nothing is claimed of the feed on two replicas.
    process.stderr.write('EventStoreDB: EVENTSTOREDB_URL is not set, the feed was followed on one service only\n');
    expect(server).toBe('');
  });
} else {
  test('a hundred subscribers of two replicas', async () => {
    const folders = [newFolder(), newFolder()] as const;
    const env = {
      EVENTSTOREDB_URL: server,
      DISCLOSURE_NAMESPACE: `test-feed-${randomBytes(6).toString('hex')}-`,
      DISCLOSURE_KEYS: join(folders[0], 'keys.db'),
    };
    const services = [await serve({ folder: folders[0], env }), await serve({ folder: folders[1], env })];
    const ports = services.map(({ url }) => new URL(url).port);
    const again = (n: number): Promise<Served> => listening(['serve', '--port', ports[n] ?? '0'], { folder: folders[n] ?? '', env });
    const subscribers = await soak({ services, again });
    await check(subscribers, pick(services).url);
    for (const served of services) expect((await stop(served)).code).toBe(0);
  });
}
