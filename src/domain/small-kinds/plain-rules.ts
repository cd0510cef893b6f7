/** The rules of the plain kinds, one set for each kind that a row of `PLAIN_ACTS` names. */
import type { AnyData, CommandOf, FactsByType } from '../acts.js';
import { alreadyExists, type CaseRules, type DecisionContext } from '../case.js';
import { accept, refuse, type Decision, type Refused } from '../decider.js';
import type { Standing } from '../facts.js';
import { PLAIN_ACTS, REPEATED_KINDS, type PlainType } from './plain-acts.js';

/** How many acts stand. */
export type PlainCase = number;

const isPlain = (type: string): type is PlainType => Object.hasOwn(PLAIN_ACTS, type);
const kindOf = (type: PlainType): string => type.slice(0, type.indexOf('.'));

const PLAIN_TYPES = Object.keys(PLAIN_ACTS).filter(isPlain);

function plainRules(kind: string): CaseRules<PlainCase, PlainType> {
  const types = PLAIN_TYPES.filter((type) => kindOf(type) === kind);
  return {
    kind,
    types,
    initial: 0,
    standingAfter(_before, act) {
      if (!isPlain(act.type) || !types.includes(act.type)) throw new Error(`an act ${act.type} moves no case of this kind`);
      return standingOf(act.type, act.data);
    },
    evolve: (acts) => acts + 1,
    decide: (acts, command, context): Decision<FactsByType[PlainType]> => {
      if (acts > 0 && !REPEATED_KINDS.includes(kind)) return alreadyExists(command);
      const refused = refuseReference(command, context);
      return refused ?? accept({ basis: [], role: null });
    },
  };
}

function standingOf(type: PlainType, data: AnyData): Standing {
  const { state, title } = PLAIN_ACTS[type];
  const said: Readonly<Record<string, unknown>> = { ...data };
  const text = title === null ? null : said[title];
  return { state, title: typeof text === 'string' ? text : null };
}

/** An interpretation may say what it interprets: a case of the same agency that exists. */
function refuseReference(command: CommandOf<PlainType>, context: DecisionContext): Refused | null {
  const of = command.type === 'interpretation.published' ? command.data.of : undefined;
  if (of === undefined || context.existingCases?.has(of) === true) return null;
  return refuse(
    'wrong-reference',
    `There is no case ${of} in this agency.`,
    'Name a recorded case of the same agency as "kind/number", or leave the reference out.',
    { reference: of },
  );
}

export const plainActRules: readonly CaseRules<PlainCase, PlainType>[] = [...new Set(PLAIN_TYPES.map(kindOf))].map(plainRules);
