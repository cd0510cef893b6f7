/** class-validator decorators for the fields of messages: what a text, a hash, a date, a case reference may be. */
import { getMetadataStorage, IsBoolean, IsIn, IsInt, Max, Min, ValidateBy, ValidateIf, type ValidationOptions } from 'class-validator';
import { isSoundName, nameProblem, type NameKind } from '../../domain/names.js';
import { isAgencyCode, isContentHash, parseCaseName } from '../../domain/identifiers.js';
import { isObject } from '../../encoding/unknown-values.js';
import { isCalendarDate } from '../../time/calendar-date.js';
import { nearest } from '../nearest.js';
import type { JsonSchema } from '../schemas/json-schema.js';
import {
  AGENCY_PATTERN,
  CASE_PATTERN,
  HASH_PATTERN,
  NAME_PATTERN,
  PRINTED_PATTERN,
  SOURCE_PATTERN,
  TEXT_PATTERN,
  URL_PATTERN,
  WORD_PATTERN,
} from './patterns.js';

export type Constructor = new () => object;

/** Nested classes per property, so that nested objects are validated as instances too. */
const nestedClasses = new WeakMap<Constructor, Map<string, Constructor>>();

/** The property holds an object of this class, or an array of them; `OneObject` or `Objects` beside it says which. */
export function Nested(type: Constructor): PropertyDecorator {
  return (target, property) => {
    const owner = target.constructor as Constructor;
    const classes = nestedClasses.get(owner) ?? new Map<string, Constructor>();
    nestedClasses.set(owner, classes.set(String(property), type));
  };
}

/** Property → class of what it holds. */
export function nestedIn(type: Constructor): ReadonlyMap<string, Constructor> {
  return nestedClasses.get(type) ?? new Map();
}

/**
 * An instance with the properties of plain JSON that its class has, nested classes included. What is no object stays
 * as it is, for the validators to refuse.
 */
export function instantiate<T extends object>(type: new () => T, plain: Readonly<Record<string, unknown>>): T {
  const instance = new type();
  const classes = nestedClasses.get(type);
  const properties = propertiesOf(type);
  for (const [key, value] of Object.entries(plain)) {
    // What the class does not have is found by its name: "constructor" would take the class from its validators.
    if (!properties.has(key)) continue;
    const nested = classes?.get(key);
    const converted =
      nested === undefined
        ? value
        : Array.isArray(value)
          ? value.map((item) => instantiateNested(nested, item))
          : instantiateNested(nested, value);
    Object.assign(instance, { [key]: converted });
  }
  return instance;
}

function instantiateNested(type: Constructor, value: unknown): unknown {
  return isObject(value) ? instantiate(type, value) : value;
}

const knownProperties = new WeakMap<Constructor, ReadonlySet<string>>();

function propertiesOf(type: Constructor): ReadonlySet<string> {
  const known = knownProperties.get(type);
  if (known !== undefined) return known;
  const metadata = getMetadataStorage().getTargetValidationMetadatas(type, '', false, false);
  const properties = new Set(metadata.map(({ propertyName }) => propertyName));
  knownProperties.set(type, properties);
  return properties;
}

/** A property that the class of its object does not have. */
export interface UnknownField {
  readonly path: string;
  /** The path of one that it may have been meant for, and that is not given. */
  readonly nearest: string | null;
}

/**
 * The properties that the class of their object does not have. Looked up as own names: class-validator's own whitelist
 * takes "constructor" and the like for known.
 */
export function unknownFields(type: Constructor, plain: object, path: string): UnknownField[] {
  const properties = propertiesOf(type);
  const classes = nestedClasses.get(type);
  return Object.entries(plain).flatMap(([key, value]) => {
    const here = `${path}.${key}`;
    if (!properties.has(key)) return [{ path: here, nearest: meant(key, properties, plain, path) }];
    const nested = classes?.get(key);
    if (nested === undefined || value === null || typeof value !== 'object') return [];
    if (!Array.isArray(value)) return unknownFields(nested, value as object, here);
    return value.flatMap((item: unknown, index) =>
      item !== null && typeof item === 'object' && !Array.isArray(item) ? unknownFields(nested, item, `${here}.${index}`) : [],
    );
  });
}

