/** Heads of every form of the registry: each over something, told apart, and no pack is another because of them. */
import { FORMS, headsOf } from '../../src/statistics/forms/registry.js';
import { columnsOf, sectionOf } from '../../src/statistics/heads.js';
import type { FormRow, MatrixRow } from '../../src/statistics/form.js';

const isMatrix = (row: FormRow): row is MatrixRow => 'columns' in row;

describe.each(FORMS.map((form) => [form.id, form] as const))('%s', (id, form) => {
  const heads = headsOf(id);
  const rows = form.rows.filter(isMatrix);

  test('sections have rows, labels and distinct columns', () => {
    // Every section has rows, every head a label, and no two columns of a section one label or key.
    for (const section of heads) {
      expect(rows.filter(({ code }) => sectionOf(heads, code) === section)).not.toEqual([]);
      for (const part of ['key', 'label'] as const) {
        const said = section.columns.map((head) => head[part]);
        expect(new Set(said).size).toBe(said.length);
        expect(said.filter((text) => text.trim() === '')).toEqual([]);
      }
      for (const code of Object.keys(section.before ?? {})) expect(rows.map((row) => row.code)).toContain(code);
    }
    expect(new Set(heads.map(({ section }) => section)).size).toBe(heads.length);
  });

  test('a group’s head stands over neighbouring columns', () => {
    // A head of a group stands over columns that stand together.
    for (const { columns } of heads) {
      const groups = columns.map(({ group }) => group).filter((group, at, all) => group !== undefined && all[at - 1] !== group);
      expect(new Set(groups).size).toBe(groups.length);
    }
  });

  test('the form itself names none', () => {
    // The form itself names none: it is what packs and reports are held against.
    const text = JSON.stringify(form);
    for (const { label } of columnsOf(heads).filter(({ label: of }) => of.length > 4)) expect(text).not.toContain(label);
  });
});
