/**
 * What was stored once is read for ever: one example per type@version in golden/, never edited. A new version adds a
 * file, a new type as well: add its message to golden-history.ts and run `npm run golden`, which writes what is missing
 * and overwrites nothing.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rulesOf } from '../../src/domain/kinds.js';
import {
  ACT_TYPES,
  currentVersion,
  isActType,
  isStoredType,
  kindOf,
  publicType,
  STORED_TYPES,
  type StoredType,
} from '../../src/events/catalog.js';
import { holdsSealed, sealedTexts, toAct, toStoredAct, type ActMetadata, type Opener, type ReadShape } from '../../src/events/envelope.js';
import { upcast, UPCASTERS } from '../../src/events/upcasters.js';
import { DATA_CLASSES } from '../../src/intake/messages/data-classes.js';
import { eventIdOf } from '../../src/intake/message.js';
import { readMessageValue } from '../../src/intake/message-reader.js';
import { count } from '../../src/statistics/measures.js';
import { CaseKey } from '../../src/sealing/case-keys.js';
import { SqliteKeyStore, type KeyStore } from '../../src/sealing/key-store.js';
import { digestUnder } from '../../src/recording/facts/case-seal.js';
import { openTestLedger, TEST_NOW } from '../support/ledger.js';
import { recordGoldenHistory } from './golden-history.js';

const folder = join(__dirname, 'golden');
const GOLDEN = readdirSync(folder)
  .sort()
  .map((file) => [file, JSON.parse(readFileSync(join(folder, file), 'utf8')) as ReadShape] as const);
/** Keys of the sealed examples, by their ids: made for these files, and for nothing else. */
const keysFile = join(__dirname, 'golden-keys.json');
const KEYS = new Map(
  Object.entries(existsSync(keysFile) ? (JSON.parse(readFileSync(keysFile, 'utf8')) as Record<string, string>) : {}).map(([id, key]) => [
    id,
    new CaseKey(id, Buffer.from(key, 'base64')),
  ]),
);
const open: Opener = (place, { alg, ...sealed }, key) =>
  alg === 'A256GCM' ? (KEYS.get(key)?.open(place, { alg, ...sealed }) ?? null) : null;
const keyOf = ({ metadata }: ReadShape): CaseKey | null => KEYS.get((metadata as unknown as ActMetadata).sealKey ?? '') ?? null;

const ACTS = GOLDEN.filter(([, event]) => isActType(event.type));

/** Added beside what was stored before, which is read without it. */
const ADDED: ReadonlySet<string> = new Set(['refusal.kept agency', 'refusal.kept caller']);

test('each stored version has its file', () => {
  // Every type has a file per version it was ever stored in, and no file is left over.
  const expected = STORED_TYPES.flatMap((type) => Array.from({ length: currentVersion(type) }, (_, step) => `${type}.v${step + 1}.json`));
  expect(GOLDEN.map(([file]) => file)).toEqual(expected.sort());
});

test.each(GOLDEN)('%s is what its name says', (file, event) => {
  // … says what it is named, and is of a type and version this program knows.
  expect(file).toBe(`${event.type}.v${event.version}.json`);
  expect(isStoredType(event.type)).toBe(true);
  expect(() => upcast(event.type as StoredType, event.version, event.data)).not.toThrow();
});

test.each(ACTS)('%s is read as an act of today', (_file, event) => {
  const act = toAct(event, open);
  expect(act).toMatchObject({
    type: event.type,
    eventId: event.id,
    revision: event.revision,
    position: event.position,
    recordedAt: event.recordedAt,
  });
  expect(act.data).not.toHaveProperty('derived');
  expect(act.data).not.toHaveProperty('sealed');
  expect(act.derived).toEqual(upcast(event.type as StoredType, event.version, event.data)['derived']);
  if (event.version === currentVersion(event.type as StoredType)) expect(act.derived).toEqual(event.data['derived']);
  else expect(act.derived).toMatchObject(event.data['derived'] as object);
  expect(act.eventId).toBe(eventIdOf(act.source, act.messageId));
  expect(rulesOf(act.subject.kind)).toBeDefined();
  expect(() => count(act)).not.toThrow();
});

