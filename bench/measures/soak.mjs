// Mixed load that goes on: acts of cases, and readers beside them.
import { setTimeout as sleep } from 'node:timers/promises';
import { history } from '../histories.mjs';
import { inFlight } from '../measure.mjs';
import { atRate, client, post, record } from './http-client.mjs';
import { randomOf } from './reading.mjs';

/** More than any soak sends; over these the histories spread their ten years. */
const TOTAL = 5_000_000;
/** How long a sender waits before it sends again what could not be taken, ms. */
const AGAIN_MS = 1000;
const YEARS = [2014, 2015, 2016, 2017, 2018];

/** The messages of one case after the other; the acts of a case stand together in a history. */
function* casesOf(agencies) {
  let acts = [];
  for (const message of history(TOTAL, agencies)) {
    if (acts.length > 0 && acts[0].subject !== message.subject) {
      yield acts;
      acts = [];
    }
    acts.push(message);
  }
}

/** As a sender does: what could not be taken for the moment is sent again. Gives how often it was. */
async function recorded(send, act) {
  for (let again = 0; ; again += 1) {
    const { status, text } = await post(send, [JSON.stringify(act)]);
    // It may have been recorded, and only its answer was lost.
    if (status === 201 || (again > 0 && status === 200)) return again;
    if (status !== 503) throw new Error(`${status} ${text.slice(0, 500)}`);
    await sleep(AGAIN_MS);
  }
}

/**
 * Sends acts for so many seconds, as fast as it goes or so many a second, and begins behind the `done` first cases. The
 * agencies are the first cases of all. Gives how many acts were sent, how often one was sent again, and how many cases
 * are done now.
 */
export async function drive({ address, agencies, done, seconds, perSecond = null, flight = 64 }) {
  const { send, close } = client(address, flight);
  const cases = casesOf(agencies);
  for (let skipped = 0; skipped < done; skipped += 1) cases.next();
  let taken = done;
  // Agencies alone at first: every other case is of one of them.
  for (; taken < agencies; taken += 1) for (const act of cases.next().value) await record(send, [JSON.stringify(act)]);
  const begun = performance.now();
  const end = begun + seconds * 1000;
  let sent = 0;
  let again = 0;
  await inFlight(flight, () => {
    if (performance.now() >= end) return undefined;
    taken += 1;
    const acts = cases.next().value;
    return async () => {
      for (const act of acts) {
        const due = perSecond === null ? begun : begun + (sent * 1000) / perSecond;
        sent += 1;
        await sleep(Math.max(0, due - performance.now()));
        again += await recorded(send, act);
      }
    };
  });
  close();
  return { count: sent, again, seconds: (performance.now() - begun) / 1000, done: taken };
}

/**
 * Readers of every kind, so many questions a second, until told to stop. `others`: answers that were none, by status
 * and kind.
 */
export async function read({ address, agencies, perSecond, seed }) {
  const { send, close } = client(address, 8);
  const random = randomOf(seed);
  const agency = () => `/v1/agencies/agency-${random(agencies)}`;
  const table = () => `${agency()}/tables/${YEARS[random(YEARS.length)]}`;
  // By name; a table is asked for as often as all others together.
  const kinds = Object.entries({
    cell: () => `${table()}/cells/1.1`,
    type: () => '/v1/events?limit=100&order=desc&type=publication.approved',
    agency: () => `/v1/events?limit=100&order=desc&agency=agency-${random(agencies)}`,
    deadlines: () => `${agency()}/deadlines`,
  }).flatMap((kind) => [['table', table], kind]);
  let going = true;
  process.once('message', () => (going = false));
  process.send({ kind: 'reading' });
  const others = {};
  const asked = await atRate({
    perSecond,
    going: () => going,
    ask: async (n) => {
      const [kind, path] = kinds[n % kinds.length];
      const { status } = await send('GET', path());
      if (status !== 200) others[`${status} ${kind}`] = (others[`${status} ${kind}`] ?? 0) + 1;
    },
  });
  close();
  return { ...asked, others };
}
