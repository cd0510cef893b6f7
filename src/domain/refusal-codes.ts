/**
 * The stable codes of refusal: the only words other programs may branch on. Each with what it means and what helps;
 * docs/contract/refusals.md is printed from this table. A refusal itself says more: its message names the field, its
 * hint what would be right there.
 */
interface Meaning {
  /** What is wrong, in one line. */
  readonly means: string;
  /** What the sender does about it. */
  readonly helps: string;
}

export const REFUSALS = {
  // the envelope
  malformed: {
    means: 'No JSON in UTF-8, a name given twice in one object, a number that a double rounds, or nesting without end.',
    helps: 'Send one complete JSON object. Write long numbers as texts.',
  },
  'not-cloudevents': {
    means: 'An attribute of CloudEvents 1.0 is missing or is no text, or `id` or `source` holds characters that nobody sees.',
    helps: 'Give `specversion`, `id`, `source`, `type`, `subject`, `time`, `agency`, `actor` and `data`.',
  },
  'too-large': {
    means: 'The message has more than 256 KiB; or a table with its findings has more than an event holds.',
    helps: 'Send the hash of a document, never the document. Of a table, mend what its findings name.',
  },
  'unknown-type': { means: 'There is no such `type`.', helps: 'Take one of the types of messages.md.' },
  'invalid-data': {
    means: 'A field breaks its rule: its form, its length, its spelling, or a value that the case does not allow.',
    helps: '`details.problems` names each field. Correct them all at once.',
  },
  'unknown-field': {
    means: 'The envelope or `data` has a field that the type does not know.',
    helps: 'Leave it out: what the ledger does not know it cannot count.',
  },
  'bad-subject': {
    means: '`subject` is no `kind/number`, or the act does not belong to a case of that kind.',
    helps: 'Name the case the act belongs to. The kind is the first part of the type.',
  },
  'bad-time': {
    means: '`time` is no RFC 3339 date-time with an offset that exists, or is before 1900.',
    helps: 'Write it like `2017-03-02T09:00:00+08:00`.',
  },
  'in-the-future': {
    means: '`time` is more than five minutes ahead of the clock of the ledger.',
    helps: 'Send the act when it has happened, or correct its time.',
  },
  'unknown-agency': { means: 'The agency is not registered.', helps: 'Send `agency.registered` first, or correct the code.' },
  'id-reused': {
    means: 'A message of this `source` and `id` was recorded with other content.',
    helps: 'Give a new message an `id` of its own. `details.fields` names what differs.',
  },
  'personal-data-in-identifier': {
    means: '`id`, `subject`, `source` or `actor` holds what reads as a citizen identity number.',
    helps: 'Use a number or name of your own: these are public and can never be erased.',
  },
  'not-permitted': { means: 'The caller may not record this.', helps: 'Ask for the permission that the message names.' },
  // setting up
  'already-registered': { means: 'The agency is registered already.', helps: 'Use `agency.changed`.' },
  'not-administrator': {
    means: 'The actor is no administrator of the agency on that day, or the agency would be left without one.',
    helps: 'Let an administrator act. Assign another one before the last one ends.',
  },
  'self-assignment': { means: 'Nobody assigns a role to himself.', helps: 'Let another administrator assign it.' },
  'incomplete-chain': {
    means: 'Steps are given without an approver or an approver without steps, or two steps have one name.',
    helps: 'Give both, or neither for an explicitly empty chain.',
  },
  'unknown-parent': {
    means: 'The parent is not registered, or is the agency itself or one below it.',
    helps: 'Name a registered agency above this one.',
  },
  'unknown-form': { means: 'There is no such form.', helps: 'Take one of the forms of forms.md.' },
  'unknown-cell': { means: 'The form prints no value in this cell for the year.', helps: 'Name cells as the table prints them.' },
  'cell-not-declarable': {
    means: 'The cell is counted or computed, never declared.',
    helps: 'Record the acts it counts.',
  },
  // clearance
  'no-clearance-chain': {
    means: 'The agency had no clearance chain at the time of the act.',
    helps: 'Let an administrator set one; an explicitly empty one lets acts pass, shown as not reviewed.',
  },
  'unknown-step': { means: 'The chain in force has no such step.', helps: '`details.steps` has its steps.' },
  'missing-role': { means: 'The actor, or the approver named, does not hold the role that day.', helps: 'Let an administrator assign it.' },
  'drafter-cannot-clear': {
    means: 'The actor drafted, revised or compiled a version of the case.',
    helps: 'Let somebody clear it who wrote none.',
  },
  'same-person-twice': { means: 'The actor passed another step of this round.', helps: 'Each step is passed by another person.' },
  'step-missing': { means: 'A step of the chain has not passed this version.', helps: '`details.missing` names the steps that are open.' },
  'approver-not-independent': {
    means: 'The approver wrote or cleared what is approved, or is the one who voids, erases, or whose act is voided.',
    helps: 'Let another holder of the role approve.',
  },
  'content-changed': {
    means: 'The hash, or the answer, is not that of the version under review.',
    helps: 'Send a revision first, or the hash that was reviewed.',
  },
  'not-approved': {
    means: 'The version that stands is not approved, or the item is not meant for release.',
    helps: 'Let every step clear it and the approver approve it.',
  },
  returned: { means: 'A step returned this version.', helps: 'Send a new version; a publication may be rejected as well.' },
  'already-approved': { means: 'This version is approved already.', helps: 'A revision opens a new round.' },
  rejected: { means: 'The publication was rejected.', helps: 'Draft it again under another number.' },
  // cases
  'unknown-case': { means: 'Nothing is recorded under this subject.', helps: 'Send the act that begins the case, or correct the subject.' },
  'already-exists': { means: 'The case holds such an act already.', helps: 'Use another number, or void the recorded act.' },
  'already-released': {
    means: 'It is released on this channel, or published, already.',
    helps: 'A change is a correction; a published table is restated.',
  },
  'not-released': { means: 'The item is not released, or not on this channel.', helps: 'Release it first.' },
  'channel-not-approved': { means: 'The approval names channels, and not this one.', helps: 'Release on an approved channel.' },
  withdrawn: { means: 'The item was withdrawn.', helps: 'Draft it again under another number.' },
  'out-of-order': {
    means: 'The act is dated before one it depends on, or needs one that is missing.',
    helps: 'Correct its time, or record the earlier act first.',
  },
  'case-closed': {
    means: 'The act is dated before the close of the case and arrives after it.',
    helps: 'Void the close, record the act, close again.',
  },
  'already-closed': { means: 'The case is closed or decided already.', helps: 'Void the close first if it was wrong.' },
  'not-open': { means: 'The act needs an open case, and the case was closed before it.', helps: 'Correct its time, or void the close.' },
  'wrong-law': {
    means: 'The outcome or ground belongs to the other text of the regulation.',
    helps: 'Use the outcomes of the text the application is under.',
  },
  'ground-required': { means: 'This outcome needs a ground.', helps: '`details.grounds` has those it may have.' },
  'ground-not-allowed': { means: 'This outcome has no such ground.', helps: 'Leave the ground out, or correct the outcome.' },
  'extension-too-late': {
    means: 'The extension is dated after the ordinary end.',
    helps: 'Extend before the ordinary end; a late reply is shown as late.',
  },
  'extension-too-long': { means: 'More working days than the law allows.', helps: 'At most 15 (text of 2008) or 20 (text of 2019).' },
  'already-extended': { means: 'The application was extended before.', helps: 'Void the extension first; the law allows one.' },
  'no-open-consultation': { means: 'No third party is being consulted.', helps: 'Record the consultation first.' },
  'no-open-supplement': { means: 'No supplement is being awaited.', helps: 'Record the request for one first.' },
  'wrong-reference': {
    means: 'The case that the message refers to is not there, or is not of the kind that is needed.',
    helps: 'Name a recorded case of the same agency.',
  },
  // void and erasure
  'already-erased': { means: 'The sealed texts of the case were erased.', helps: 'It takes only voids: open another case.' },
  'unknown-message': { means: 'The case holds no message of that source and id.', helps: 'Name one recorded under the same subject.' },
  'already-voided': { means: 'The act was taken back already.', helps: 'To undo a void send the act again under a new id.' },
  'not-voidable': {
    means: 'Acts of this type cannot be taken back.',
    helps: 'Record the act that corrects it: a change, an end, a restatement.',
  },
  'depended-upon': { means: 'A later act rests on it.', helps: 'Void the later act first; `details` names it.' },
  // report
  'open-error-finding': {
    means: 'The table has errors that the compilation does not accept.',
    helps: 'Correct what they rest on, or accept each with a reason.',
  },
  'table-hash-mismatch': { means: 'The hash is not that of the table.', helps: '`details.expected` has it.' },
  'not-compiled': { means: 'No table is compiled on this report.', helps: 'Send `report.compiled` first.' },
  // the store: never kept, send again
  conflict: { means: 'Others kept writing to the case at the same time.', helps: 'Send the same message again.' },
  'store-unavailable': {
    means: 'The store cannot be reached or written.',
    helps: 'Send the same message again: it will not count twice.',
  },
} as const satisfies Readonly<Record<string, Meaning>>;

export type RefusalCode = keyof typeof REFUSALS;

function isRefusalCode(code: string): code is RefusalCode {
  return Object.hasOwn(REFUSALS, code);
}

export const REFUSAL_CODES: readonly RefusalCode[] = Object.keys(REFUSALS).filter(isRefusalCode);

/** Refusals that say nothing about the message itself: it is not kept, and may be sent again unchanged. */
export const TRANSIENT_CODES: ReadonlySet<RefusalCode> = new Set<RefusalCode>(['conflict', 'store-unavailable']);