test.each(ACTS.filter(([, event]) => event.version === currentVersion(event.type as StoredType)))(
  '%s is stored again as it was',
  (_file, event) => {
    const act = toAct(event, open);
    const metadata = event.metadata as unknown as ActMetadata;
    const { attestation, caller, traceparent, tracestate } = metadata;
    const provenance = {
      attestation,
      caller,
      ...(traceparent === undefined ? {} : { traceparent }),
      ...(tracestate === undefined ? {} : { tracestate }),
    };
    const { id, type, version, data, metadata: envelope } = event;
    expect(
      toStoredAct(
        act,
        act.derived,
        { source: act.source, messageId: act.messageId, digest: act.digest },
        provenance,
        metadata.decidedOn.agency,
        // The key of an erased case is gone: what its erasure holds is not sealed.
        keyOf(event) ?? (metadata.sealKey === undefined ? null : { id: metadata.sealKey, seal: () => expect.anything() as never }),
      ),
    ).toEqual({
      id,
      type,
      version,
      data,
      metadata: envelope,
    });
  },
);

test.each(ACTS.filter(([, event]) => event.version === currentVersion(event.type as StoredType)))(
  'intake accepts the message behind %s',
  (_file, event) => {
    // The message behind … is one the intake accepts.
    const { type, agency, subject, at, actor, data, source, messageId, digest } = toAct(event, open);
    const message = {
      specversion: '1.0',
      id: messageId,
      source,
      type: publicType(type),
      subject: `${subject.kind}/${subject.number}`,
      time: at,
      agency,
      actor,
      data,
    };
    const read = readMessageValue(message, TEST_NOW);
    expect(read).toMatchObject({ ok: true, command: { eventId: event.id } });
    if (read.ok && type !== 'record.erased') expect(digestUnder(keyOf(event), read.content)).toBe(digest);
  },
);

test.each(ACTS)('%s gives no sealed field without its key', (_file, event) => {
  const said = JSON.stringify(toAct(event));
  const texts = sealedTexts(event, open);
  expect(holdsSealed(event)).toBe(texts !== null);
  for (const text of textsIn(texts)) expect(said).not.toContain(text);
  if (event.version > 1) for (const text of textsIn(texts)) expect(JSON.stringify(event)).not.toContain(text);
});

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(textsIn) : [];
}

test('a sealed value opens only in its event', () => {
  // A sealed value opens in its own event only.
  const sealed = ACTS.map(([, event]) => event).filter(({ data }) => data['sealed'] !== undefined);
  expect(sealed.length).toBeGreaterThan(20);
  for (const event of sealed) {
    expect(sealedTexts(event, open)).not.toBeNull();
    for (const moved of [{ id: `${event.id.slice(0, -1)}x` }, { stream: `${event.stream}x` }])
      expect(sealedTexts({ ...event, ...moved }, open)).toBeNull();
  }
});

test('today’s program stores the current files', async () => {
  // Today’s program stores for the same messages what is in the files of the current versions.
  // A fixed clock, so that a file written here says when its example was recorded, not when the tests ran.
  const ledger = openTestLedger({ now: () => Date.parse('2018-12-31T09:00:00+08:00') });
  const stored = await recordGoldenHistory(ledger);
  if (process.env['WRITE_GOLDEN'] === '1') {
    const keys = new SqliteKeyStore(join(ledger.folder, 'keys.db'));
    writeMissing([...stored.values()], keys);
    keys.close();
  }
  expect([...stored.keys()].sort()).toEqual([...STORED_TYPES].sort());
  for (const [, golden] of GOLDEN.filter(([, event]) => event.version === currentVersion(event.type as StoredType))) {
    const event = stored.get(golden.type);
    if (isActType(golden.type) && !golden.type.startsWith('report.')) {
      const { id, stream, revision, type, version, data, metadata } = golden;
      expect(event).toMatchObject({ id, stream, revision, type, version });
      expect(unkeyed({ data: event?.data ?? {}, metadata: event?.metadata ?? {} })).toEqual(unkeyed({ data, metadata }));
    } else if (golden.type.startsWith('report.')) {
      // What a table says is frozen with it, and may be counted otherwise by now.
      expect(withoutTable(event?.data)).toEqual(withoutTable(golden.data));
      expect(Object.keys(event?.data['derived'] as object)).toEqual(Object.keys(golden.data['derived'] as object));
      expect(Object.keys(event?.metadata ?? {})).toEqual(Object.keys(golden.metadata));
    } else {
      // Sealed under a key of its own: only the shape is the same.
      expect(Object.keys(event?.data ?? {}).filter((name) => !ADDED.has(`${event?.type ?? ''} ${name}`))).toEqual(Object.keys(golden.data));
      expect(Object.keys(event?.metadata ?? {})).toEqual(Object.keys(golden.metadata));
    }
  }
  await ledger.finish();
});

