/** class-validator decorators for the fields of messages: what a text, a hash, a date, a case reference may be. */
import { getMetadataStorage, IsBoolean, IsIn, IsInt, Max, Min, ValidateBy, ValidateIf, type ValidationOptions } from 'class-validator';
import { isSoundName, nameProblem, type NameKind } from '../../domain/names.js';
import { isAgencyCode, isContentHash, parseCaseName } from '../../domain/identifiers.js';
import { isObject } from '../../encoding/unknown-values.js';
import { isCalendarDate } from '../../time/calendar-date.js';

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
 * An instance with the properties of plain JSON, nested classes included; what is no object stays as it is, for the
 * validators to refuse.
 */
export function instantiate<T extends object>(type: new () => T, plain: Readonly<Record<string, unknown>>): T {
  const instance = new type();
  const classes = nestedClasses.get(type);
  for (const [key, value] of Object.entries(plain)) {
    const nested = classes?.get(key);
    const converted =
      nested === undefined
        ? value
        : Array.isArray(value)
          ? value.map((item) => instantiateNested(nested, item))
          : instantiateNested(nested, value);
    // Defined, not assigned: a key such as "__proto__" becomes an own property and is refused as unknown.
    Object.defineProperty(instance, key, { value: converted, enumerable: true, writable: true, configurable: true });
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

/**
 * Paths of the properties that the class of their object does not have. Looked up as own names: class-validator's own
 * whitelist takes "constructor" and the like for known.
 */
export function unknownPaths(type: Constructor, plain: object, path: string): string[] {
  const properties = propertiesOf(type);
  const classes = nestedClasses.get(type);
  return Object.entries(plain).flatMap(([key, value]) => {
    const here = `${path}.${key}`;
    if (!properties.has(key)) return [here];
    const nested = classes?.get(key);
    if (nested === undefined || value === null || typeof value !== 'object') return [];
    if (!Array.isArray(value)) return unknownPaths(nested, value as object, here);
    return value.flatMap((item: unknown, index) =>
      item !== null && typeof item === 'object' && !Array.isArray(item) ? unknownPaths(nested, item, `${here}.${index}`) : [],
    );
  });
}

/** May be left out. Unlike class-validator's IsOptional, null is not absence and is refused. */
export function Optional(): PropertyDecorator {
  return ValidateIf((_object, value) => value !== undefined);
}

function by(name: string, accepts: (value: unknown) => boolean, message: string, options?: ValidationOptions): PropertyDecorator {
  return ValidateBy({ name, validator: { validate: accepts, defaultMessage: () => message } }, options);
}

export function isText(value: unknown, max: number): value is string {
  return typeof value === 'string' && value.length <= max && /\S/.test(value);
}

/**
 * A text that says something: 1 to `max` UTF-16 units, not only blanks. Which characters it may hold is looked at for
 * all texts at once (spelling.ts).
 */
export function Text(max = 2000, options?: ValidationOptions): PropertyDecorator {
  return by('text', (value) => isText(value, max), `$property must be a text of 1 to ${max} characters`, options);
}

/** A number or code: a short text on one line. */
export function Word(max = 100, options?: ValidationOptions): PropertyDecorator {
  return by(
    'word',
    (value) => isText(value, max) && !/[\r\n]/.test(value),
    `$property must be a text of 1 to ${max} characters on one line`,
    options,
  );
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
  return by(
    'object',
    (value) => value !== null && typeof value === 'object' && !Array.isArray(value),
    '$property must be an object',
    options,
  );
}

/** Characters of a printed value at most: a cell may hold a remark, and break its lines. */
const PRINTED = 2000;

/** The cells of a printed table by name: texts as printed, whatever they say, or null where the paper is blank. */
export function PrintedCells(): PropertyDecorator {
  const isPrinted = (value: unknown): boolean => value === null || (typeof value === 'string' && value.length <= PRINTED);
  return by(
    'cells',
    (cells) =>
      cells !== null &&
      typeof cells === 'object' &&
      !Array.isArray(cells) &&
      Object.keys(cells).length > 0 &&
      Object.values(cells).every(isPrinted),
    `$property must be an object of cells, each null or a text as printed of at most ${PRINTED} characters`,
  );
}

export function Hash(): PropertyDecorator {
  return by('hash', isContentHash, '$property must be sha256: and 64 lower-case hexadecimal digits');
}

export function DateOnly(options?: ValidationOptions): PropertyDecorator {
  return by('date', isCalendarDate, '$property must be a date that exists, YYYY-MM-DD', options);
}

export function CaseReference(): PropertyDecorator {
  return by('case', (value) => parseCaseName(value) !== null, '$property must be a case of the same agency, "kind/number"');
}

export function AgencyCode(): PropertyDecorator {
  return by('agency', isAgencyCode, '$property must be an agency code: 1 to 40 of a-z, 0-9 and -');
}

export function OneOf(values: readonly string[], options?: ValidationOptions): PropertyDecorator {
  return IsIn([...values], { message: `$property must be one of ${values.join(', ')}`, ...options });
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

export function Url(): PropertyDecorator {
  return by(
    'url',
    (value) => typeof value === 'string' && value.length <= 2000 && /^https?:\/\/\S+$/.test(value),
    '$property must be an http or https address',
  );
}
