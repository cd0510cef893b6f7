/** Who made public, or sent, what he wrote himself: a remark for auditors, never a refusal. */
import type { Told } from '../standing.js';
import type { Progress } from './progress.js';

export type OwnDraftRule = 'released-own-draft' | 'replied-own-draft';

/** `before`: the case before this act. A reply that was approved by others is none: there an empty chain is asked. */
export function ownDraft({ drafters }: Progress, { type, actor, derived }: Told): OwnDraftRule | null {
  if (!drafters.includes(actor)) return null;
  if (type === 'publication.released') return 'released-own-draft';
  return type === 'application.replied' && derived.approval === null ? 'replied-own-draft' : null;
}

/** Acts by which somebody wrote a version. */
export const WRITING_ACTS: ReadonlySet<string> = new Set([
  'publication.drafted',
  'publication.revised',
  'publication.corrected',
  'application.reply-drafted',
  'application.reply-revised',
]);
