/** Tamper evidence over HTTP, checked by somebody who has only the key and the answers. */
import { createHash } from 'node:crypto';
import { formatVerifierKey, generateSignerKey, type VerifierKey } from '../../src/ledger/signed-note.js';
import { lastSignedIn, type Signing } from '../../src/runtime/signing-keys.js';
import type { Receipt } from '../../src/recording/receipts.js';
import { mth, readVkey, rootBy, tileOf, verifies } from '../ledger/c2sp.js';
import { at, message, setUp } from '../support/messages.js';
import { expectProblem, startService, type Answer, type TestService } from '../support/service.js';
import { startWitness, type RunningWitness } from '../support/witness.js';
import { until } from '../support/until.js';

const ORIGIN = 'ledger.example/disclosure';
const key = generateSignerKey(ORIGIN);
const vkey = readVkey(formatVerifierKey(key));
const signing = (folder: string): Signing => ({ signer: { origin: ORIGIN, keys: [key], lastSigned: lastSignedIn(folder) }, interval: 10 });

let service: TestService;

interface Proof {
  readonly index: number;
  readonly entry: string;
  readonly size: number;
  readonly proof: readonly string[];
  readonly checkpoint: string;
}

interface Head {
  readonly size: number;
  readonly root: Buffer;
}

function headOf(note: string): Head {
  expect(verifies(note, vkey)).toBe(true);
  const [origin, size, root] = note.split('\n');
  expect(origin).toBe(ORIGIN);
  return { size: Number(size), root: Buffer.from(root as string, 'base64') };
}

const hashes = (proof: readonly string[]): Buffer[] => proof.map((hash) => Buffer.from(hash, 'base64'));
const leafOf = (entry: string | Buffer): Buffer => createHash('sha256').update('\0').update(entry).digest();

async function answered(path: string, done: (answer: Answer) => boolean): Promise<Answer> {
  let answer = await service.get(path);
  await until(async () => done((answer = await service.get(path))));
  return answer;
}

/** The checkpoint of at least `size` events. */
async function checkpointOf(size: number): Promise<string> {
  const { text } = await answered('/v1/ledger/checkpoint', (answer) => answer.status === 200 && headOf(answer.text).size >= size);
  return text;
}

const meeting = (number: number): unknown => message('meeting.held', `meeting/${number}`, at('2017-05-01'), 'clerk', { title: '会议' });
const refused = (): unknown => message('publication.released', 'publication/1', at('2017-05-01'), 'clerk', { channel: 'website' });

