/**
 * Kinds of case whose acts stand for themselves: nothing comes before them and nothing rests on them. A press conference, an interpretation,
 * a meeting and a training are one act each; a site is checked day after day, and a delivery may go in several parts.
 */
import type { ActOf, CommandOf, FactsByType } from '../acts.js';
import { alreadyExists, type CaseRules, type DecisionContext } from '../case.js';
import { accept, refuse, type Decision, type Refused } from '../decider.js';
import { standingBy, type Stands } from '../standing.js';

type PlainType = 'press-conference.held' | 'interpretation.published' | 'meeting.held' | 'training.held' | 'delivery.made' | 'site.checked';

/** How many acts stand. */
export type PlainCase = number;

/** `repeats`: whether more than one act may stand. */
function plainRules(kind: string, standing: Stands<PlainType>, repeats: boolean): CaseRules<PlainCase, PlainType> {
  return {
    kind,
    ...standing,
    initial: 0,
    evolve: (acts) => acts + 1,
    decide: (acts, command, context): Decision<FactsByType[PlainType]> => {
      if (acts > 0 && !repeats) return alreadyExists(command);
      const refused = refuseReference(command, context);
      return refused ?? accept({ basis: [], role: null });
    },
  };
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

type Titled = ActOf<'press-conference.held' | 'interpretation.published' | 'meeting.held' | 'training.held'>;

const entitled =
  (state: string) =>
  (_before: unknown, { data }: Pick<Titled, 'data'>) => ({ state, title: data.title });

export const plainActRules: readonly CaseRules<PlainCase, PlainType>[] = [
  plainRules('press-conference', standingBy({ 'press-conference.held': entitled('held') }), false),
  plainRules('interpretation', standingBy({ 'interpretation.published': entitled('published') }), false),
  plainRules('meeting', standingBy({ 'meeting.held': entitled('held') }), false),
  plainRules('training', standingBy({ 'training.held': entitled('held') }), false),
  plainRules('delivery', standingBy({ 'delivery.made': (_before, { data }) => ({ state: 'made', title: data.place }) }), true),
  plainRules('site', standingBy({ 'site.checked': () => ({ state: 'checked', title: null }) }), true),
];
