/** The layout of each form that this program holds, made of its rows and heads. */
import { rowsOf, type Form, type FormRow, type MatrixRow } from '../form.js';
import { findForm, headsOf } from '../forms/registry.js';
import { WHOLE, type SectionHeads } from '../heads.js';
import { partFour, partThree, partTwo, sectionsOf, type Section } from './annual-report.js';
import type { LayoutBlock, TableLayout } from './layout.js';
import { oneTable } from './one-table.js';

/** At the foot of the forms of 2014. */
const NOTE_2014 = '注：各子栏目数总数要等于总栏目数量';
const SIGNATURES_2014 = ['单位负责人', '审核人', '填报人', '联系电话', '填报日期'] as const;

/** How the form prints its table in a year; undefined for a form that this program does not hold. */
export function layoutOf(id: string, year: number): TableLayout | undefined {
  const form = findForm(id);
  return form === undefined ? undefined : layoutOfForm(form, headsOf(id), year);
}

/** The line over the table: name of the agency, year, what the table is called. */
export function titleLine({ year, title }: TableLayout, agencyName: string): string {
  return `${agencyName}${year}年度${title}`;
}

function layoutOfForm(form: Form, heads: readonly SectionHeads[], year: number): TableLayout {
  const rows = rowsOf(form, year);
  const whole = heads.find(({ section }) => section === WHOLE);
  const isOneTable = heads.length === 0 || whole !== undefined;
  // The bracket behind a title says which version of the format it is, and is not printed.
  const title = form.title.replace(/（[^）]*）$/, '');
  return {
    form: form.id,
    year,
    title,
    blocks: isOneTable ? [oneTable(rows, whole?.columns)] : partsOf(sectionsOf(heads, rows.filter(isMatrix))),
    notes: heads.length === 0 ? [NOTE_2014] : [],
    signatures: isOneTable ? SIGNATURES_2014 : [],
  };
}

function isMatrix(row: FormRow): row is MatrixRow {
  return 'columns' in row;
}

function partsOf(sections: readonly Section[]): LayoutBlock[] {
  const second = sections.filter(({ heads }) => heads.section.startsWith('2.'));
  const rest = sections.filter((section) => !second.includes(section));
  return [
    ...(second.length === 0 ? [] : [partTwo(second)]),
    ...rest.map((section) => (section.heads.section === '4' ? partFour(section) : partThree(section))),
  ];
}