/**
 * Without what depends on the table it is about, as another event before it gives another one, and on the key of the
 * case.
 */
function withoutTable({ sealed, ...data }: Readonly<Record<string, unknown>> = {}): unknown {
  return { ...data, index: null, tableHash: null, accepted: null, derived: null, sealed: Object.keys(sealed ?? {}) };
}

/** Without what differs by the key of the case: every ledger has others. */
function unkeyed({ data, metadata }: Pick<ReadShape, 'data' | 'metadata'>): unknown {
  const { sealed, ...clear } = data;
  const { sealKey, digest, ...rest } = metadata;
  return { clear, sealed: Object.keys(sealed ?? {}), rest, keyed: sealKey !== undefined, digest: sealKey === undefined ? digest : 'keyed' };
}

function writeMissing(events: readonly ReadShape[], keys: KeyStore): void {
  const known = existsSync(keysFile) ? (JSON.parse(readFileSync(keysFile, 'utf8')) as Record<string, string>) : {};
  for (const event of events) {
    const file = join(folder, `${event.type}.v${event.version}.json`);
    if (existsSync(file)) continue;
    writeFileSync(file, `${JSON.stringify(event, null, 2)}\n`);
    const { sealKey } = event.metadata as unknown as ActMetadata;
    const key = sealKey === undefined ? null : keys.get(`case-${sealKey}`);
    if (sealKey !== undefined && key !== null) known[sealKey] = key.toString('base64');
  }
  writeFileSync(keysFile, `${JSON.stringify(known, null, 2)}\n`);
}

test('each old version has its step up', () => {
  // Every version below the current one has its step up, and there is no step without one.
  const expected = STORED_TYPES.flatMap((type) => Array.from({ length: currentVersion(type) - 1 }, (_, step) => `${type}@${step + 1}`));
  expect(Object.keys(UPCASTERS).sort()).toEqual(expected.sort());
});

test.each([0, 2, 1.5, -1, NaN])('a version %d nobody stored is not guessed', (version) => {
  // A version … nobody stored is not guessed at.
  expect(() => upcast('meeting.held', version, {})).toThrow(/meeting.held/);
});

test('an act needs type, time and subject', () => {
  // An event of no act, without a readable time or subject, is no act.
  const [, event] = ACTS[0] as (typeof ACTS)[number];
  expect(() => toAct({ ...event, type: 'refusal.kept' })).toThrow(/refusal.kept/);
  expect(() => toAct({ ...event, type: 'no.such' })).toThrow(/no.such/);
  expect(() => toAct({ ...event, metadata: { ...event.metadata, at: 'yesterday' } })).toThrow(/time or subject/);
  expect(() => toAct({ ...event, metadata: { ...event.metadata, subject: 'nothing' } })).toThrow(/time or subject/);
});

test('every act has a class and rules', () => {
  // Every act has a class that validates its data, and rules of its kind that know it.
  expect(Object.keys(DATA_CLASSES).sort()).toEqual([...ACT_TYPES].sort());
  for (const type of ACT_TYPES) {
    const kind = kindOf(type);
    if (kind === '*') continue;
    expect(type.startsWith(`${kind}.`)).toBe(true);
    expect(rulesOf(kind)?.types).toContain(type);
  }
});
