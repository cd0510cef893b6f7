/**
 * The example messages with every text in somebody else's words: the same ledger once harmless, and once as somebody
 * would write it who wants a page to do something. What today's rules of texts refuse stands in older logs: a test puts
 * the program of that time in the place of src/intake/spelling.ts.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ACT_TYPES, publicType } from '../../src/events/catalog.js';
import type { ActType } from '../../src/domain/acts.js';
import { generateSignerKey } from '../../src/ledger/signed-note.js';
import { lastSignedIn } from '../../src/runtime/signing-keys.js';
import type { Table } from '../../src/tables/table.js';
import { lastOf } from './free-texts.js';
import type { Message } from './messages.js';
import { dataFields, valueAt, withValue } from './sample-messages.js';
import { startService, type TestService } from './service.js';

export const EXAMPLE = '370828-example';

/** Each text begins with its key, so that what is in order stays so, and ends with a word from right to left. */
export interface Spelling {
  /** Of persons, roles, steps, units, and other texts of one line. Two blanks: no name is spelled so today. */
  readonly word: (key: string) => string;
  readonly text: (key: string) => string;
  /** Ids and sources. */
  readonly id: (key: string) => string;
}

/** From right to left: the end of each hostile text. */
export const TURNED = 'שלום';

const MARKUP = `<img src=x onerror="document.title='ran'"></textarea><script>document.title='ran'</script>`;

export const HARMLESS: Spelling = { word: (key) => `${key}  name`, text: (key) => `${key}  text`, id: (key) => `/${key}` };

export const HOSTILE_SPELLING: Spelling = {
  word: (key) => `${key}  <b onclick=x>"'&=1+1{{1}}\u0000\u0007\u009b\u202e\u2066\u200b\u{e0041} ${TURNED}`,
  text: (key) => `${key}  ${MARKUP}=1+1\u0001\u001b[2J\u202d\u2067\u200f\u00ad\ufeff\u2028\n${'W'.repeat(40)} ${TURNED}`,
  id: (key) => `/${key}<b>"'&{{1}}\u202e${TURNED}`,
};

/** Texts that name a form, a cell or a message, or count something. */
const CODES: readonly string[] = ['form', 'forms', 'cell', 'cells', 'value', 'rule', 'idNumber', 'issuer', 'subject'];

const EXAMPLES = readFileSync(join(__dirname, '../../examples/messages.ndjson'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Message)
  // Permissions are taken from callers who are identified.
  .filter(({ type }) => !type.startsWith('disclosure.agency.permission-'));

/** The messages so written. One text of the examples is one text here. */
function written(spelling: Spelling): Message[] {
  const keys = new Map<string, string>();
  const key = (text: string): string => {
    const known = keys.get(text) ?? `k${100 + keys.size}`;
    keys.set(text, known);
    return known;
  };
  return EXAMPLES.map((example) => {
    const of = {
      ...example,
      actor: spelling.word(key(example.actor)),
      id: spelling.id(key(example.id)),
      source: spelling.id(key(example.source)),
    };
    return textsIn(of).reduce((sent, { path, kind }) => {
      const text = valueAt(sent, path);
      return typeof text === 'string' ? withValue(sent, path, spelling[kind](key(text))) : sent;
    }, of);
  });
}

interface TextAt {
  readonly path: string;
  readonly kind: keyof Spelling;
}

/** Every text that the message gives, in each element of its lists. */
function textsIn(sent: Message): TextAt[] {
  const type = ACT_TYPES.find((one) => publicType(one) === sent.type) as ActType;
  return dataFields(type).flatMap(({ path, rules }) => {
    if (CODES.includes(lastOf(path)) || !(rules.has('text') || rules.has('word'))) return [];
    const isOfMessage = path.startsWith('data.message.');
    // Long texts may be long, short ones not.
    const kind = isOfMessage
      ? 'id'
      : ['title', 'reason', 'opinion', 'note', 'request', 'evidence'].includes(lastOf(path))
        ? 'text'
        : 'word';
    return everyPlace(sent, path).map((place) => ({ path: place, kind }) as const);
  });
}

/** `data.steps.0.role` for each of the steps there are. */
function everyPlace(sent: Message, path: string): string[] {
  const at = path.indexOf('.0');
  if (at < 0) return hasAt(sent, path) ? [path] : [];
  const list = hasAt(sent, path.slice(0, at)) ? valueAt(sent, path.slice(0, at)) : [];
  const elements = Array.isArray(list) ? list.map((_, nth) => nth) : [];
  return elements
    .flatMap((nth) => everyPlace(sent, `${path.slice(0, at)}.#${nth}${path.slice(at + 2)}`))
    .map((place) => place.replace('#', ''));
}

function hasAt(sent: Message, path: string): boolean {
  const parts = path.replaceAll('#', '').split('.');
  let inner: unknown = sent;
  for (const part of parts) {
    if (typeof inner !== 'object' || inner === null) return false;
    inner = (inner as Record<string, unknown>)[part];
  }
  return inner !== undefined;
}

const isOfReport = ({ type }: Message): boolean => type.startsWith('disclosure.report.');

/** A service with that ledger: recorded, refused, looked at, signed. */
export async function startWritten(spelling: Spelling): Promise<TestService> {
  const key = generateSignerKey('ledger.test/hostile');
  const service = await startService({
    signing: (folder) => ({
      signer: { origin: 'ledger.test/hostile', keys: [key], lastSigned: lastSignedIn(folder) },
      interval: 3_600_000,
    }),
  });
  const messages = written(spelling);
  await service.record(...messages.filter((one) => !isOfReport(one)));
  await service.settled();
  const { asOf, hash: tableHash, findings } = (await service.get(`/v1/agencies/${EXAMPLE}/tables/2017`)).json<Table>();
  const accepted = findings.slice(0, 1).map(({ rule, cells }) => ({ rule, cells, reason: spelling.text('k900') }));
  const today: Readonly<Record<string, unknown>> = { index: asOf.index, tableHash, accepted };
  const filled = ({ data = {} }: Message): Message['data'] =>
    Object.fromEntries(Object.entries(data).map(([field, value]) => [field, today[field] ?? value]));
  await service.record(...messages.filter(isOfReport).map((one) => ({ ...one, data: filled(one) })));
  // What is refused says so in the words of its sender.
  const [first] = messages;
  await service.post({ ...first, id: spelling.id('k901'), type: 'disclosure.publication.released', subject: 'publication/none' });
  await service.settled();
  await service.runtime.writer?.checkpoints?.cut();
  await service.settled();
  return service;
}
