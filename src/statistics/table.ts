/** From sums to a yearly table: values as the form prints them, the form's rules checked, findings beside the figures. Pure. */
import { formatDecimal } from '../domain/values.js';
import { check, type Finding, type RuleName, type Severity } from './checks.js';
import { selects, serves, type CellSource, type Form, type FormRow } from './form.js';
import type { Declaration } from './measures.js';

/** Contributions of one agency and year added up by measure and dimensions. */
export interface Sum {
  readonly measure: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly amount: number;
}

/** What a table is made of, as of one moment of the log. */
export interface TableFacts {
  readonly sums: readonly Sum[];
  readonly declarations: readonly Pick<Declaration, 'cell' | 'value'>[];
  /** Cases with an act of the year that went out without review. */
  readonly withoutReview: readonly string[];
  /** Changes of the clearance chain dated in the year. */
  readonly chainChanges: readonly { readonly at: string; readonly recordedAt: string }[];
  /** Cases signed in the year by somebody whose role was later ended with an earlier date. */
  readonly signedWithoutRole: readonly string[];
  /** Groups of items of the year, or with one of the year, released with the same hash or document number. */
  readonly sameItems: readonly (readonly string[])[];
  /** Cases of the year with a message whose source and id another case had used before. */
  readonly reusedIds: readonly string[];
}

export type Basis = 'counted' | 'declared' | 'paper' | 'computed' | null;

export interface TableRow {
  readonly code: string;
  readonly label: string;
  readonly unit: string | null;
  /** As the form prints it; null for a heading and for a declarable cell nothing was declared for. */
  readonly value: string | null;
  readonly basis: Basis;
}

export interface ComputedTable {
  readonly rows: readonly TableRow[];
  readonly findings: readonly Finding[];
}

export function computeTable(form: Form, year: number, facts: TableFacts): ComputedTable {
  const values = new Map<string, string | null>();
  const declared = new Map(facts.declarations.map(({ cell, value }) => [cell, value]));
  const valueOf = (code: string): string | null => {
    const known = values.get(code);
    if (known !== undefined) return known;
    const row = form.rows.find((candidate) => candidate.code === code);
    const value = row?.source == null ? null : evaluate(row, row.source, facts.sums, declared, valueOf);
    values.set(code, value);
    return value;
  };
  const rows = form.rows.map((row): TableRow => {
    return { code: row.code, label: row.label, unit: row.unit, value: valueOf(row.code), basis: row.source?.basis ?? null };
  });
  return { rows, findings: [...check(form.rules, Object.fromEntries(values), false), ...noted(form, year, rows, facts)] };
}

function evaluate(
  row: FormRow,
  source: CellSource,
  sums: readonly Sum[],
  declared: ReadonlyMap<string, string | null>,
  valueOf: (code: string) => string | null,
): string | null {
  switch (source.basis) {
    case 'counted': {
      const total = sums.reduce(
        (sum, { measure, dimensions, amount }) => (selects(source.select, measure, dimensions) ? sum + amount : sum),
        0,
      );
      return formatDecimal(BigInt(total), row.scale);
    }
    case 'declared':
      return declared.get(row.code) ?? null;
    case 'computed': {
      const parts = source.sumOf.map(valueOf).filter((value) => value !== null);
      if (parts.length === 0) return null;
      return formatDecimal(
        parts.reduce((sum, value) => sum + toUnits(value, row.scale), 0n),
        row.scale,
      );
    }
  }
}

/** A printed value in units of 10^-scale; the values added here were printed by this program or checked when they were declared. */
function toUnits(value: string, scale: number): bigint {
  const [whole = '', fraction = ''] = value.split('.');
  return BigInt(whole + fraction.padEnd(scale, '0').slice(0, scale));
}

/** What the reader must know beside the figures, in a fixed order. */
function noted(form: Form, year: number, rows: readonly TableRow[], facts: TableFacts): Finding[] {
  const findings: Finding[] = [];
  const say = (rule: RuleName, severity: Severity, message: string, cases?: readonly string[], cells: readonly string[] = []): void => {
    findings.push({ rule, severity, cells, left: null, right: null, message, ...(cases === undefined ? {} : { cases }) });
  };
  if (!serves(form, year))
    say('not-this-years-form', 'warning', `${form.id} 不是 ${year} 年度适用的表式 (not the form in force for ${year})`);
  for (const row of rows) {
    if (row.basis === 'declared' && row.value === null) {
      say('not-declared', 'info', `${row.code} ${row.label} 未填报 (nothing declared)`, undefined, [row.code]);
    }
  }
  for (const cases of facts.sameItems)
    say(
      'same-item',
      'warning',
      `内容或文号相同的多条信息 (items with the same content hash or document number): ${cases.join(', ')}`,
      cases,
    );
  if (facts.signedWithoutRole.length > 0) {
    say(
      'signed-without-role',
      'warning',
      '签批人的职责事后被终止于签批日之前 (signed by somebody whose role ended earlier)',
      facts.signedWithoutRole,
    );
  }
  if (facts.reusedIds.length > 0)
    say(
      'id-reused-across-cases',
      'warning',
      '同一报文编号用于多个事项, 后者不计 (a message id used in two cases; the later one counts nothing)',
      facts.reusedIds,
    );
  if (facts.withoutReview.length > 0) say('without-review', 'info', '未经审查即公开 (released without review)', facts.withoutReview);
  for (const { at, recordedAt } of facts.chainChanges)
    say('chain-changed', 'info', `审查审批链条变更于 ${at}, 记录于 ${recordedAt} (clearance chain changed; recorded)`);
  return findings;
}
