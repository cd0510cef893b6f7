/**
 * Whether the validators of a class take plain data, asked of rules that are gathered once: class-validator looks them
 * up for each object anew. It says yes only where class-validator finds nothing; for what it does not take
 * class-validator is asked, and finds the words.
 */
import { getMetadataStorage } from 'class-validator';
import { isObject, sure } from '../../encoding/unknown-values.js';
import { nestedIn, type Constructor } from './fields.js';

type Plain = Readonly<Record<string, unknown>>;
type Metadata = ReturnType<ReturnType<typeof getMetadataStorage>['getTargetValidationMetadatas']>[number];
type Takes = (value: unknown, object: Plain) => boolean;

/** Of one field: where a condition does not hold nothing else is asked. */
interface FieldRules {
  readonly name: string;
  readonly conditions: readonly Takes[];
  readonly rules: readonly Takes[];
}

interface ClassRules {
  readonly names: ReadonlySet<string>;
  readonly fields: readonly FieldRules[];
}

const known = new WeakMap<Constructor, ClassRules>();

/** Whether the object has only fields of the class, and each takes what it holds. */
export function accepts(type: Constructor, data: Plain): boolean {
  const { names } = rulesOf(type);
  for (const name of Object.keys(data)) if (!names.has(name)) return false;
  return passes(type, data);
}

/** Whether each field of the class takes what the object holds; what else it has is not looked at. */
export function passes(type: Constructor, data: Plain): boolean {
  const { fields } = rulesOf(type);
  for (const { name, conditions, rules } of fields) {
    const value = data[name];
    if (!all(conditions, value, data)) continue;
    if (!all(rules, value, data)) return false;
  }
  return true;
}

function all(takes: readonly Takes[], value: unknown, object: Plain): boolean {
  for (const one of takes) if (!one(value, object)) return false;
  return true;
}

function rulesOf(type: Constructor): ClassRules {
  const found = known.get(type);
  if (found !== undefined) return found;
  const metadata = getMetadataStorage().getTargetValidationMetadatas(type, '', false, false);
  const fields = [...Map.groupBy(metadata, ({ propertyName }) => propertyName)].map(([name, of]): FieldRules => {
    const nested = nestedIn(type).get(name);
    const conditions = of.filter(isCondition).map(conditionOf);
    return { name, conditions, rules: of.filter((rule) => !isCondition(rule)).map((rule) => ruleOf(rule, nested)) };
  });
  const made = { names: new Set(fields.map(({ name }) => name)), fields };
  known.set(type, made);
  return made;
}

const isCondition = ({ type }: Metadata): boolean => type === 'conditionalValidation';

interface Condition {
  readonly constraints: readonly ((object: Plain, value: unknown) => boolean)[];
}

function conditionOf({ constraints }: Condition): Takes {
  const holds = sure(constraints[0]);
  return (value, object) => holds(object, value);
}

/** A rule of a kind that is not known here takes nothing: then class-validator is asked. */
const TAKES_NOTHING: Takes = () => false;

function ruleOf(rule: Metadata, nested: Constructor | undefined): Takes {
  const { type, propertyName: property, constraints, each, validateIf } = rule;
  if (type === 'nestedValidation') return nested === undefined ? TAKES_NOTHING : nestedRule(nested);
  // Options as a decorator may have them that says nothing of them: `groups` and the like are for who asks by them.
  if (type !== 'customValidation' || validateIf !== undefined) return TAKES_NOTHING;
  const [constraint, ...more] = getMetadataStorage().getTargetValidatorConstraints(rule.constraintCls);
  if (constraint === undefined || more.length > 0) return TAKES_NOTHING;
  const { instance } = constraint;
  return (value, object) => {
    const said = { targetName: '', property, constraints, value, object };
    const takes = (one: unknown): boolean => instance.validate(one, said) === true;
    return each && Array.isArray(value) ? value.every(takes) : takes(value);
  };
}

/** An object of the class, or a list of them; where none is given the rules beside it say whether one must be. */
function nestedRule(nested: Constructor): Takes {
  const takes = (value: unknown): boolean => isObject(value) && accepts(nested, value);
  return (value) => value === undefined || (Array.isArray(value) ? value.every(takes) : takes(value));
}
