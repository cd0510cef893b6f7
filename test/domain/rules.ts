/** The rules of kinds that have no file of their own. */
import type { CaseRules } from '../../src/domain/case.js';
import { plainActRules, type PlainCase } from '../../src/domain/small-kinds/plain-rules.js';

function plain(kind: string): CaseRules<PlainCase> {
  const rules = plainActRules.find((candidate) => candidate.kind === kind);
  if (rules === undefined) throw new Error(`no rules for ${kind}`);
  return rules;
}

export const meetingRules = plain('meeting');
export const trainingRules = plain('training');
export const pressConferenceRules = plain('press-conference');
export const interpretationRules = plain('interpretation');
export const deliveryRules = plain('delivery');
export const siteRules = plain('site');