function meant(key: string, properties: Iterable<string>, plain: object, path: string): string | null {
  const missing = [...properties].filter((name) => !Object.hasOwn(plain, name));
  const found = nearest(key, missing);
  return found === null ? null : `${path}.${found}`;
}

/** May be left out. Unlike class-validator's IsOptional, null is not absence and is refused. */
export function Optional(): PropertyDecorator {
  return ValidateIf((_object, value) => value !== undefined);
}

/** A rule of ours: what it takes, the words in which it refuses, and the same for a reader of JSON Schema. */
interface Rule {
  readonly name: string;
  readonly accepts: (value: unknown) => boolean;
  readonly message: string;
  /** Takes all that `accepts` takes; a test holds it. */
  readonly schema: JsonSchema;
}

function by({ name, accepts, message, schema }: Rule, options?: ValidationOptions): PropertyDecorator {
  return ValidateBy({ name, constraints: [schema], validator: { validate: accepts, defaultMessage: () => message } }, options);
}

export function isText(value: unknown, max: number): value is string {
  return typeof value === 'string' && value.length <= max && /\S/.test(value);
}

/**
 * A text that says something: 1 to `max` UTF-16 units, not only blanks. Which characters it may hold is looked at for
 * all texts at once (spelling.ts).
 */
export function Text(max = 2000, options?: ValidationOptions): PropertyDecorator {
  const message = `$property must be a text of 1 to ${max} characters`;
  const schema = { type: 'string', minLength: 1, maxLength: max, pattern: TEXT_PATTERN };
  return by({ name: 'text', accepts: (value) => isText(value, max), message, schema }, options);
}

/** A number or code: a short text on one line. */
export function Word(max = 100, options?: ValidationOptions): PropertyDecorator {
  const accepts = (value: unknown): boolean => isText(value, max) && !/[\r\n]/.test(value);
  const message = `$property must be a text of 1 to ${max} characters on one line`;
  const schema = { type: 'string', minLength: 1, maxLength: max, pattern: WORD_PATTERN };
  return by({ name: 'word', accepts, message, schema }, options);
}

/** Stands beside `Word` or `Text` on every field that names a person: who acts, approves or administers. */
export function Person(): PropertyDecorator {
  return spelled('person');
}

/** The same of a role, a step or a unit. */
export function Office(): PropertyDecorator {
  return spelled('office');
}

/** The same of a party: it is sealed, so no refusal repeats it. */
export function Party(): PropertyDecorator {
  return spelled('office', false);
}

/** Whether a field may be refused though it was taken, and recorded, before there was this rule. */
export const IS_SPELLING = { spelling: true } as const;

function spelled(kind: NameKind, quote = true): PropertyDecorator {
  return ValidateBy(
    {
      name: kind,
      constraints: [{ pattern: NAME_PATTERN } satisfies JsonSchema],
      validator: {
        // What is no text is said by the decorator beside this one.
        validate: (value) => typeof value !== 'string' || isSoundName(value, kind),
        defaultMessage: (args) => `$property ${nameProblem(String(args?.value), kind, quote) ?? ''}`,
      },
    },
    { context: IS_SPELLING },
  );
}

/** One object, no list: class-validator's nested validation takes a list as well, an empty one unseen. */
export function OneObject(options?: ValidationOptions): PropertyDecorator {
  const accepts = (value: unknown): boolean => value !== null && typeof value === 'object' && !Array.isArray(value);
  return by({ name: 'object', accepts, message: '$property must be an object', schema: { type: 'object' } }, options);
}

/** Characters of a printed value at most: a cell may hold a remark, and break its lines. */
const PRINTED = 2000;

/** The cells of a printed table by name: texts as printed, whatever they say, or null where the paper is blank. */
export function PrintedCells(): PropertyDecorator {
  const isPrinted = (value: unknown): boolean => value === null || (typeof value === 'string' && value.length <= PRINTED);
  const accepts = (cells: unknown): boolean =>
    cells !== null &&
    typeof cells === 'object' &&
    !Array.isArray(cells) &&
    Object.keys(cells).length > 0 &&
    Object.values(cells).every(isPrinted);
  const message = `$property must be an object of cells, each null or a text as printed of at most ${PRINTED} characters`;
  const printed = { type: ['string', 'null'], maxLength: PRINTED, pattern: PRINTED_PATTERN };
  return by({ name: 'cells', accepts, message, schema: { type: 'object', minProperties: 1, additionalProperties: printed } });
}

