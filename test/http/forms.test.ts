/** Forms over HTTP: what a program needs to draw a table or to read one. */
import type { FormDescription, Forms } from '../../src/tables/forms.query.js';
import { FORMS } from '../../src/statistics/forms/registry.js';
import { cellsOf } from '../../src/statistics/form.js';
import { expectProblem, startService, type TestService } from '../support/service.js';

let service: TestService;

beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.finish());

test('every form with its years', async () => {
  const { forms } = (await service.get('/v1/forms')).json<Forms>();
  expect(forms).toContainEqual({ form: '2014-shandong', label: '政府信息公开工作情况统计表', years: { from: 2014, to: 2018 } });
  expect(forms).toContainEqual(expect.objectContaining({ form: '2021', years: { from: 2021, to: null } }));
  expect(forms).toHaveLength(FORMS.length);
});

test.each(FORMS.map((form) => [form.id, form] as const))('cells of form %s follow from it', async (id, form) => {
  // Cells are code:column, or the code of a row that is no heading: exactly those of the form.
  const found = (await service.get(`/v1/forms/${id}`)).json<FormDescription>();
  const cells = found.rows.flatMap(({ code, columns, heading }) =>
    columns.length > 0 ? columns.map((column) => `${code}:${column}`) : heading === true ? [] : [code],
  );
  expect(cells).toEqual(form.rows.flatMap(cellsOf).map(({ cell }) => cell));
  expect(found.rows.map(({ label }) => label)).toEqual(form.rows.map(({ label }) => label));
  const named = new Set(found.columns.map(({ section, key }) => `${section} ${key}`));
  for (const { section, columns } of found.rows) for (const column of columns) expect(named).toContain(`${section ?? ''} ${column}`);
  expect(found.rules).toContainEqual({ rule: form.rules[0]?.rule, severity: expect.stringMatching(/^(error|warning|info)$/) as unknown });
});

test('an unknown form is 404', async () => {
  const { hint } = expectProblem(await service.get('/v1/forms/2020'), 404, 'unknown-form');
  expect(hint).toContain('2021');
});