describe('with a key', () => {
  let receipts: Receipt[];

  beforeEach(async () => {
    service = await startService({ signing });
    receipts = await service.record(...setUp(), meeting(1));
    await service.post(refused());
    receipts.push(...(await service.record(meeting(2))));
    await service.settled();
  });

  afterEach(() => service.finish());

  test('each receipt is proved under the root', async () => {
    // Each receipt has its proof under the signed root.
    await checkpointOf(receipts.length + 1);
    for (const { eventIds, stream, revision } of receipts) {
      const answer = await service.get(`/v1/ledger/events/${eventIds[0]}/proof`);
      expect(answer.status).toBe(200);
      const { index, entry, size, proof, checkpoint } = answer.json<Proof>();
      const head = headOf(checkpoint);
      expect(head.size).toBe(size);
      expect(rootBy(leafOf(entry), index, size, hashes(proof))).toEqual(head.root);
      expect(JSON.parse(entry)).toMatchObject({ eventId: eventIds[0], stream, revision });
    }
  });

  test('a proof file can be checked alone', async () => {
    await checkpointOf(receipts.length + 1);
    const eventId = receipts.at(-1)?.eventIds[0] as string;
    const answer = await service.get(`/v1/ledger/events/${eventId}/proof`, { accept: 'text/plain' });
    expect(answer.type).toBe('text/plain');
    expect(answer.headers['content-disposition']).toContain('.tlog-proof');
    const [first, extra, index, ...rest] = answer.text.split('\n');
    expect(first).toBe('c2sp.org/tlog-proof@v1');
    const entry = Buffer.from((extra as string).slice('extra '.length), 'base64');
    const blank = rest.indexOf('');
    const head = headOf(rest.slice(blank + 1).join('\n'));
    expect(rootBy(leafOf(entry), Number((index as string).slice('index '.length)), head.size, hashes(rest.slice(0, blank)))).toEqual(
      head.root,
    );
    expect(JSON.parse(entry.toString('utf8'))).toMatchObject({ eventId });
  });

  test('the tree rebuilds from tiles and entries', async () => {
    // The whole tree can be rebuilt from tiles and entries, and is the signed one.
    const events = await service.eventsAfter(null);
    const { size, root } = headOf(await checkpointOf(events.filter(({ stream }) => stream !== 'checkpoints').length));
    const url = await service.listen();
    const bundle = await fetch(`${url}/v1/ledger/tile/entries/000.p/${size}`);
    expect([bundle.status, bundle.headers.get('content-type')]).toEqual([200, 'application/octet-stream']);
    expect(bundle.headers.get('cache-control')).toContain('immutable');
    const bytes = Buffer.from(await bundle.arrayBuffer());
    const leaves: Buffer[] = [];
    for (let from = 0; from < bytes.length;) {
      const length = bytes.readUInt16BE(from);
      leaves.push(leafOf(bytes.subarray(from + 2, from + 2 + length)));
      from += 2 + length;
    }
    expect(leaves).toHaveLength(size);
    expect(mth(leaves)).toEqual(root);
    const tile = Buffer.from(await (await fetch(`${url}/v1/ledger/tile/0/000.p/${size}`)).arrayBuffer());
    expect(tile).toEqual(tileOf(leaves, 0, 0));
    expectProblem(await service.get(`/v1/ledger/tile/0/000.p/${size + 1}`), 404, 'unknown-tile');
    expectProblem(await service.get('/v1/ledger/tile/0/000'), 404, 'unknown-tile');
    expectProblem(await service.get('/v1/ledger/tile/1/000.p/1'), 404, 'unknown-tile');
    expectProblem(await service.get('/v1/ledger/tile/0/0'), 404, 'unknown-tile');
    expectProblem(await service.get('/v1/ledger/tile/entries/0/../../..'), 404, 'not-found');
  });

  test('older checkpoints lead to newer, none contradicted', async () => {
    // An older checkpoint leads to a newer one, and nothing that was signed is ever contradicted.
    const notes = new Map<number, string>();
    const older = headOf(await checkpointOf(1));
    await service.record(meeting(3), meeting(4), meeting(5));
    const newer = headOf(await checkpointOf(older.size + 3));
    const answer = await service.get(`/v1/ledger/consistency?from=${older.size}&to=${newer.size}`);
    expect(answer.json()).toMatchObject({ from: older.size, to: newer.size });
    const leaves = (await service.eventsAfter(null)).filter(({ stream }) => stream === 'checkpoints');
    for (const { data } of leaves) {
      const { size, root } = headOf(data['note'] as string);
      expect(notes.has(size)).toBe(false);
      notes.set(size, root.toString('base64'));
    }
    expect([...notes.keys()]).toEqual([...notes.keys()].sort((a, b) => a - b));
    expect((await service.get(`/v1/ledger/consistency?from=${newer.size}`)).json()).toEqual({
      from: newer.size,
      to: newer.size,
      proof: [],
    });
    expect((await service.get('/v1/ledger/consistency?from=0')).json()).toEqual({ from: 0, to: newer.size, proof: [] });
  });

  test('without events nothing is signed, checkpoints are unlisted', async () => {
    // Where nothing happens nothing more is signed, and checkpoints are in no list of events.
    const { size } = headOf(await checkpointOf(receipts.length + 1));
    const before = (await service.eventsAfter(null)).length;
    for (let turn = 0; turn < 3; turn += 1) expect(await service.runtime.writer?.checkpoints?.cutNow()).toBe('unchanged');
    expect(await service.eventsAfter(null)).toHaveLength(before);
    const { events } = (await service.get('/v1/events?limit=1000')).json<{ events: unknown[] }>();
    expect(events).toHaveLength(size);
  });

  test.each([
    ['', 'bad-parameter'],
    ['?from=x', 'bad-parameter'],
    ['?from=-1', 'bad-parameter'],
    ['?from=2&to=1', 'bad-parameter'],
    ['?from=0&to=1000000', 'bad-parameter'],
    ['?from=0&form=1', 'bad-parameter'],
    ['?from=9999999999999999', 'bad-parameter'],
  ])('consistency%s is refused', async (query, code) => {
    await checkpointOf(1);
    expectProblem(await service.get(`/v1/ledger/consistency${query}`), 400, code);
  });

  test.each(['/v1/ledger/events/x/proof?size=3', '/v1/ledger/witnesses?name=w', '/v1/refusals?page=1'])(
    '%s asks for what is not given there',
    async (address) => {
      expectProblem(await service.get(address), 400, 'bad-parameter');
    },
  );

  test.each(['00000000-0000-4000-8000-000000000000', 'x', '%00', 'X'.repeat(900)])('event %s has no proof', async (eventId) => {
    expectProblem(await service.get(`/v1/ledger/events/${eventId}/proof`), 404, 'unknown-event');
  });
});

