/**
 * The schema of a class that validates data, read from the notes of class-validator. Rules of ours bring theirs along
 * (messages/fields.ts); those of class-validator itself are told here. A rule that is in neither place is an error.
 *
 * The package class-validator-jsonschema does the same for a service whose nested classes are named by
 * class-transformer, which is not used here, and knows no rule of ours without a converter of its own for each.
 */
import { getMetadataStorage } from 'class-validator';
import { IS_SPELLING, nestedIn, type Constructor } from '../messages/fields.js';
import { isObject } from '../../encoding/unknown-values.js';
import type { JsonSchema } from './json-schema.js';

type Rules = readonly ReturnType<ReturnType<typeof getMetadataStorage>['getTargetValidationMetadatas']>[number][];
type Rule = Rules[number];

/** Rules of class-validator by name, of their constraints. */
const BUILT_IN: Readonly<Record<string, (constraints: readonly unknown[]) => JsonSchema>> = {
  conditionalValidation: () => ({}),
  nestedValidation: () => ({}),
  isArray: () => ({ type: 'array' }),
  arrayNotEmpty: () => ({ minItems: 1 }),
  arrayMaxSize: ([most]) => ({ maxItems: Number(most) }),
  arrayUnique: () => ({ uniqueItems: true }),
  isIn: ([values]) => ({ type: 'string', enum: Array.isArray(values) ? values : [] }),
  isInt: () => ({ type: 'integer' }),
  min: ([least]) => ({ minimum: Number(least) }),
  max: ([most]) => ({ maximum: Number(most) }),
  isBoolean: () => ({ type: 'boolean' }),
};

const nameOf = ({ name, type }: Rule): string => name ?? type;
const isSpelling = ({ context }: Rule): boolean => context === IS_SPELLING;
const isOptional = (rules: Rules): boolean => rules.some((rule) => nameOf(rule) === 'conditionalValidation');

/**
 * `sealed`: paths of fields that are sealed, such as `applicant.name`; `above` is the path of the object itself.
 * Errors: throws for a rule whose schema is not known.
 */
export function schemaOfClass(type: Constructor, sealed: readonly string[] = [], above = ''): JsonSchema {
  const byField = Map.groupBy(
    getMetadataStorage().getTargetValidationMetadatas(type, '', false, false),
    ({ propertyName }) => propertyName,
  );
  const properties = [...byField].map(([field, rules]): [string, JsonSchema] => {
    const inner = nestedIn(type).get(field);
    const of = inner === undefined ? {} : schemaOfClass(inner, sealed, `${above}${field}.`);
    return [field, schemaOfField(rules, of, sealed.includes(`${above}${field}`))];
  });
  const required = [...byField].filter(([, rules]) => !isOptional(rules)).map(([field]) => field);
  return {
    type: 'object',
    properties: Object.fromEntries(properties),
    ...(required.length === 0 ? {} : { required }),
    additionalProperties: false,
  };
}

/** `nested`: the schema of the objects it holds. */
function schemaOfField(rules: Rules, nested: JsonSchema, isSealed: boolean): JsonSchema {
  // The spelling of a name says more than the text it stands beside.
  const ordered = [...rules.filter((rule) => !isSpelling(rule)), ...rules.filter(isSpelling)];
  const isList = rules.some((rule) => nameOf(rule) === 'isArray');
  const ofOne = ordered.filter(({ each }) => !isList || each);
  const one = { ...merged(ofOne), ...nested };
  const description = [descriptionOf(rules), isSealed ? 'Sealed 封存: who may read it is another question.' : ''].join(' ').trim();
  const said = description === '' ? {} : { description };
  return isList ? { ...merged(ordered.filter(({ each }) => !each)), items: one, ...said } : { ...one, ...said };
}

function merged(rules: Rules): JsonSchema {
  return rules.reduce<JsonSchema>((schema, rule) => ({ ...schema, ...schemaOfRule(rule) }), {});
}

function schemaOfRule(rule: Rule): JsonSchema {
  const name = nameOf(rule);
  const constraints: readonly unknown[] = rule.constraints ?? [];
  const schema = BUILT_IN[name]?.(constraints) ?? constraints[0];
  if (isObject(schema)) return schema;
  throw new Error(`no schema is known of ${rule.propertyName} and its rule ${name}: give it one in class-schema.ts or fields.ts`);
}

/** The words in which rules of ours refuse, without their subject. */
function descriptionOf(rules: Rules): string {
  const own = rules.filter((rule) => BUILT_IN[nameOf(rule)] === undefined && !isSpelling(rule) && nameOf(rule) !== 'object');
  const said = own.flatMap(({ constraintCls }) => {
    const [constraint] = getMetadataStorage().getTargetValidatorConstraints(constraintCls);
    const message = constraint?.instance.defaultMessage?.();
    return message === undefined ? [] : [message.replace(/^\$property must be /, '')];
  });
  const text = said.join('; ');
  return text === '' ? '' : `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
}
