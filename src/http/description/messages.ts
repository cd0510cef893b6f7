/** Messages in the description: a schema and an example for each type, and the four ways in which they are sent. */
import { readFileSync } from 'node:fs';
import { packageFile } from '../../config/package-files.js';
import { isObject } from '../../encoding/unknown-values.js';
import type { ActType } from '../../domain/acts.js';
import { ACT_TYPES, publicType } from '../../events/catalog.js';
import { BATCH, JSON_BODY, NDJSON, SINGLE } from '../../intake/media-types.js';
import { messageSchema } from '../../intake/schemas/message-schema.js';
import { MAX_BATCH } from '../limits.js';
import { ApiExtension } from './describe.js';
import type { Operation } from './operations.js';

type Schema = Readonly<Record<string, unknown>>;

const TAKES_MESSAGES = 'x-takes-messages';

/** The route takes messages, in every way in which they are sent. */
export const TakesMessages = (): MethodDecorator => ApiExtension(TAKES_MESSAGES, true);

export function takesMessages(operation: Operation): boolean {
  const takes = operation[TAKES_MESSAGES] === true;
  delete operation[TAKES_MESSAGES];
  return takes;
}

/** Such as `AgencyRegistered`. */
const nameOf = (type: ActType): string =>
  type
    .split(/[.-]/)
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join('');
const refTo = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });

/** A schema by name for each type, and the one of them all. */
export function messageComponents(): Readonly<Record<string, object>> {
  const each = ACT_TYPES.map((type) => {
    // Within the description they are found by their names.
    const { $schema: _draft, $id, ...schema } = messageSchema(type);
    return [nameOf(type), { ...schema, externalDocs: { url: $id, description: 'The schema by itself; a refusal names it.' } }] as const;
  });
  const mapping = Object.fromEntries(ACT_TYPES.map((type) => [publicType(type), `#/components/schemas/${nameOf(type)}`]));
  return {
    DisclosureEvent: {
      description: 'A CloudEvents 1.0 message; its type says what its data are. Without dataschema it is of the current version.',
      oneOf: ACT_TYPES.map((type) => refTo(nameOf(type))),
      discriminator: { propertyName: 'type', mapping },
    },
    ...Object.fromEntries(each),
  };
}

/** Messages that a ledger takes in this order. Errors: those of the file system, where examples/ is not there. */
function exampleLines(): string {
  return readFileSync(packageFile('examples/messages.ndjson'), 'utf8');
}

/** One message of each type, by type. */
function examplesIn(lines: string): Readonly<Record<string, Schema>> {
  const messages = lines
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
  // Of several the first.
  return Object.fromEntries(
    messages
      .filter(isObject)
      .reverse()
      .map((message) => [String(message['type']), message]),
  );
}

const BINARY =
  'Binary content mode: the attributes are the headers ce-id, ce-source and so on, and the body is data, of the schema that the type gives it. ' +
  'Without ce-id a body of this type is no message.';
/** Attributes of binary mode; whatever is outside ASCII is percent-encoded. */
const HEADERS = ['specversion', 'id', 'source', 'type', 'subject', 'time', 'agency', 'actor', 'dataschema', 'traceparent', 'tracestate'];

/** Puts in the body and the headers of a request that sends messages. */
export function withMessages(operation: Operation): void {
  const lines = exampleLines();
  const examples = examplesIn(lines);
  const shown = ACT_TYPES.map(publicType).flatMap((type) => (examples[type] === undefined ? [] : [[type, examples[type]] as const]));
  const message = refTo('DisclosureEvent');
  const [first, second] = shown.map(([, value]) => value);
  operation['requestBody'] = {
    required: false,
    description: 'At most 16 MiB, as it is and unpacked; Content-Encoding may be gzip. A message has at most 256 KiB.',
    content: {
      [SINGLE]: { schema: message, examples: Object.fromEntries(shown.map(([type, value]) => [type, { value }])) },
      [BATCH]: { schema: { type: 'array', maxItems: MAX_BATCH, items: message }, example: [first, second] },
      [NDJSON]: {
        schema: { type: 'string', description: 'One message a line; each is of the schema DisclosureEvent.' },
        example: lines,
      },
      [JSON_BODY]: { schema: { type: 'object', description: BINARY }, example: first?.['data'] },
    },
  };
  const headers = HEADERS.map((name) => ({
    name: `ce-${name}`,
    in: 'header',
    required: false,
    description: 'of a message in binary mode, percent-encoded',
    schema: { type: 'string' },
  }));
  const { parameters } = operation;
  operation['parameters'] = [...(Array.isArray(parameters) ? (parameters as readonly unknown[]) : []), ...headers];
}
