/** How forms print their tables: every value in one place, heads merged as the formats show them. */
import { cellsIn } from '../../src/statistics/form.js';
import { REGISTERED } from '../../src/statistics/forms/registry.js';
import type { LayoutBlock, LayoutCell } from '../../src/statistics/layout/layout.js';
import { layoutOf, titleLine } from '../../src/statistics/layout/layouts.js';
import { yearsOf } from '../support/form-checks.js';
import { gridOf } from '../support/layout-grid.js';

const YEARS = REGISTERED.flatMap((registered) => yearsOf(registered).map((year) => [registered.form.id, year, registered.form] as const));

const layout = (form: string, year: number): readonly LayoutBlock[] => layoutOf(form, year)?.blocks ?? [];

function block(form: string, year: number, section: string): LayoutBlock {
  const found = layout(form, year).find((one) => one.section === section);
  if (found === undefined) throw new Error(`form ${form} prints no block ${section}`);
  return found;
}

const said = (cell: LayoutCell | undefined): string =>
  cell === undefined ? '' : cell.kind === 'value' ? `[${cell.cell ?? ''}]` : cell.text;

/** Rows as lines: what begins in each, with what it covers where that is more than one place. */
const lines = ({ rows }: LayoutBlock): string[] =>
  rows.map((row) =>
    row.map((cell) => said(cell) + (cell.colspan * cell.rowspan > 1 ? ` ${cell.colspan}x${cell.rowspan}` : '')).join(' | '),
  );

describe.each(YEARS)('%s in %i', (id, year, form) => {
  test('prints every value once', () => {
    const places = layout(id, year).flatMap(({ rows }) => rows.flat().flatMap((cell) => (cell.kind === 'value' ? (cell.cell ?? []) : [])));
    expect(places.sort()).toEqual(
      cellsIn(form, year)
        .map(({ cell }) => cell)
        .sort(),
    );
  });

  test('fills each grid without overlap', () => {
    // Every place of a grid is covered by one cell, and widths add up.
    for (const one of layout(id, year)) {
      const grid = gridOf(one);
      expect(grid.map((row) => row.length)).toEqual(grid.map(() => one.widths.length));
      expect(grid.flat()).not.toContain(undefined);
      expect(one.widths.reduce((sum, width) => sum + width, 0)).toBeCloseTo(100);
    }
  });
});

test('Shandong indents by level', () => {
  const { rows, headRows } = block('2014-shandong', 2017, 'table');
  expect(headRows).toBe(1);
  expect(lines({ ...block('2014-shandong', 2017, 'table'), rows: rows.slice(0, 3) })).toEqual([
    '统计指标 | 单位 | 统计数',
    '一、主动公开情况 |  | []',
    '(一)主动公开政府信息数(不同渠道和方式公开相同信息计1条) | 条 | [1.1]',
  ]);
  expect(rows).toHaveLength(70);
  const indents = new Map(rows.map(([label, , value]) => [said(value), label?.indent]));
  expect(['1.1', '1.1.of1', '1.1.ref1', '1.2.1', '2.2.1.of1', '3.3.4.of1', '3.3.4.of2'].map((code) => indents.get(`[${code}]`))).toEqual([
    1, 2, 2, 2, 3, 3, 4,
  ]);
  const { notes, signatures } = layoutOf('2014-shandong', 2017) ?? {};
  expect(notes).toEqual(['注：各子栏目数总数要等于总栏目数量']);
  expect(signatures).toEqual(['单位负责人', '审核人', '填报人', '联系电话', '填报日期']);
});

test('Fujian prints two values', () => {
  expect(lines(block('2014-fujian', 2014, 'table')).slice(0, 3)).toEqual([
    '统计指标 | 单位 | 年度 | 历年累计',
    '主动公开文件数 | 条 | [1:year] | [1:cumulative]',
    '其中：1、政府网站公开数 | 条 | [1.1:year] | [1.1:cumulative]',
  ]);
});

test('part two of 2021 spans one table', () => {
  expect(lines(block('2021', 2021, '2'))).toEqual([
    '第二十条第（一）项 4x1',
    '信息内容 | 本年制发件数 | 本年废止件数 | 现行有效件数',
    '规章 | [2.1.1:made] | [2.1.1:repealed] | [2.1.1:in-force]',
    '行政规范性文件 | [2.1.2:made] | [2.1.2:repealed] | [2.1.2:in-force]',
    '第二十条第（五）项 4x1',
    '信息内容 | 本年处理决定数量 3x1',
    '行政许可 | [2.5.1:decisions] 3x1',
    '第二十条第（六）项 4x1',
    '信息内容 | 本年处理决定数量 3x1',
    '行政处罚 | [2.6.1:decisions] 3x1',
    '行政强制 | [2.6.2:decisions] 3x1',
    '第二十条第（八）项 4x1',
    '信息内容 | 本年收费金额（单位：万元） 3x1',
    '行政事业性收费 | [2.8.1:amount] 3x1',
  ]);
});