describe('with a witness', () => {
  let witness: RunningWitness;

  interface Witnesses {
    readonly checkpoint: { readonly size: number; readonly signedAt: string; readonly signatures: unknown };
    readonly witnesses: readonly Record<string, unknown>[];
  }

  beforeEach(async () => {
    witness = await startWitness([key]);
    service = await startService({ signing: (folder) => ({ ...signing(folder), witnesses: [witness] }) });
    await service.record(...setUp());
  });

  afterEach(async () => {
    await service.finish();
    await witness.remove();
  });

  const witnessed = (size: number): Promise<Answer> =>
    answered('/v1/ledger/checkpoint?witnessed=1', (answer) => answer.status === 200 && headOf(answer.text).size >= size);

  test('its line is served, its progress told', async () => {
    // Checkpoints and proofs bear its line, and auditors are told how far it is.
    const { text } = await witnessed(setUp().length);
    expect(verifies(text, readVkey(formatVerifierKey(witness.keys[0] as VerifierKey)))).toBe(true);
    expect((await service.get('/v1/ledger/checkpoint')).text).toBe(text);
    const { checkpoint, witnesses } = (await service.get('/v1/ledger/witnesses')).json<Witnesses>();
    expect(checkpoint).toEqual({
      size: setUp().length,
      signedAt: expect.stringMatching(/^20\d\d-.*\+08:00$/) as string,
      signatures: { status: 'verified', why: null },
    });
    expect(witnesses).toEqual([
      {
        name: witness.keys[0]?.name,
        url: witness.url,
        keys: witness.keys.map(formatVerifierKey),
        size: setUp().length,
        signedAt: checkpoint.signedAt,
        lagEvents: 0,
        lagSeconds: 0,
        failing: null,
      },
    ]);
    const [event] = await service.eventsAfter(null);
    expect((await service.get(`/v1/ledger/events/${event?.id}/proof`)).json<Proof>().checkpoint).toBe(text);
  });

  test('a witness that is down is reported', async () => {
    // A witness that is down is told of, in the answer and as a metric, and nothing else changes.
    await witnessed(setUp().length);
    await witness.stop();
    await service.record(meeting(1), meeting(2));
    await checkpointOf(setUp().length + 2);
    const told = await answered('/v1/ledger/witnesses', ({ text }) => text.includes('ECONNREFUSED'));
    expect(told.json<Witnesses>().witnesses[0]).toMatchObject({ size: setUp().length, lagEvents: 2 });
    expect(headOf((await service.get('/v1/ledger/checkpoint?witnessed=1')).text).size).toBe(setUp().length);
    const { text } = await service.get('/metrics');
    for (const line of [
      `disclosure_checkpoint_size ${setUp().length + 2}`,
      `disclosure_witnessed_size{witness="${witness.keys[0]?.name}"} ${setUp().length}`,
      `disclosure_witness_lag_events{witness="${witness.keys[0]?.name}"} 2`,
      `disclosure_witness_failing{witness="${witness.keys[0]?.name}"} 1`,
    ])
      expect(text.split('\n')).toContain(line);
    expect(text).toMatch(/^disclosure_witness_lag_seconds\{witness="[^"]+"\} \d/m);
    expect(text).toMatch(/^disclosure_checkpoint_age_seconds \d/m);
  });

  test.each(['0.5', '-1', 'x', '17', '99999999999999999'])('witnessed=%s is refused', async (number) => {
    expectProblem(await service.get(`/v1/ledger/checkpoint?witnessed=${number}`), 400, 'bad-parameter');
  });

  test('more witnesses than there are have signed nothing', async () => {
    await witnessed(1);
    expectProblem(await service.get('/v1/ledger/checkpoint?witnessed=2'), 404, 'no-checkpoint');
  });
});

describe('of checkpoints that others signed', () => {
  /** The folder of a service that signed a checkpoint and ended. */
  async function signedFolder(): Promise<string> {
    const signer = await startService({ signing });
    service = signer;
    await signer.record(...setUp());
    await checkpointOf(setUp().length);
    await signer.settled();
    await signer.stop();
    return signer.folder;
  }

  const signatures = async (): Promise<unknown> =>
    (await service.get('/v1/ledger/witnesses')).json<{ checkpoint: { signatures: unknown } }>().checkpoint.signatures;

  test.each([
    ['not-verified', () => [], /no key of the ledger is configured/],
    ['verified', () => [key], /^$/],
    ['refused', () => [generateSignerKey(ORIGIN)], /^checkpoint 0 of \d+ events is not signed by a key that is trusted/],
  ] as const)('a service that does not sign says %s', async (status, trusted, why) => {
    service = await startService({ folder: await signedFolder(), trusted: trusted() });
    await service.settled();
    expect(await signatures()).toEqual({ status, why: status === 'verified' ? null : (expect.stringMatching(why) as string) });
    await service.finish();
  });
});

describe('without a key', () => {
  beforeEach(async () => {
    service = await startService();
  });

  afterEach(() => service.finish());

  test('serves tiles and consistency without checkpoint', async () => {
    // There is no checkpoint, but tiles and consistency of what is there.
    expectProblem(await service.get('/v1/ledger/checkpoint'), 404, 'no-checkpoint');
    expect((await service.get('/v1/ledger/witnesses')).json()).toEqual({ checkpoint: null, witnesses: [] });
    const [receipt] = await service.record(...setUp());
    await service.settled();
    expectProblem(await service.get(`/v1/ledger/events/${receipt?.eventIds[0]}/proof`), 404, 'no-checkpoint');
    expectProblem(await service.get('/v1/ledger/consistency?from=1'), 404, 'no-checkpoint');
    expect((await service.get('/v1/ledger/consistency?from=1&to=3')).json<{ proof: string[] }>().proof).toHaveLength(2);
    expect((await service.get(`/v1/ledger/tile/0/000.p/${setUp().length}`)).status).toBe(200);
  });
});
