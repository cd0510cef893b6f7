/**
 * The whole service as a process, given a text of its own in every sealed field, in messages it records and in messages
 * it refuses: afterwards none of these texts, in no encoding, and no unkeyed hash of one or of its message, is in any
 * file of the data folder, in the log's server or in what the process printed.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { isStoredType } from '../../src/events/catalog.js';
import { SEALED_FIELDS } from '../../src/domain/acts.js';
import { isSealedKind, splitSealed } from '../../src/events/sealed-fields.js';
import { readMessageValue } from '../../src/intake/message-reader.js';
import { EventStoreDbEventLog } from '../../src/log/eventstoredb-event-log.js';
import { newFolder, run, serve, stop } from '../support/cli.js';
import { OwnServer } from '../support/log-eventstoredb-server.js';
import { markedHistory, MARKED_AGENCY, refusedCopies, sealedIn, type Marked } from '../support/marked.js';
import { message, at, type Message } from '../support/messages.js';
import { asLines, NDJSON } from '../support/service.js';
import { filesIn, found, hashes, writings } from '../support/traces.js';

const OPEN = '明文对照·这一句应当找得到';
const open = message('meeting.held', 'meeting/open', at('2017-05-01'), 'clerk', { title: OPEN });

/**
 * What an attacker who guesses could hash: each mark, each message as its digest reads it, what would be sealed of it,
 * its data.
 */
function guesses({ marks, messages }: Marked): string[] {
  const texts = messages.flatMap((one) => {
    const read = readMessageValue(one, Date.parse('2030-01-01T00:00:00Z'));
    if (!read.ok) throw new Error(JSON.stringify(read.refusal));
    const { type, subject, data } = read.command;
    if (!isSealedKind(subject.kind)) return [];
    const { sealed } = splitSealed(type, subject.kind, data);
    return [read.content, JSON.stringify(one), JSON.stringify(data), ...(sealed === null ? [] : [JSON.stringify(sealed)])];
  });
  return [...marks.values(), ...texts];
}

async function drive(url: string, marked: Marked, more: readonly Message[]): Promise<void> {
  const post = async (messages: readonly Message[]): Promise<{ status: string; error?: { code: string } }[]> => {
    const answer = await fetch(`${url}/v1/events`, { method: 'POST', headers: { 'content-type': NDJSON }, body: asLines(messages) });
    const lines = (await answer.text()).trimEnd().split('\n');
    return lines.map((line) => JSON.parse(line) as { status: string; error?: { code: string } });
  };
  const statuses = (await post([...marked.messages, open])).map(({ status, error }) => error?.code ?? status);
  expect(statuses.filter((status) => status !== 'recorded')).toEqual([]);
  // The same again, the same with other content, and what is refused for other reasons: one of them twice.
  expect(new Set((await post(marked.messages)).map(({ status }) => status))).toEqual(new Set(['duplicate']));
  const refused = (await post(more)).map(({ error }) => error?.code);
  expect(refused).not.toContain(undefined);
  await post(more.slice(0, 3));
  // Whatever reads: nothing of it may leave a trace either.
  for (const path of ['refusals', 'events?limit=1000', `agencies/${MARKED_AGENCY}/tables/2017`, `agencies/${MARKED_AGENCY}/deadlines`])
    expect([path, (await fetch(`${url}/v1/${path}`)).status]).toEqual([path, 200]);
  for (const subject of new Set(marked.messages.map(({ subject }) => subject)))
    for (const tail of ['', '/trail'])
      expect((await fetch(`${url}/v1/agencies/${MARKED_AGENCY}/cases/${subject}${tail}`)).status).toBe(200);
}

function expectNoTrace(marked: Marked, files: readonly { name: string; bytes: Buffer }[]): void {
  // The search would find it: a text that is not sealed is there.
  expect(found('open', writings(OPEN), files)).not.toEqual([]);
  const traces = [...marked.marks].flatMap(([field, text]) => found(field, writings(text), files));
  expect(traces).toEqual([]);
  for (const guess of guesses(marked)) expect(found(`hash of ${guess.slice(0, 60)}`, hashes(guess), files)).toEqual([]);
}

test('every sealed field has its mark', () => {
  // The history has a mark in every sealed field there is.
  const expected = Object.entries(SEALED_FIELDS).flatMap(([type, fields]) => fields.map((field) => `${type} ${field}`));
  expect([...sealedIn(markedHistory('x'))].sort()).toEqual(expected.sort());
  expect(expected.every((name) => isStoredType(name.split(' ')[0] as string))).toBe(true);
});

/**
 * What the process answers to whoever looks at it from outside, and the messages of what it refuses, without the
 * message itself.
 */
async function answersOf(url: string, refused: readonly Message[]): Promise<{ name: string; bytes: Buffer }[]> {
  const agency = `v1/agencies/${MARKED_AGENCY}`;
  const paths = ['metrics', 'openapi.json', 'health/ready', 'v1/refusals', `${agency}/accesses`, `${agency}/tables/2017`];
  const answers = await Promise.all(
    paths.map(async (name) => ({ name, bytes: Buffer.from(await (await fetch(`${url}/${name}`)).arrayBuffer()) })),
  );
  const answer = await fetch(`${url}/v1/events`, { method: 'POST', headers: { 'content-type': NDJSON }, body: asLines(refused) });
  const receipts = await answer.text();
  expect([...receipts.matchAll(/"status":"refused"/g)]).toHaveLength(refused.length);
  return [...answers, { name: 'receipts', bytes: Buffer.from(receipts) }];
}

/**
 * Messages that are wrong in their sealed fields themselves: too long, of the wrong kind, with a control character,
 * beside an unknown field.
 */
