/**
 * Every rule that a finding of a table may name, how grave it is, and what it says; those that name cases are rows of
 * case-rules.ts. docs/contract/findings.md is printed from both.
 */
export type Severity = 'error' | 'warning' | 'info';

interface FindingRule {
  /** Most often the first; another one where the meaning says so. */
  readonly severity: Severity | readonly Severity[];
  readonly means: string;
}

export const FINDING_RULES = {
  sum: {
    severity: 'error',
    means: 'A total is not the sum of its parts. Blank parts are left out; a blank total, or all parts blank, is not looked at.',
  },
  'row-total': { severity: 'error', means: 'The total of a row is not the sum of its columns. Blanks as in `sum`.' },
  balance: { severity: 'error', means: 'Received and carried in (一 + 二) is not closed and carried over (三（七） + 四), in one column.' },
  'part-of': { severity: 'error', means: 'A part (其中) is more than the whole.' },
  'distinct-bound': {
    severity: ['error', 'warning'],
    means: 'Items counted once are more than all channels together; or, a warning on published tables, fewer than one channel.',
  },
  'not-a-number': { severity: 'error', means: 'A printed value is no number.' },
  remark: { severity: 'info', means: 'A number bears a remark in brackets, and is read as that number.' },
  'not-applicable': { severity: 'info', means: '`/`, `-`, `无` alone is read as a blank.' },
  'below-zero': { severity: 'error', means: 'A value is negative where none may be.' },
  'not-whole': { severity: 'error', means: 'A count of pieces has a fraction.' },
  'unknown-cell': { severity: 'info', means: 'A file has cells that its form lacks; one finding names them all.' },
  'other-agency': { severity: 'warning', means: 'The table of the year before is of another agency: rules between years are not applied.' },
  'roll-forward': {
    severity: ['error', 'warning'],
    means: 'A cell does not follow from the table of the year before. An error for applications and cumulative columns, else a warning.',
  },
  'blank-opening': { severity: 'warning', means: 'Carried in (上年结转) is blank, though the year before carried cases over.' },
  'pending-lost': {
    severity: 'error',
    means: 'A total is below what was pending the year before: cases got lost. On printed tables only.',
  },
  'stock-below-flow': {
    severity: 'warning',
    means: 'In force is less than made and not repealed, or public in total less than published this year.',
  },
  'items-below-zero': { severity: 'error', means: 'Items of the year before and their change are below zero.' },
  blank: { severity: 'warning', means: 'A total is blank over filled parts. No other rule that names it is applied.' },
  'other-law-result': { severity: 'info', means: 'Results under the other text of the regulation stand in a row of this form.' },
  'no-row-for-result': { severity: 'warning', means: 'Results for which this form has no row count as closed only.' },
  'late-reply': { severity: 'warning', means: 'Applications closed after the lawful end.' },
  'nothing-recorded': { severity: 'warning', means: 'Nothing is recorded of the year: its zeros are no count.' },
  'same-item': { severity: 'warning', means: 'Two released items have one content hash or document number.' },
  'joint-item': { severity: 'warning', means: 'Two members of a roll-up released items of one document number.' },
  'not-this-years-form': { severity: 'warning', means: 'The form is not that of the year.' },
  'paper-differs': { severity: 'warning', means: 'A cell declared from paper differs from what the acts count.' },
  'chain-changed': { severity: 'info', means: 'The clearance chain was changed in the year.' },
  'not-declared': { severity: 'info', means: 'A cell that is only declared was not declared.' },
} as const satisfies Readonly<Record<string, FindingRule>>;
