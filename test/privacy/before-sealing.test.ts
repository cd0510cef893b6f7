/**
 * A log from before anything was sealed: its events say in clear what is sealed now. They are read and counted as ever,
 * repeats are told, cases go on under a key from then on; and none of their texts gets into the read models.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isActType } from '../../src/events/catalog.js';
import { sealedTexts } from '../../src/events/envelope.js';
import { mergeSealed } from '../../src/events/sealed-fields.js';
import { readMessageValue } from '../../src/intake/message-reader.js';
import { sha256 } from '../../src/encoding/canonical-json.js';
import type { NewEvent, StoredEvent } from '../../src/log/event-log.js';
import { FORMS } from '../../src/statistics/forms/registry.js';
import { openerOf } from '../../src/recording/facts/opener.js';
import { figures, record } from '../support/histories.js';
import { openTestLedger, TEST_NOW, type TestLedger } from '../support/ledger.js';
import { markedHistory, type Marked } from '../support/marked.js';
import { AGENCY, at, message } from '../support/messages.js';
import { found, writings } from '../support/traces.js';

let today: TestLedger;
let old: TestLedger;
let marked: Marked;

/** The event as the program of that time stored it. */
function asVersion1(event: StoredEvent, digests: ReadonlyMap<string, string>): NewEvent {
  const { id, type } = event;
  if (!isActType(type) || event.metadata['sealKey'] === undefined) return event;
  const { sealed: _sealed, derived, ...clear } = event.data as { sealed?: unknown; derived: Record<string, unknown> };
  const { document: _document, ...facts } = derived;
  const { sealKey: _key, ...metadata } = event.metadata;
  const ofItem = type === 'record.voided' && event.stream.startsWith('publication-');
  const leaves = ofItem ? { leaves: { ...(derived['leaves'] as object), title: [...marked.marks.values()][0] } } : {};
  const data = mergeSealed(clear, sealedTexts(event, openerOf(today.keys)) ?? {});
  return {
    id,
    type,
    version: 1,
    data: { ...data, derived: { ...facts, ...leaves } },
    metadata: { ...metadata, digest: digests.get(id) ?? '' },
  };
}

beforeAll(async () => {
  marked = markedHistory('old');
  today = openTestLedger();
  old = openTestLedger();
  await record(today, marked.messages);
  const digests = new Map(
    marked.messages.map((one) => {
      const read = readMessageValue(one, TEST_NOW);
      if (!read.ok) throw new Error('a message of the history is refused');
      return [read.command.eventId, sha256(read.content)];
    }),
  );
  for (const event of await today.log.readAll(null, 1000)) await old.log.append(event.stream, 'any', [asVersion1(event, digests)]);
  await old.settled();
});

afterAll(async () => {
  await today.finish();
  await old.finish();
});

const filesOf = (name: string): { name: string; bytes: Buffer }[] =>
  readdirSync(old.folder)
    .filter((file) => file.startsWith(name))
    .map((file) => ({ name: file, bytes: readFileSync(join(old.folder, file)) }));

test('its tables are those of a sealed log', async () => {
  for (const { id: form } of FORMS)
    for (const year of [2017, 2018]) expect(await figures(old, AGENCY, year, form)).toEqual(await figures(today, AGENCY, year, form));
});

test('its texts are in the log alone', () => {
  // Its texts are in the log, as they were stored, and in no read model.
  const everywhere = [...marked.marks].map(([field, text]) => found(field, writings(text), filesOf('log.db')).length > 0);
  expect(everywhere.every(Boolean)).toBe(true);
  expect([...marked.marks].flatMap(([field, text]) => found(field, writings(text), filesOf('read.db')))).toEqual([]);
});

test('trails and texts are as of sealed cases', async () => {
  // Trails and texts are given as of sealed cases.
  const subjects = new Set(marked.messages.map(({ subject }) => subject).filter((subject) => !subject.startsWith('agency/')));
  for (const subject of subjects) {
    const [kind = '', number = ''] = subject.split('/');
    const [left, right] = await Promise.all(
      [old, today].map(async ({ texts, trails }) => {
        const { entries, ...trail } = await texts.withOpinions(AGENCY, trails.trail(AGENCY, { kind, number }));
        const shown = entries.map(({ opinion, sealed, type, waited }) => ({ opinion, sealed, type, waited }));
        return { trail, shown, texts: await texts.open(AGENCY, { kind, number }) };
      }),
    );
    expect(left).toEqual(right);
  }
});

test('repeats are duplicates, changed ones are refused', async () => {
  // The same messages are duplicates, others under their ids refused.
  expect(new Set((await old.send(...marked.messages)).map(({ status }) => status))).toEqual(new Set(['duplicate']));
  const cases = marked.messages.filter(({ subject }) => !subject.startsWith('agency/')).map((one) => ({ ...one, actor: 'another' }));
  expect(new Set((await old.send(...cases)).map(({ error }) => error?.code))).toEqual(new Set(['id-reused']));
});

test('an older case continues under a key', async () => {
  // Such a case goes on under a key; its erasure closes it, though what was stored in clear stays in that log.
  const more = message('publication.withdrawn', 'publication/old-1', at('2017-09-01'), 'editor', { reason: '新的理由' });
  const revised = message('publication.revised', 'publication/old-1', at('2017-09-01'), 'drafter', {
    contentHash: `sha256:${'1'.repeat(64)}`,
    title: '新的标题',
  });
  expect((await old.send(more, revised)).map(({ error, status }) => error?.code ?? status)).toEqual(['not-released', 'recorded']);
  const stored = (await old.log.readAll(null, 1000)).at(-1);
  expect(stored).toMatchObject({ type: 'publication.revised', version: 2 });
  expect(JSON.stringify(stored)).not.toContain('新的标题');
  const erased = message('record.erased', 'publication/old-1', at('2018-03-01'), 'auditor', { reason: '期满', approvedBy: 'leader' });
  expect((await old.send(erased, revised)).map(({ status }) => status)).toEqual(['recorded', 'duplicate']);
  expect(await old.texts.open(AGENCY, { kind: 'publication', number: 'old-1' })).toMatchObject({ erased: true, texts: [] });
});
