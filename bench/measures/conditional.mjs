// A portal that asks again and again whether its tables changed, beside intake into other agencies: who asks and who
// sends, each in a process of its own.
import { setTimeout as sleep } from 'node:timers/promises';
import { inFlight } from '../measure.mjs';
import { atRate, client, record } from './http-client.mjs';

const YEAR = 2017;

const act = (type, subject, agency, data, id) =>
  JSON.stringify({
    specversion: '1.0',
    id,
    source: '/bench',
    type: `disclosure.${type}`,
    subject,
    time: `${YEAR}-03-02T09:00:00+08:00`,
    agency,
    actor: 'root',
    data,
  });

const nameOf = (kind, place) => `${kind}-${String(place).padStart(4, '0')}`;

/** Registers agencies whose tables stand still, and those that are sent to. */
export async function register({ address, quiet, busy }) {
  const { send, close } = client(address, 1);
  const names = [
    ...Array.from({ length: quiet }, (_, n) => nameOf('quiet', n)),
    ...Array.from({ length: busy }, (_, n) => nameOf('busy', n)),
  ];
  const lines = names.map((name) => act('agency.registered', `agency/${name}`, name, { name, administrator: 'root' }, `register-${name}`));
  const { status, text } = await send('POST', '/v1/events', { 'content-type': 'application/x-ndjson' }, lines.join('\n'));
  close();
  return { count: text.split('"recorded"').length - 1, status };
}

/** Sends single acts for so many seconds: as fast as it goes, or so many a second. */
export async function send({ address, busy, round, seconds, perSecond = null, flight = 64 }) {
  const { send: post, close } = client(address, flight);
  const end = performance.now() + seconds * 1000;
  const begun = performance.now();
  let next = 0;
  let count = 0;
  await inFlight(flight, () => {
    if (performance.now() >= end) return undefined;
    const n = next++;
    return async () => {
      if (perSecond !== null) {
        const due = begun + (n * 1000) / perSecond;
        if (due >= end) return;
        await sleep(Math.max(0, due - performance.now()));
      }
      const name = `${round}-${n}`;
      const body = act('meeting.held', `meeting/${name}`, nameOf('busy', n % busy), { title: '会议' }, `meeting-${name}`);
      await record(post, [body]);
      count += 1;
    };
  });
  const took = (performance.now() - begun) / 1000;
  close();
  return { count, seconds: took };
}

async function computed(send) {
  const { text } = await send('GET', '/metrics');
  return Number(/^disclosure_tables_computed_total (\d+)$/m.exec(text)?.[1]);
}

/**
 * Fetches each table once, then asks for so many a second whether one changed, until told to stop. `live`: asks for
 * /health/live instead, which looks at nothing: what the machine and the way there cost.
 */
export async function ask({ address, quiet, perSecond, live = false }) {
  const { send, close } = client(address, 16);
  const path = (n) => `/v1/agencies/${nameOf('quiet', n)}/tables/${YEAR}`;
  const tags = [];
  for (let n = 0; n < quiet && !live; n += 1) tags.push((await send('GET', path(n))).headers.etag);
  let asking = true;
  process.once('message', () => (asking = false));
  const before = await computed(send);
  process.send({ kind: 'primed' });
  const others = [];
  const asked = await atRate({
    perSecond,
    going: () => asking,
    ask: async (n) => {
      const { status } = live
        ? await send('GET', '/health/live')
        : await send('GET', path(n % quiet), { 'if-none-match': tags[n % quiet] });
      if (status !== (live ? 200 : 304)) others.push(status);
    },
  });
  const after = await computed(send);
  close();
  return { ...asked, others: others.length, computed: after - before };
}