function badlyMarked({ messages }: Marked): Message[] {
  return messages.flatMap((one, n) => {
    const [type, kind] = [one.type.slice('disclosure.'.length), one.subject.slice(0, one.subject.indexOf('/'))];
    const { sealed } = isSealedKind(kind) ? splitSealed(type, kind, one.data ?? {}) : { sealed: null };
    if (sealed === null) return [];
    const spoilt = (change: (text: string) => unknown): object => mapTexts(sealed, change);
    return [(text: string) => text.repeat(800), (text: string) => [text], (text: string) => `${text}\u0000`].map((change, way) => ({
      ...one,
      id: `bad-${n}-${way}`,
      data: { ...one.data, ...spoilt(change) },
    }));
  });
}

function mapTexts(value: object, change: (text: string) => unknown): object {
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, typeof inner === 'string' ? change(inner) : mapTexts(inner as object, change)]),
  );
}

test('the embedded log leaves no text or hash', async () => {
  // No text and no unkeyed hash of one is left by a service on the embedded log.
  const folder = newFolder();
  const [served, imported] = [markedHistory('serve'), markedHistory('import')];
  const service = await serve({ folder });
  const changed = served.messages.filter(({ subject }) => subject.startsWith('application/')).map((one) => ({ ...one, actor: 'another' }));
  await drive(service.url, served, [...refusedCopies(served), ...changed]);
  const answers = await answersOf(service.url, [...refusedCopies(served), ...badlyMarked(served)]);
  expectNoTrace(served, [...filesIn(join(folder, 'data')), ...answers, { name: 'stderr', bytes: Buffer.from(service.stderr()) }]);
  const ended = await stop(service);
  // And by the command that records without a service.
  const lines = asLines(imported.messages.slice(served.messages.findIndex(({ subject }) => !subject.startsWith('agency/'))));
  const command = await run(['import', '-'], { folder, input: lines });
  expect(JSON.stringify([command.code, command.stderr])).toBe('[0,""]');
  const files = filesIn(join(folder, 'data'));
  const printed = [ended, command].map(({ stdout, stderr }, n) => ({ name: `output ${n}`, bytes: Buffer.from(stdout + stderr) }));
  expectNoTrace(served, [...files, ...printed]);
  expectNoTrace(imported, [...files, ...printed]);
  // What is taken away, and what commands that only read print: a publication's trail alone gives its opinions, to
  // whoever may read it.
  const application = [...new Set(served.messages.map(({ subject }) => subject))].find((subject) => subject.startsWith('application/'));
  const erased = message('record.erased', String(application), at('2019-01-02'), 'auditor', { reason: '期满', approvedBy: 'leader' });
  expect((await run(['import', '-'], { folder, input: asLines([erased]) })).code).toBe(0);
  const pack = join(folder, 'pack.tar.gz');
  const read = ['--agency', MARKED_AGENCY, '--json'];
  const taken = [
    ['export', '--pack', pack, '--to-end'],
    ['verify', '--json'],
    ['verify', '--pack', pack, '--json'],
    ['table', '--year', '2017', ...read],
    ['explain', '--year', '2017', '--cell', '1.1', ...read],
    ['deadlines', '--on', '2017-03-10', ...read],
    ['trail', '--case', String(application), ...read],
    ['refusals', '--json'],
  ];
  const outputs = [];
  for (const args of taken) {
    const { stdout, stderr, code } = await run(args, { folder });
    expect([args, code, code === 0 ? '' : stderr + stdout]).toEqual([args, 0, '']);
    outputs.push({ name: args.join(' '), bytes: Buffer.from(stdout + stderr) });
  }
  const restarted = await serve({ folder });
  const startup = await stop(restarted);
  const left = [
    { name: 'the pack, unpacked', bytes: gunzipSync(readFileSync(pack)) },
    ...outputs,
    { name: 'a start after the erasure', bytes: Buffer.from(startup.stdout + startup.stderr) },
    ...filesIn(join(folder, 'data')),
  ];
  expect(found('open', writings(OPEN), left.slice(0, 1))).not.toEqual([]);
  for (const marked of [served, imported]) expectNoTrace(marked, left);
  rmSync(folder, { recursive: true });
});

const command = process.env['EVENTSTOREDB_COMMAND'] ?? '';
if (command === '') {
  test('without EVENTSTOREDB_COMMAND nothing is claimed of EventStoreDB', () => {
    process.stderr.write('EventStoreDB: EVENTSTOREDB_COMMAND is not set, traces were looked for on the embedded log only\n');
    expect(command).toBe('');
  });
} else {
  test('EventStoreDB leaves no text either', async () => {
    // Nor by one on EventStoreDB, in its events or its files.
    const folder = newFolder();
    const server = await OwnServer.start(command, 2813);
    const namespace = `traces-${randomBytes(4).toString('hex')}-`;
    const marked = markedHistory('server');
    const service = await serve({ folder, env: { EVENTSTOREDB_URL: server.url, DISCLOSURE_NAMESPACE: namespace } });
    await drive(service.url, marked, refusedCopies(marked));
    const ended = await stop(service);
    const log = new EventStoreDbEventLog({ url: server.url, namespace });
    const events = await log.readAll(null, 1000);
    await log.close();
    await server.kill();
    expect(events.length).toBeGreaterThan(marked.messages.length);
    expectNoTrace(marked, [
      { name: 'events', bytes: Buffer.from(JSON.stringify(events)) },
      { name: 'output', bytes: Buffer.from(ended.stdout + ended.stderr) },
      ...filesIn(join(folder, 'data'), server.folder),
    ]);
    await server.remove();
    rmSync(folder, { recursive: true });
  });
}
