/**
 * Reads a CloudEvents 1.0 object in JSON: one reader for every path. Pure: from bytes or a value to a command or a
 * refusal; nothing is thrown, whatever is handed in. The classes of all types come with it, and class-validator: who
 * needs the words of a message only imports message.ts.
 */
import { validateSync, type ValidationError } from 'class-validator';
import type { ActType, Command, CommandOf } from '../domain/acts.js';
import { refuse, type Refusal, type Refused } from '../domain/decider.js';
import { rulesOf } from '../domain/kinds.js';
import { isObject, membersOf } from '../encoding/unknown-values.js';
import { dateInShanghai, parseInstant } from '../time/instant.js';
import { isAgencyCode, parseCaseName } from '../domain/identifiers.js';
import { ACT_TYPES, isActType, publicType, withoutPrefix } from '../events/catalog.js';
import { accepts } from './messages/accepts.js';
import { DATA_CLASSES } from './messages/data-classes.js';
import { contentOf } from './content.js';
import { instantiate, type IS_SPELLING, isText, unknownFields, type UnknownField } from './messages/fields.js';
import { eventIdOf, MAX_MESSAGE_BYTES, type AcceptedMessage, type ReadMessage, type RefusedMessage } from './message.js';
import { findFlaw, MAX_DEPTH, type Flaw } from './json/json-flaws.js';
import { masked } from './personal-data.js';
import { atOnce, type Sliced } from './json/slices.js';
import { nearest } from './nearest.js';
import { isDataschemaOf, schemaAddress } from './schemas/addresses.js';
import { refuseSpelling, type Problem } from './spelling.js';
import { nameOf } from './json/too-large.js';

/** How far ahead of the clock an act may be dated, ms. */
export const CLOCK_TOLERANCE_MS = 5 * 60 * 1000;
/** No act of an agency is older; years before have no place in any form. */
const EARLIEST = Date.parse('1900-01-01T00:00:00+08:00');

const REQUIRED = ['specversion', 'id', 'source', 'type', 'subject', 'time', 'agency', 'actor'];
const ENVELOPE = [...REQUIRED, 'data', 'datacontenttype', 'dataschema', 'traceparent', 'tracestate'];
const IN_ENVELOPE: ReadonlySet<string> = new Set(ENVELOPE);

type Plain = Readonly<Record<string, unknown>>;

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });

/** Reads one message from its bytes. `now` is the clock at the edge, ms. */
export function readMessageBytes(bytes: Uint8Array, now: number): ReadMessage {
  if (bytes.length > MAX_MESSAGE_BYTES) return atOnce(readTooLarge(bytes));
  let text: string;
  let value: unknown;
  try {
    text = decoder.decode(bytes);
    value = JSON.parse(text);
  } catch {
    return unreadable(refuse('malformed', 'This is no JSON in UTF-8.', 'Send one CloudEvents object, complete and in UTF-8.').refusal);
  }
  const flaw = findFlaw(text, value);
  return flaw === null ? readMessage(value, text, now) : ambiguous(flaw, value);
}

/** Two readers would read two messages: which one is meant nobody can say, so nothing of it is kept. */
function ambiguous({ problem, path, identityTwice }: Flaw, value: unknown): RefusedMessage {
  const { refusal } =
    problem === 'name-twice'
      ? refuse('malformed', `${path} is given twice in one object.`, 'Give each name once: readers differ in which of the two they take.')
      : refuse(
          'malformed',
          `${path === '' ? 'The text' : path} is a number that a double-precision reader rounds.`,
          'Write a number that a double holds exactly, at most 15 digits; anything longer as a text.',
        );
  return { ...unreadable(refusal), ...(identityTwice ? {} : identityOf(value)) };
}

function identityOf(value: unknown): Pick<RefusedMessage, 'source' | 'id' | 'type'> {
  const { source, id, type } = membersOf(value);
  return { source: shownName(source), id: shownName(id), type: shortText(type) };
}

