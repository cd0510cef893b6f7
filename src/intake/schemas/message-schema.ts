/**
 * The schema of a message: the whole CloudEvent of one type, its data from the class that validates them. What it
 * refuses is refused here too. What a message must be beyond it - names in one spelling, an actor who holds a role, a
 * case that is there - is said by a refusal.
 */
import { ACTS, SEALED_FIELDS, type ActType } from '../../domain/acts.js';
import { ALL_RULES } from '../../domain/kinds.js';
import { ACT_TYPES, kindOf, publicType } from '../../events/catalog.js';
import { DATA_CLASSES } from '../messages/data-classes.js';
import { AGENCY_PATTERN, casePattern, ID_PATTERN, NAME_PATTERN, SOURCE_PATTERN } from '../messages/patterns.js';
import { dataschemaPattern, messageVersion, schemaAddress } from './addresses.js';
import { schemaOfClass } from './class-schema.js';
import { CONDITIONS } from './conditions.js';
import { DRAFT, type JsonSchema } from './json-schema.js';

const SEALED: Readonly<Partial<Record<ActType, readonly string[]>>> = SEALED_FIELDS;
/** A year as the number of a case. */
const YEAR_NUMBER = '[0-9]{4}';
/** Kinds whose case is named by what the message says of its year or agency. */
const NUMBERS: Readonly<Record<string, string>> = { agency: '[a-z0-9-]{1,40}', calendar: YEAR_NUMBER, table: YEAR_NUMBER };

/** RFC 3339 as it is read here: with an offset, no leap second, at most nine decimals. */
const TIME_PATTERN =
  '^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,9})?' + '([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$';
const JSON_PATTERN = '^[Aa][Pp][Pp][Ll][Ii][Cc][Aa][Tt][Ii][Oo][Nn]/[Jj][Ss][Oo][Nn][ \\t]*(;.*)?$';
const TRACEPARENT_PATTERN = '^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}(-[!-~]*)?$';
const TRACESTATE_PATTERN = '^[\\t -~]*=[\\t -~]*$';

export interface ListedSchema {
  readonly type: string;
  readonly version: number;
  /** Whether a message that names no version is of this one. */
  readonly current: boolean;
  /** Its address, from the root of the service. */
  readonly url: string;
}

/** Every version of every type, in the order of the contract. */
export function listSchemas(): readonly ListedSchema[] {
  return ACT_TYPES.map((type) => ({ type: publicType(type), version: messageVersion(type), current: true, url: schemaAddress(type) }));
}

const schemas = new Map<ActType, JsonSchema>();

/** The current one. */
export function messageSchema(type: ActType): JsonSchema {
  const known = schemas.get(type) ?? schemaOf(type);
  schemas.set(type, known);
  return known;
}

function schemaOf(type: ActType): JsonSchema {
  const data = { ...schemaOfClass(DATA_CLASSES[type], SEALED[type]), description: 'What the act says.' };
  const conditions = CONDITIONS[type];
  return {
    $schema: DRAFT,
    $id: schemaAddress(type),
    title: publicType(type),
    description: `${ACTS[type].means} A CloudEvents 1.0 message.`,
    type: 'object',
    properties: { ...attributes(type), data },
    required: [
      ...['specversion', 'id', 'source', 'type', 'subject', 'time', 'agency', 'actor'],
      ...(data.required === undefined ? [] : ['data']),
    ],
    additionalProperties: false,
    ...(conditions === undefined ? {} : { allOf: conditions }),
  };
}

const short = (maxLength: number, rest: JsonSchema): JsonSchema => ({ type: 'string', minLength: 1, maxLength, ...rest });

function attributes(type: ActType): Readonly<Record<string, JsonSchema>> {
  return {
    specversion: { type: 'string', const: '1.0' },
    id: short(512, { pattern: ID_PATTERN, description: 'With source it is the name of the message: no two acts share one.' }),
    source: short(512, { pattern: SOURCE_PATTERN, description: 'The program that sends, a URI reference, such as /commerce/website.' }),
    type: { type: 'string', const: publicType(type) },
    subject: subjectOf(type),
    time: {
      type: 'string',
      format: 'date-time',
      pattern: TIME_PATTERN,
      description: 'When the act happened, with an offset; its day in Asia/Shanghai decides the statistics year.',
      examples: ['2017-03-02T09:00:00+08:00'],
    },
    agency: { type: 'string', pattern: AGENCY_PATTERN, description: 'Code of the agency whose figures it enters; it must be registered.' },
    actor: short(100, { pattern: NAME_PATTERN, description: 'The officer who acted.' }),
    datacontenttype: { type: 'string', pattern: JSON_PATTERN, description: 'application/json, which it is without it.' },
    dataschema: {
      type: 'string',
      pattern: dataschemaPattern(type),
      description: 'Names a version of the type; the current one without it.',
      examples: [schemaAddress(type)],
    },
    traceparent: short(512, { pattern: TRACEPARENT_PATTERN, description: 'W3C Trace Context, kept beside the act.' }),
    tracestate: short(512, { pattern: TRACESTATE_PATTERN, description: 'W3C Trace Context, kept beside the act.' }),
  };
}

function subjectOf(type: ActType): JsonSchema {
  const kind = kindOf(type);
  if (kind === '*')
    return {
      type: 'string',
      pattern: casePattern(ALL_RULES.map((rules) => rules.kind)),
      description: 'The case of the act it is about, kind/number.',
    };
  const described = {
    agency: 'agency/ and the code of the agency itself',
    calendar: 'calendar/ and the year',
    table: 'table/ and the year',
  };
  const text = Object.entries(described).find(([name]) => name === kind)?.[1] ?? `${kind}/ and the number of the case in its agency`;
  return { type: 'string', pattern: casePattern([kind], NUMBERS[kind]), description: `The case: ${text}.` };
}
