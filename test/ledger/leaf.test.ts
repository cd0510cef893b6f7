/** The entry of an event: which text, of what, for acts and for everything else. */
import canonicalize from 'canonicalize';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { leafOf, leafText, type LoggedEvent } from '../../src/ledger/leaf.js';

const GOLDEN = join(__dirname, '../events/golden');
const golden = (name: string): LoggedEvent => JSON.parse(readFileSync(join(GOLDEN, name), 'utf8')) as LoggedEvent;
const digest = (value: unknown): string =>
  `sha256:${createHash('sha256')
    .update(canonicalize(value) as string)
    .digest('hex')}`;

test.each(readdirSync(GOLDEN))('%s: the entry is its canonical JSON', (name) => {
  // The entry is the canonical JSON of what identifies it, by another implementation.
  const event = golden(name);
  const { stream, revision, id, type, version, recordedAt, data, metadata } = event;
  const entry = {
    stream,
    revision,
    eventId: id,
    type,
    version,
    occurredAt: type.startsWith('refusal.') ? null : metadata['at'],
    recordedAt,
    data: digest(data),
    metadata: digest(metadata),
  };
  expect(leafText(event)).toBe(canonicalize(entry));
});

test('a stored event’s entry, written out', () => {
  // The entry of an event that is stored for ever, written out.
  const event: LoggedEvent = {
    stream: 'publication-370828-commerce/2017-0001',
    revision: 3,
    id: '36c43ef9-804d-4ff4-97f2-fdee01042dcb',
    type: 'publication.released',
    version: 1,
    recordedAt: '2017-03-02T09:00:01.250+08:00',
    data: {},
    metadata: { at: '2017-03-02T01:00:00Z' },
  };
  expect(leafText(event)).toBe(
    '{"data":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","eventId":"36c43ef9-804d-4ff4-97f2-fdee01042dcb",' +
      '"metadata":"sha256:42c4039411a3febd9da8a43ba0c0d0d774d8bf1b28436bf66a8fe509308ca1e4","occurredAt":"2017-03-02T01:00:00Z",' +
      '"recordedAt":"2017-03-02T09:00:01.250+08:00","revision":3,"stream":"publication-370828-commerce/2017-0001","type":"publication.released","version":1}',
  );
});

test('any change in an event changes its entry', () => {
  // Whatever is changed in an event changes its entry; the position and the order of writing do not.
  const event = golden('publication.cleared.v1.json');
  const text = leafText(event);
  const changed: readonly Partial<LoggedEvent>[] = [
    { stream: 'publication-another/1' },
    { revision: event.revision + 1 },
    { id: '00000000-0000-4000-8000-000000000000' },
    { type: 'publication.checked' },
    { version: 2 },
    { recordedAt: '2000-01-01T00:00:00.000+08:00' },
    { data: { ...event.data, more: null } },
    { metadata: { ...event.metadata, actor: 'somebody else' } },
    { metadata: { ...event.metadata, at: '2017-01-01T00:00:00+08:00' } },
  ];
  const texts = changed.map((change) => leafText({ ...event, ...change }));
  expect(new Set([text, ...texts]).size).toBe(changed.length + 1);
  const reversed = Object.fromEntries(Object.entries(event.data).reverse());
  expect(leafText({ ...event, data: reversed, ...{ position: '9' } })).toBe(text);
});

test('a time that is no text is none', () => {
  const event = golden('publication.cleared.v1.json');
  expect(leafOf({ ...event, metadata: { at: 7 } }).occurredAt).toBeNull();
});