/** Reads one message from a parsed JSON value, such as an element of a batch. */
export function readMessageValue(value: unknown, now: number): ReadMessage {
  let text: string;
  try {
    text = JSON.stringify(value) ?? '';
  } catch {
    // Nested beyond what can be written: whoever reads it would fail on it too.
    return unreadable(UNSOUND.refusal);
  }
  const bytes = Buffer.from(text);
  return bytes.length > MAX_MESSAGE_BYTES ? atOnce(readTooLarge(bytes)) : readMessage(value, text, now);
}

function unreadable(refusal: Refusal): RefusedMessage {
  return { ok: false, source: null, id: null, type: null, kept: null, refusal };
}

/**
 * Too large to keep, but its name is given back where the envelope can be read, so that the emitter knows which one it
 * was.
 */
export function* readTooLarge(bytes: Uint8Array): Sliced<RefusedMessage> {
  const { refusal } = refuse(
    'too-large',
    `The message has ${bytes.length} bytes, more than ${MAX_MESSAGE_BYTES}.`,
    'The ledger records acts and hashes, not documents: send the hash of the content.',
  );
  const { source, id, type } = yield* nameOf(bytes);
  return { ...unreadable(refusal), source: shownName(source), id: shownName(id), type };
}

function shortText(value: unknown): string | null {
  return isText(value, 512) ? value : null;
}

/** A source or id as a refusal shows it: whoever reads that need not be who sent it. */
function shownName(value: unknown): string | null {
  const text = shortText(value);
  return text === null ? null : masked(text);
}

const UNSOUND = refuse(
  'malformed',
  'The JSON is nested too deeply or holds broken Unicode.',
  'Send plain CloudEvents data in well-formed Unicode.',
);

function readMessage(value: unknown, text: string, now: number): ReadMessage {
  if (!isObject(value)) {
    const json = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
    return unreadable(refuse('not-cloudevents', 'A message is a JSON object.', 'Send a CloudEvents 1.0 object.', { json }).refusal);
  }
  const read = soundJson(value, 0) ? readEnvelope(value, text, now) : UNSOUND;
  if (read.ok) return read;
  const identity = identityOf(value);
  const keep = identity.source !== null && identity.id !== null && read.refusal.code !== 'malformed';
  return { ok: false, ...identity, kept: keep ? text : null, refusal: read.refusal };
}

/** Depth is bounded and every text is well-formed Unicode: what follows can be canonicalised and hashed. */
function soundJson(value: unknown, depth: number): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  if (typeof value === 'number') return Number.isFinite(value);
  if (value === null || typeof value !== 'object') return true;
  if (depth >= MAX_DEPTH) return false;
  if (Array.isArray(value)) return value.every((item) => soundJson(item, depth + 1));
  const object = membersOf(value);
  return Object.keys(object).every((key) => key.isWellFormed() && soundJson(object[key], depth + 1));
}

