/** The pieces of a feed: heartbeats, and that one ends at once. */
import { Readable } from 'node:stream';
import { once } from 'node:events';
import { feedStream } from '../../src/http/feed-stream.js';
import { askerOf } from '../../src/http/access/caller.js';
import type { FeedReader } from '../../src/feed/feed-reader.js';

const BEGIN = { index: 4, told: 4 };

test('a silent feed has a heartbeat every 15 s', async () => {
  // A comment, as late as 15 s behind the last piece; what nobody may see is none.
  let clock = 0;
  const asked: number[] = [];
  const waits = [15_000, 9_000, 6_000, 0];
  const next: FeedReader['next'] = (place, ms) => {
    asked.push(ms);
    clock += waits.shift() ?? 0;
    return Promise.resolve(waits.length === 0 ? 'stopped' : waits.length === 2 ? { pieces: [], place } : null);
  };
  const told: string[] = [];
  for await (const text of feedStream({ next }, BEGIN, { asker: askerOf({}), now: () => clock })) told.push(text);
  expect(told.slice(1)).toEqual([':\n\n', ':\n\n']);
  expect(asked).toEqual([15_000, 15_000, 6_000, 15_000]);
});

test('what waits for events is woken at the end', async () => {
  // Its reader may no longer have it, or is gone: nothing waits for the next heartbeat.
  const next: FeedReader['next'] = (_place, _ms, gone) => new Promise((resolve) => gone.addEventListener('abort', () => resolve(null)));
  const end = new AbortController();
  const stream = Readable.from(feedStream({ next }, BEGIN, { asker: askerOf({}) }), { highWaterMark: 1, signal: end.signal });
  stream.on('error', () => undefined).resume();
  await once(stream, 'data');
  const closed = new Promise((resolve) => stream.on('close', resolve));
  end.abort();
  await closed;
});
