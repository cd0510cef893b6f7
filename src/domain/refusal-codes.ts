/** The stable codes of refusal: the only words other programs may branch on. Grouped as the README's table is. */
export const REFUSAL_CODES = [
  // the envelope
  'malformed',
  'not-cloudevents',
  'too-large',
  'unknown-type',
  'invalid-data',
  'unknown-field',
  'bad-subject',
  'bad-time',
  'in-the-future',
  'unknown-agency',
  'id-reused',
  'personal-data-in-identifier',
  'not-permitted',
  'attestation-required',
  // setting up
  'already-registered',
  'not-administrator',
  'self-assignment',
  'name-taken',
  'not-granted',
  'incomplete-chain',
  'unknown-parent',
  'unknown-form',
  'unknown-cell',
  'cell-not-declarable',
  // clearance
  'no-clearance-chain',
  'unknown-step',
  'missing-role',
  'drafter-cannot-clear',
  'same-person-twice',
  'step-missing',
  'approver-not-independent',
  'content-changed',
  'not-approved',
  'returned',
  'already-approved',
  'rejected',
  // cases
  'unknown-case',
  'already-exists',
  'already-released',
  'not-released',
  'channel-not-approved',
  'withdrawn',
  'out-of-order',
  'case-closed',
  'already-closed',
  'not-open',
  'wrong-law',
  'ground-required',
  'ground-not-allowed',
  'extension-too-late',
  'extension-too-long',
  'already-extended',
  'no-open-consultation',
  'no-open-supplement',
  'wrong-reference',
  // void and erasure
  'already-erased',
  'unknown-message',
  'already-voided',
  'not-voidable',
  'depended-upon',
  // report
  'open-error-finding',
  'table-hash-mismatch',
  'not-compiled',
  // the store: never kept, send again
  'conflict',
  'store-unavailable',
] as const;

export type RefusalCode = (typeof REFUSAL_CODES)[number];

/** Refusals that say nothing about the message itself: it is not kept, and may be sent again unchanged. */
export const TRANSIENT_CODES: ReadonlySet<RefusalCode> = new Set<RefusalCode>(['conflict', 'store-unavailable']);

/** Refusals that are answered and counted, never kept and never sent again: these are about who sends, not about the message. */
export const UNKEPT_CODES: ReadonlySet<RefusalCode> = new Set<RefusalCode>([...TRANSIENT_CODES, 'not-permitted', 'attestation-required']);