function readEnvelope(message: Plain, original: string, now: number): AcceptedMessage | Refused {
  const { source, id } = message;
  if (message['specversion'] !== '1.0') return notCloudEvents('specversion must be "1.0"');
  if (!isText(id, 512)) return notCloudEvents('id must be a text of 1 to 512 characters');
  if (!isText(source, 512) || /\s/.test(source)) return notCloudEvents('source must be a URI reference of 1 to 512 characters');
  if (typeof message['type'] !== 'string') return notCloudEvents('type must be a text');
  const type = withoutPrefix(message['type']) ?? '';
  if (!isActType(type)) return unknownType(message['type'].slice(0, 100));
  if (Object.keys(message).some((key) => !IN_ENVELOPE.has(key))) return refuseUnknown(unknownIn(message, type), missingIn(message, type));
  const subject = parseCaseName(message['subject']);
  if (subject === null) {
    return refuse(
      'bad-subject',
      'subject must be "kind/number": 1 to 64 letters, digits or 〔〕()._- in NFKC form, not beginning with a dot.',
      'Name the case the act belongs to.',
    );
  }
  const kind = type.slice(0, type.indexOf('.'));
  if (kind === 'record' ? rulesOf(subject.kind) === undefined : subject.kind !== kind) {
    return refuse(
      'bad-subject',
      `An act ${type} does not belong to a case ${subject.kind}/….`,
      kind === 'record' ? 'Name the case that holds the act.' : `Its subject is ${kind}/<number>.`,
    );
  }
  const instant = parseInstant(message['time']);
  if (instant === null)
    return refuse('bad-time', 'time must be a date-time that exists, RFC 3339 with an offset.', 'Write it like 2017-03-02T09:00:00+08:00.');
  if (instant < EARLIEST)
    return refuse('bad-time', 'The act is dated before 1900.', 'Correct the time of the act.', { time: message['time'] });
  if (instant > now + CLOCK_TOLERANCE_MS) {
    return refuse(
      'in-the-future',
      'The act is dated in the future.',
      'Send it when it has happened, or correct the time; 5 minutes of clock difference are allowed.',
      { time: message['time'] },
    );
  }
  const { agency, actor } = message;
  if (!isAgencyCode(agency))
    return refuse(
      'unknown-agency',
      'agency must be the code of a registered agency.',
      'Codes are 1 to 40 of a-z, 0-9 and -; register the agency first.',
    );
  if (subject.kind === 'agency' && subject.number !== agency) {
    return refuse(
      'bad-subject',
      `Acts of an agency are on agency/<its own code>, here agency/${agency}.`,
      'Let subject and agency name the same agency.',
    );
  }
  if (!isText(actor, 100) || /[\r\n]/.test(actor))
    return invalid([{ field: 'actor', problem: 'actor must name the officer who acted, 1 to 100 characters' }]);
  const refused = refuseContent(message, type);
  if (refused !== null) return refused;
  const data = (message['data'] ?? {}) as Plain;
  const read = readData(type, data);
  if ('ok' in read) return read;
  const refusedUnlessRepeat = refuseSpelling(
    { id, source, actor, number: subject.number, message, names: read.names },
    (problems) => invalid(problems).refusal,
  );
  const eventId = eventIdOf(source, id);
  // The class of its type took the data, and is held against the type by the compiler (data-classes.ts).
  const said = {
    type,
    eventId,
    agency,
    subject,
    at: message['time'] as string,
    instant,
    on: dateInShanghai(instant),
    actor,
    data,
  } as Command;
  const command = said.type === 'record.voided' ? { ...said, target: targetOf(said.data.message, source) } : said;
  const content = contentOf(command, command.at);
  return { ok: true, source, id, command, content, original, refusedUnlessRepeat, ...traceOf(message) };
}

function targetOf({ id, source }: CommandOf<'record.voided'>['data']['message'], ownSource: string): string {
  return eventIdOf(source ?? ownSource, id);
}

function traceOf(message: Plain): Pick<AcceptedMessage, 'traceparent' | 'tracestate'> {
  const { traceparent, tracestate } = message;
  return { ...(isText(traceparent, 512) ? { traceparent } : {}), ...(isText(tracestate, 512) ? { tracestate } : {}) };
}

function notCloudEvents(problem: string): Refused {
  return refuse(
    'not-cloudevents',
    `Not a CloudEvents 1.0 message: ${problem}.`,
    'Send specversion, id, source, type, subject, time, agency, actor and data.',
  );
}

/** Problems named in one refusal at most: it must stay smaller than the message. */
const NAMED = 20;

function unknownType(type: string): Refused {
  const near = nearest(type, ACT_TYPES.map(publicType));
  return refuse(
    'unknown-type',
    `There is no type ${type}.${near === null ? '' : ` The nearest is ${near}.`}`,
    'GET /v1/schemas lists the types with the schema of each.',
    { type, ...(near === null ? {} : { nearest: near }) },
  );
}

/** What neither the envelope nor the data may say. */
function unknownIn(message: Plain, type: ActType): UnknownField[] {
  const absent = ENVELOPE.filter((name) => !Object.hasOwn(message, name));
  const attributes = Object.keys(message).filter((key) => !IN_ENVELOPE.has(key));
  const { data } = message;
  return [
    ...attributes.map((path) => ({ path, nearest: nearest(path, absent) })),
    ...(isObject(data) ? unknownFields(DATA_CLASSES[type], data, 'data') : []),
  ];
}

/** What is missing beside: it may be what a field that is not known was meant for. */
function missingIn(message: Plain, type: ActType): Problem[] {
  const absent = REQUIRED.filter((name) => message[name] === undefined).map((field) => ({ field, problem: `${field} is missing` }));
  const { data = {} } = message;
  return isObject(data) ? [...absent, ...problemsOf(type, data).filter(({ spelling }) => !spelling)] : absent;
}

