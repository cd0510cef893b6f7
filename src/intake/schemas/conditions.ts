/**
 * Rules of one message that look at two of its fields. They are the domain's (each is named); a schema says them ahead,
 * so that a sender need not be refused to learn them. None refuses what the domain takes; a test holds it.
 */
import type { ActType } from '../../domain/acts.js';
import { OUTCOMES } from '../../domain/application/outcomes.js';
import type { JsonSchema } from './json-schema.js';

const inData = (schema: JsonSchema): JsonSchema => ({ properties: { data: schema } });
const where = (field: string, value: JsonSchema): JsonSchema => inData({ properties: { [field]: value }, required: [field] });
/** Named as a property too: readers look for what is required among those. */
const has = (...fields: readonly string[]): JsonSchema => ({
  properties: Object.fromEntries(fields.map((field) => [field, {}])),
  required: fields,
});
const without = (field: string): JsonSchema => inData({ not: has(field) });

/** Which ground an outcome must have, or that it has none, under either text of the law (application/outcomes.ts). */
function grounds(): JsonSchema[] {
  const byOutcome = new Map<string, readonly string[]>();
  for (const [outcome, some] of Object.values(OUTCOMES).flatMap((outcomes) => Object.entries<readonly string[]>(outcomes)))
    byOutcome.set(outcome, [...new Set([...(byOutcome.get(outcome) ?? []), ...some])]);
  const groundless = [...byOutcome].filter(([, some]) => some.length === 0).map(([outcome]) => outcome);
  const rest = [...byOutcome].filter(([, some]) => some.length > 0);
  return [
    { if: where('outcome', { enum: groundless }), then: without('ground') },
    ...rest.map(([outcome, some]) => ({ if: where('outcome', { const: outcome }), then: where('ground', { enum: some }) })),
  ];
}

/** At most one of them (small-kinds/remedy.ts). */
const ABOUT_ONE: readonly JsonSchema[] = [inData({ not: has('application', 'publication') })];

export const CONDITIONS: Readonly<Partial<Record<ActType, readonly JsonSchema[]>>> = {
  /** agency/rules.ts: both given or both empty. */
  'agency.clearance-chain-set': [{ if: where('steps', { maxItems: 0 }), then: without('approver'), else: inData(has('approver')) }],
  /** agency/permission-rules.ts */
  'agency.permission-granted': [
    { if: where('permission', { const: 'act' }), then: inData(has('actor')), else: without('actor') },
    { if: where('permission', { enum: ['act', 'audit', 'read'] }), then: without('sources') },
  ],
  'application.reply-drafted': grounds(),
  'application.reply-revised': grounds(),
  'application.replied': grounds(),
  'application.reply-remade': grounds(),
  'reconsideration.filed': ABOUT_ONE,
  'lawsuit.filed': ABOUT_ONE,
  'complaint.received': ABOUT_ONE,
};
