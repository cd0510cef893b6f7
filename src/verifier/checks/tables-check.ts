/** Tables: each is what its hash says, and every cell is what the second calculator finds in the events. */
import { canonicalJson } from '../../encoding/canonical-json.js';
import { messageOf } from '../../encoding/unknown-values.js';
import type { Calculator } from '../calculator/calculator.js';
import { compareTable, differing, type Difference } from '../calculator/compare.js';
import { rollUp } from '../calculator/roll-up.js';
import type { Findings } from '../findings.js';
import { strangeRows, unitOfCell, type FormRows } from '../format/form-rows.js';
import { isKnownPolicy, KNOWN_CALENDARS } from '../known.js';
import { TABLE_VIEWS, type PackHead, type TableView } from '../format/layout.js';
import { readTable, type PrintedMember, type PrintedRow, type PrintedTable } from '../format/printed-table.js';

/** As a table names its time of recording. */
const SHANGHAI_MS = 8 * 60 * 60 * 1000;

export interface TablesParts {
  readonly findings: Findings;
  readonly calculator: Calculator | null;
  /** The forms in the pack, by id. */
  readonly forms: ReadonlyMap<string, FormRows>;
}

export class TablesCheck {
  readonly #parts: TablesParts;
  /** Cells compared with the second calculator, and tables by view. */
  cells = 0;
  readonly tables: Record<TableView, number> = { live: 0, paper: 0, published: 0 };

  constructor(parts: TablesParts) {
    this.#parts = parts;
  }

  /**
   * Its hash, its form and its cells; what is asked of all tables. `view` is what it is recomputed as. `whole` false:
   * it is a roll-up whose members the pack lacks, and not recomputed.
   */
  content(table: PrintedTable, where: string, whole = true): void {
    const { findings, forms } = this.#parts;
    if (table.computedHash !== table.hash)
      findings.error('table-hash', where, '表的散列与内容不符 (the hash of the table is not that of its content)');
    if (!isKnownPolicy(table.policy) || !Object.hasOwn(KNOWN_CALENDARS, table.calendar))
      findings.error('policy-unknown', where, `表所称规则或日历未知 (no such rules or calendars: ${table.policy}, ${table.calendar})`);
    const form = forms.get(table.form);
    if (form === undefined) {
      findings.error('form-unknown', where, `未知表式 (no form ${table.form} in the pack)`);
      return;
    }
    if (table.members !== null) {
      this.#rollUp(table, form, whole ? this.#parts.calculator : null, where);
      return;
    }
    this.#rows(table, form, () => table.view === 'paper', where);
    const { calculator } = this.#parts;
    if (calculator !== null) this.#recompute(table, where, () => compareTable(calculator, table));
  }

  #rows(table: PrintedTable, form: FormRows, isPaper: (row: PrintedRow) => boolean, where: string): void {
    const strange = strangeRows(form, table.year, table.rows, isPaper);
    if (strange.length > 0)
      this.#parts.findings.error(
        'row-differs',
        where,
        `行的次序, 名称, 单位或依据与表式不符 (rows that are not those of the form: ${strange.join(', ')})`,
      );
  }

  /** Without the calculator what is printed of members is believed: which rows of them are from paper too. */
  #rollUp(table: PrintedTable, form: FormRows, calculator: Calculator | null, where: string): void {
    if (calculator === null) {
      this.#rows(table, form, ({ basis }) => basis === 'paper', where);
      return;
    }
    const { agency, year, asOf } = table;
    this.#recompute(table, where, () => {
      const unitOf = (cell: string): ReturnType<typeof unitOfCell> => unitOfCell(form, year, cell);
      const sum = rollUp(calculator, { agency, year, form: table.form, at: asOf.index, unitOf });
      this.#rows(table, form, ({ code }) => [...sum.onPaper].some((cell) => cell === code || cell.startsWith(`${code}:`)), where);
      this.#members(table, sum.members, where);
      return differing(table, sum.cells);
    });
  }

  #members(table: PrintedTable, members: readonly PrintedMember[], where: string): void {
    const said = table.members ?? [];
    const isPartial = members.some(({ status }) => status === 'missing');
    const isSame = canonicalJson(said) === canonicalJson(members);
    if (isSame && table.rows.every(({ basis, partial }) => (partial === true) === (isPartial && basis !== null))) return;
    const { findings } = this.#parts;
    findings.error('members-differ', where, '汇总单位与账本不符 (the agencies it adds up, or which of them are missing, are others)');
  }

  #recompute(table: PrintedTable, where: string, compare: () => readonly Difference[]): void {
    const { findings } = this.#parts;
    let differences: readonly Difference[];
    try {
      differences = compare();
    } catch (error) {
      findings.error('table-not-recomputed', where, `无法重算 (cannot be recomputed): ${messageOf(error)}`);
      return;
    }
    this.cells += table.rows.reduce((sum, { cells }) => sum + (cells === undefined ? 1 : Object.keys(cells).length), 0);
    for (const { cell, printed, recomputed } of differences)
      findings.error(
        'cell-differs',
        `${where} ${cell}`,
        `表中为 ${say(printed)}, 重算为 ${say(recomputed)} (printed ${say(printed)}, recomputed ${say(recomputed)})`,
      );
  }

  /** A member under `tables/`; null where it is no table. */
  member(
    name: string,
    text: string,
    { size, policy, calendar }: Pick<PackHead, 'size' | 'policy' | 'calendar'>,
    latest: number,
  ): { readonly table: PrintedTable; readonly view: TableView } | null {
    const { findings } = this.#parts;
    const [, agency, year, file] = /^tables\/([a-z0-9-]{1,40})\/(\d{4})\/([a-z]+)\.json$/.exec(name) ?? [];
    const view = TABLE_VIEWS.find((known) => known === file);
    if (view === undefined) {
      findings.error('member-unknown', name, '包中不应有此文件 (no member of a pack is named so)');
      return null;
    }
    let table: PrintedTable;
    try {
      const value: unknown = JSON.parse(text);
      if (canonicalJson(value) !== text) throw new Error('not in canonical form');
      table = readTable(value);
    } catch (error) {
      findings.error('table-form', name, `不是统计表 (no table): ${messageOf(error)}`);
      return null;
    }
    this.tables[view] += 1;
    if (table.agency !== agency || String(table.year) !== year)
      findings.error('table-form', name, '表与文件名不符 (the table is of another agency or year)');
    if (table.hasPosition)
      findings.error('table-form', name, '表带有存储位置 (asOf says a position, which is of one store and under no hash)');
    if (table.view !== view) findings.error('table-form', name, `视图应为 ${view} (the view is ${table.view})`);
    if (view === 'published') return { table, view };
    if (table.policy !== policy || table.calendar !== calendar)
      findings.error('policy-unknown', name, '表的规则或日历不是包的 (not by the rules and calendars of the pack)');
    if (table.asOf.index !== size - 1)
      findings.error('table-as-of', name, `表应截至事件 ${size - 1} (as of event ${table.asOf.index}, the pack ends with ${size - 1})`);
    if (table.asOf.recordedAt !== formatTime(latest))
      findings.error('table-as-of', name, '表的时间与账本不符 (the time of the table is not that of its last event)');
    this.content(table, name);
    return { table, view };
  }
}

function say(value: string | null | undefined): string {
  return value === undefined ? '无 (no such cell)' : value === null ? '空 (blank)' : value;
}

function formatTime(time: number): string {
  return Number.isFinite(time) ? `${new Date(time + SHANGHAI_MS).toISOString().slice(0, -1)}+08:00` : '';
}