function refuseUnknown(fields: readonly UnknownField[], missing: readonly Problem[]): Refused {
  const named = fields.slice(0, NAMED).map(({ path, nearest: near }) => ({ path: path.slice(0, 100), near }));
  const more = fields.length > NAMED ? ` and ${fields.length - NAMED} more` : '';
  const shown = named.map(({ path, near }) => (near === null ? path : `${path} (the nearest is ${near})`));
  const problems = missing.slice(0, NAMED).map(({ field, problem }) => ({ field, problem }));
  const beside = problems.length === 0 ? '' : ` Beside that: ${problems.map(({ problem }) => problem).join('; ')}.`;
  return refuse(
    'unknown-field',
    `Unknown: ${shown.join(', ')}${more}.${beside}`,
    'Leave it out: what the ledger does not know it would not count.',
    { fields: named.map(({ path }) => path), ...(problems.length === 0 ? {} : { problems }) },
  );
}

function invalid(problems: readonly Problem[]): Refused {
  const named = problems.slice(0, NAMED).map(({ field, problem }) => ({ field, problem }));
  const more = problems.length > NAMED ? `; and ${problems.length - NAMED} more` : '';
  return refuse(
    'invalid-data',
    `${named.map(({ problem }) => problem).join('; ')}${more}.`,
    'Correct the fields named in details and send the message again.',
    { problems: named },
  );
}

/** The attributes that say how `data` is written: JSON, in a version this program knows. */
function refuseContent(message: Plain, type: ActType): Refused | null {
  const { datacontenttype, dataschema, data } = message;
  if (datacontenttype !== undefined && (typeof datacontenttype !== 'string' || !/^application\/json\s*(;|$)/i.test(datacontenttype))) {
    return invalid([{ field: 'datacontenttype', problem: 'datacontenttype must be application/json' }]);
  }
  if (dataschema !== undefined) {
    // Every version that there is takes the data of the current one.
    if (typeof dataschema !== 'string' || !isDataschemaOf(type, dataschema))
      return invalid([{ field: 'dataschema', problem: `dataschema must end with a version of the type, such as ${schemaAddress(type)}` }]);
  }
  for (const field of ['traceparent', 'tracestate'] as const) {
    if (message[field] !== undefined && !isText(message[field], 512))
      return invalid([{ field, problem: `${field} must be a text of 1 to 512 characters` }]);
  }
  if (data !== undefined && (data === null || typeof data !== 'object' || Array.isArray(data))) {
    return invalid([{ field: 'data', problem: 'data must be an object' }]);
  }
  return null;
}

const NO_PROBLEMS = { names: [] } as const;

/** The refusal of data that are no such data; else what is wrong with the names in them. */
function readData(type: ActType, data: Plain): Refused | { readonly names: readonly Problem[] } {
  if (accepts(DATA_CLASSES[type], data)) return NO_PROBLEMS;
  const problems = problemsOf(type, data);
  const unknown = unknownFields(DATA_CLASSES[type], data, 'data');
  if (unknown.length > 0)
    return refuseUnknown(
      unknown,
      problems.filter(({ spelling }) => !spelling),
    );
  return problems.some(({ spelling }) => !spelling) ? invalid(problems) : { names: problems };
}

function problemsOf(type: ActType, data: Plain): ReturnType<typeof flatten> {
  const errors = validateSync(instantiate(DATA_CLASSES[type], data), { forbidUnknownValues: false });
  return errors.flatMap((error) => flatten(error, 'data'));
}

/** Each with its path in place of the name of its last part. */
function flatten(error: ValidationError, path: string): (Problem & { readonly spelling: boolean })[] {
  const field = `${path}.${error.property}`;
  const own = Object.entries(error.constraints ?? {}).map(([name, problem]) => ({
    field,
    problem: problem.replace(error.property, () => field),
    spelling: (error.contexts?.[name] as typeof IS_SPELLING | undefined)?.spelling === true,
  }));
  return [...own, ...(error.children ?? []).flatMap((child) => flatten(child, field))];
}