test('part two of 2019 has five items', () => {
  expect(lines(block('2019', 2019, '2'))).toEqual([
    '第二十条第（一）项 4x1',
    '信息内容 | 本年新制作数量 | 本年新公开数量 | 对外公开总数量',
    '规章 | [2.1.1:made] | [2.1.1:published] | [2.1.1:total-public]',
    '规范性文件 | [2.1.2:made] | [2.1.2:published] | [2.1.2:total-public]',
    '第二十条第（五）项 4x1',
    '信息内容 | 上一年项目数量 | 本年增/减 | 处理决定数量',
    '行政许可 | [2.5.1:items-last-year] | [2.5.1:change] | [2.5.1:decisions]',
    '其他对外管理服务事项 | [2.5.2:items-last-year] | [2.5.2:change] | [2.5.2:decisions]',
    '第二十条第（六）项 4x1',
    '信息内容 | 上一年项目数量 | 本年增/减 | 处理决定数量',
    '行政处罚 | [2.6.1:items-last-year] | [2.6.1:change] | [2.6.1:decisions]',
    '行政强制 | [2.6.2:items-last-year] | [2.6.2:change] | [2.6.2:decisions]',
    '第二十条第（八）项 4x1',
    '信息内容 | 上一年项目数量 | 本年增/减 2x1',
    '行政事业性收费 | [2.8.1:items-last-year] | [2.8.1:change] 2x1',
    '第二十条第（九）项 4x1',
    '信息内容 | 采购项目数量 | 采购总金额 2x1',
    '政府集中采购 | [2.9.1:purchases] | [2.9.1:amount] 2x1',
  ]);
});

test('part three has merged heads', () => {
  const three = block('2021', 2021, '3');
  expect([three.headRows, three.newPage]).toEqual([3, true]);
  expect(lines(three).slice(0, 3)).toEqual([
    '（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和） 3x3 | 申请人情况 7x1',
    '自然人 1x2 | 法人或其他组织 5x1 | 总计 1x2',
    '商业企业 | 科研机构 | 社会公益组织 | 法律服务机构 | 其他',
  ]);
});

/** What stands left of the values. */
const left = (one: LayoutBlock): string[] =>
  lines({ ...one, rows: one.rows.slice(one.headRows).map((row) => row.filter(({ kind }) => kind === 'head')) });

test('part three merges results by group', () => {
  const rows = left(block('2021', 2021, '3'));
  expect([...rows.slice(0, 6), ...rows.slice(-6)]).toEqual([
    '一、本年新收政府信息公开申请数量 3x1',
    '二、上年结转政府信息公开申请数量 3x1',
    '三、本年度办理结果 1x22 | （一）予以公开 2x1',
    '（二）部分公开（区分处理的，只计这一情形，不计其他情形） 2x1',
    '（三）不予公开 1x8 | 1.属于国家秘密',
    '2.其他法律行政法规禁止公开',
    '5.要求行政机关确认或重新出具已获取信息',
    '（六）其他处理 1x3 | 1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请',
    '2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请',
    '3.其他',
    '（七）总计 2x1',
    '四、结转下年度继续办理 3x1',
  ]);
  expect(left(block('2019', 2019, '3')).slice(-3)).toEqual(['（六）其他处理 2x1', '（七）总计 2x1', '四、结转下年度继续办理 3x1']);
});

test('part four is one line of fifteen', () => {
  const results = '结果维持 | 结果纠正 | 其他结果 | 尚未审结 | 总计';
  const [first, second, third, values] = lines(block('2021', 2021, '4'));
  expect([first, second, third]).toEqual([
    '行政复议 5x1 | 行政诉讼 10x1',
    `${results
      .split(' | ')
      .map((one) => `${one} 1x2`)
      .join(' | ')} | 未经复议直接起诉 5x1 | 复议后起诉 5x1`,
    `${results} | ${results}`,
  ]);
  expect(values?.split(' | ')).toHaveLength(15);
});

test('a report names its parts and agency', () => {
  const found = layoutOf('2019', 2020);
  if (found === undefined) throw new Error('the form of 2019 is held');
  expect(found.blocks.map(({ title }) => title)).toEqual([
    '二、主动公开政府信息情况',
    '三、收到和处理政府信息公开申请情况',
    '四、政府信息公开行政复议、行政诉讼情况',
  ]);
  expect(titleLine(found, '某局')).toBe('某局2020年度政府信息公开工作年度报告');
  expect(layoutOf('1999', 2020)).toBeUndefined();
});