/** Parts of a report at most, and characters of each. */
const PARTS = 20;
const PART = 20_000;
const PART_NUMBER = '^[1-9][0-9]?$';

/** The parts of a report's text by their numbers: texts that say something, with references in braces. */
export function TextParts(): PropertyDecorator {
  const accepts = (parts: unknown): boolean => {
    if (!isObject(parts) || Array.isArray(parts)) return false;
    const numbers = Object.keys(parts);
    return numbers.length > 0 && numbers.length <= PARTS && numbers.every((number) => isPart(number, parts[number]));
  };
  const isPart = (number: string, text: unknown): boolean => new RegExp(PART_NUMBER).test(number) && isText(text, PART);
  const message = `$property must be an object of 1 to ${PARTS} parts by their numbers ("1", "2"), each a text of at most ${PART} characters`;
  const text = { type: 'string', minLength: 1, maxLength: PART, pattern: TEXT_PATTERN };
  const named = { type: 'object', minProperties: 1, maxProperties: PARTS, propertyNames: { pattern: PART_NUMBER } };
  return by({ name: 'parts', accepts, message, schema: { ...named, additionalProperties: text } });
}

export function Hash(): PropertyDecorator {
  const message = '$property must be sha256: and 64 lower-case hexadecimal digits';
  return by({ name: 'hash', accepts: isContentHash, message, schema: { type: 'string', pattern: HASH_PATTERN } });
}

export function DateOnly(options?: ValidationOptions): PropertyDecorator {
  const message = '$property must be a date that exists, YYYY-MM-DD';
  return by({ name: 'date', accepts: isCalendarDate, message, schema: { type: 'string', format: 'date' } }, options);
}

export function CaseReference(): PropertyDecorator {
  const message = '$property must be a case of the same agency, "kind/number"';
  const schema = { type: 'string', pattern: CASE_PATTERN };
  return by({ name: 'case', accepts: (value) => parseCaseName(value) !== null, message, schema });
}

export function AgencyCode(): PropertyDecorator {
  const message = '$property must be an agency code: 1 to 40 of a-z, 0-9 and -';
  return by({ name: 'agency', accepts: isAgencyCode, message, schema: { type: 'string', pattern: AGENCY_PATTERN } });
}

export function OneOf(values: readonly string[], options?: ValidationOptions): PropertyDecorator {
  const message = ({ value }: { readonly value: unknown }): string => {
    const meantValue = typeof value === 'string' ? nearest(value, values) : null;
    return `$property must be one of ${values.join(', ')}${meantValue === null ? '' : ` (the nearest is ${meantValue})`}`;
  };
  return IsIn([...values], { message, ...options });
}

/** A whole number from `min`, at most 10^12: beyond any count or sum in fen, and exact in every store. */
export function Whole(min: number): PropertyDecorator {
  return (target, property) => {
    IsInt({ message: '$property must be a whole number' })(target, property);
    Min(min, { message: `$property must be at least ${min}` })(target, property);
    Max(1_000_000_000_000, { message: '$property is too large' })(target, property);
  };
}

/** A statistics year. */
export function Year(): PropertyDecorator {
  return (target, property) => {
    IsInt({ message: '$property must be a year' })(target, property);
    Min(2000, { message: '$property must be a year from 2000' })(target, property);
    Max(2100, { message: '$property must be a year up to 2100' })(target, property);
  };
}

export function YesNo(): PropertyDecorator {
  return IsBoolean({ message: '$property must be true or false' });
}

/** A source of messages, as the envelope takes it. */
export function Source(options?: ValidationOptions): PropertyDecorator {
  const accepts = (value: unknown): boolean => isText(value, 512) && !/\s/.test(value);
  const message = '$property must be a URI reference of 1 to 512 characters';
  const schema = { type: 'string', minLength: 1, maxLength: 512, pattern: SOURCE_PATTERN };
  return by({ name: 'source', accepts, message, schema }, options);
}

export function Url(): PropertyDecorator {
  const accepts = (value: unknown): boolean => typeof value === 'string' && value.length <= 2000 && /^https?:\/\/\S+$/.test(value);
  const schema = { type: 'string', maxLength: 2000, pattern: URL_PATTERN };
  return by({ name: 'url', accepts, message: '$property must be an http or https address', schema });
}
