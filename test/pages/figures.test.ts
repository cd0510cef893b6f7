/** What pages say of figures: findings at their cells, labels, years side by side, times as people read them. */
import { textHashOf } from '../../src/domain/report/text.js';
import type { CaseList } from '../../src/read-models/cases/case-list.js';
import { labelOf } from '../../src/statistics/cell-label.js';
import type { Difference, Table } from '../../src/tables/table.js';
import { application, received, replied } from '../support/applications.js';
import { AGENCY, at, hashOf, message, registered } from '../support/messages.js';
import { PageClient } from '../support/page-client.js';
import { HOME, SECRET, startToLookAt } from '../support/pages-service.js';
import type { TestService } from '../support/service.js';
import { CHINESE_NUMBER, TABLE } from '../support/year.js';

let service: TestService;
let client: PageClient;

beforeAll(async () => {
  service = await startToLookAt();
  client = new PageClient(service);
  await client.signIn({ person: 'auditor' });
});

afterAll(() => service.finish());

const page = async (url: string): Promise<string> => {
  const { status, text } = await client.get(url);
  expect([url, status]).toEqual([url, 200]);
  return text;
};

/** As it stands in HTML. */
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

test('findings and their cells lead to each other', async () => {
  const { findings } = (await service.get(TABLE)).json<Table>();
  expect(findings.length).toBeGreaterThan(2);
  const text = await page(`${HOME}/tables/2017`);
  findings.forEach(({ cells }, at) => {
    expect(text).toContain(`<tr class="govuk-table__row" id="finding-${at + 1}">`);
    for (const cell of cells) expect(placeIn(text, cell)).toContain(`href="#finding-${at + 1}"`);
  });
  // Every link within the page has its end, and that once.
  const ends = [...text.matchAll(/ href="#([^"]+)"/g)].map(([, to = '']) => to);
  expect(ends.length).toBeGreaterThan(2 * findings.length);
  for (const end of ends) expect([end, text.split(` id="${end}"`).length - 1]).toEqual([end, 1]);
});

/** The cell of the printed form. */
function placeIn(text: string, cell: string): string {
  const from = text.indexOf(`<td id="at-${cell}"`);
  return from < 0 ? '' : text.slice(from, text.indexOf('</td>', from));
}

test('cells are named by their labels', async () => {
  const { changes } = (await service.get(`${TABLE}?view=difference`)).json<Difference>();
  expect(changes.length).toBeGreaterThan(0);
  for (const url of [HOME, `${HOME}/tables/2017`]) {
    const text = await page(url);
    for (const { cell } of changes) {
      const label = labelOf({ form: '2014-shandong', year: 2017 }, cell);
      expect(label).not.toBeNull();
      expect(text).toContain(`${escaped(label ?? '')}</a> <small class="app-code">${cell}</small>`);
    }
  }
});

test('a label has the head of its column', () => {
  expect(labelOf({ form: '2021', year: 2021 }, '3.1:business')).toBe('一、本年新收政府信息公开申请数量 · 商业企业');
  expect(labelOf({ form: '2021', year: 2021 }, 's.items')).toContain('主动公开政府信息数');
  // Nothing is said of a cell that the year does not print.
  expect(labelOf({ form: '2021', year: 2021 }, '99.1')).toBeNull();
  expect(labelOf({ form: 'none', year: 2021 }, '1.1')).toBeNull();
});

test('two years stand side by side', async () => {
  const text = await page(`${HOME}/tables/2018?compare=2017`);
  const row =
    /<tr class="govuk-table__row">((?:(?!<tr).)*?tables\/2018\/cells\/1\.1".*?)<\/tr>/.exec(text.slice(text.indexOf('年度对比: ')))?.[1] ??
    '';
  const values = row.split('</td>').map((cell) => cell.replaceAll(/<[^>]*>/g, ''));
  expect(values.slice(1, 4)).toEqual(['1', '4', '-3']);
  // In another form one code is another row.
  expect(await page(`${HOME}/tables/2018?compare=2019`)).toContain('两个年度的表式不同');
  expect((await client.get(`${HOME}/tables/2018?compare=none`)).status).toBe(400);
});

test('charts of applications have their numbers beside', async () => {
  const text = await page(`${HOME}/statistics/2021`);
  const charts = [...text.matchAll(/<svg class="app-chart"[^>]*aria-label="([^"]+)".*?<table.*?<\/table>/gs)];
  const byTitle = new Map(charts.map(([all, title = '']) => [title, all]));
  // Six kinds of applicants; the results of part three without their total. A bar and a row for each.
  for (const [title, count, cell] of [
    ['申请人类别', 6, '3.1%3Abusiness'],
    ['办理结果', 21, '3.3.1%3Atotal'],
  ] as const) {
    const chart = byTitle.get(title) ?? '';
    expect([title, chart.split('<rect').length - 1, chart.split('<tr').length - 2]).toEqual([title, count, count]);
    expect(chart).toContain(`/tables/2021/cells/${cell}"`);
  }
  // The form of that year has no such part.
  expect(await page(`${HOME}/statistics/2017`)).not.toContain('办理结果');
});

test('how long reviews waited is a chart', async () => {
  const text = await page(`${HOME}/statistics/2017?lang=en`);
  const [chart = ''] = /<svg class="app-chart"[^>]*aria-label="Days that review.*?<\/table>/s.exec(text) ?? [];
  const rows = [...chart.matchAll(/<tr[^>]*>(.*?)<\/tr>/gs)].map(([, row = '']) =>
    row.split('</td>').map((cell) => cell.replaceAll(/<[^>]*>/g, '')),
  );
  const summary = (await service.get(`/v1/agencies/${AGENCY}/review-summary/2017`)).json<{ reviewed: number }>();
  // In this year every step was done within a day, in some cases again; a bar for each span of days.
  expect(chart.split('<rect').length - 1).toBe(7);
  expect(rows.slice(1).map(([step, upToADay, more]) => [step, Number(upToADay) >= summary.reviewed, more])).toEqual([
    ['office', true, '0'],
    ['regulations', true, '0'],
    ['Sign-off', true, '0'],
  ]);
  await page(`${HOME}?lang=zh`);
});

test('an agency is found by its name', async () => {
  const { name } = (await service.get(`/v1/agencies/${AGENCY}`)).json<{ name: string }>();
  expect(await page(`/search?q=${encodeURIComponent(name.slice(1, 4))}`)).toContain(`<a href="${HOME}">${name}</a>`);
});

/** Cases that a search leads to, in their order. */
async function foundBy(q: string, more: Record<string, string> = {}): Promise<string[]> {
  const text = await page(`/search?${new URLSearchParams({ q, lang: 'en', ...more }).toString()}`);
  const found = [...text.matchAll(/<a href="\/agencies\/([^"]*)\/cases\/([^"]*)"/g)];
  expect([q, text.includes('Nothing was found')]).toEqual([q, found.length === 0]);
  return found.map(([, agency = '', of = '']) => `${agency} ${decodeURIComponent(of)}`);
}

describe('a case is found', () => {
  const [number, documentNumber] = ['nd-1', '测商发〔2018〕3号'];
  const issued = (agency: string, data: Record<string, string>) =>
    message('normative-document.issued', `normative-document/${number}`, at('2018-01-10'), 'clerk', data, { agency });

  beforeAll(async () => {
    await service.record(
      registered('neighbour'),
      issued(AGENCY, { documentNumber, title: '本县商务办法' }),
      issued('neighbour', { documentNumber: '邻商发〔2018〕4号', title: '邻县商务规定' }),
    );
    await service.settled();
  });

  test('by its number, with its kind or without', async () => {
    for (const asked of ['application/2017-1', '2017-1']) expect(await foundBy(asked)).toEqual([`${AGENCY} application/2017-1`]);
    expect(await foundBy(`publication/${CHINESE_NUMBER}`)).toEqual([`${AGENCY} publication/${CHINESE_NUMBER}`]);
  });

  test('by a part of its public title', async () => {
    expect(await foundBy('印发办法')).toEqual([`${AGENCY} publication/${CHINESE_NUMBER}`]);
    // The title of a draft is sealed.
    expect(await foundBy(SECRET)).toEqual([]);
  });

  test('by its document number', async () => {
    expect(await foundBy(documentNumber)).toEqual([`${AGENCY} normative-document/${number}`]);
  });

  test('in every agency, or in one', async () => {
    const both = [AGENCY, 'neighbour'].map((agency) => `${agency} normative-document/${number}`);
    expect((await foundBy(number)).sort()).toEqual([...both].sort());
    expect(await foundBy(number, { agency: 'neighbour' })).toEqual(both.slice(1));
    expect(await foundBy(number, { agency: 'nobody' })).toEqual([]);
  });

  test('by nothing that none of them has', async () => {
    for (const asked of ['没有这样的', '%', '_', "' OR 1=1 --", '*', '//', 'application/none', 'nd', documentNumber.slice(0, 3)])
      expect(await foundBy(asked)).toEqual([]);
  });
});

test('times are read by people', async () => {
  const trail = await page(`${HOME}/cases/publication/open`);
  const moment = '2017-12-20T09:00:00+08:00';
  expect(trail).toContain(`<time class="app-nowrap" datetime="${moment}" title="${moment}">2017-12-20 09:00</time>`);
  // No moment and no span of time stands in a page as programs write it.
  const plain = [
    trail,
    await page(`${HOME}/cases/publication/hostile`),
    await page(`${HOME}/reports/2017`),
    await page(`${HOME}/tables/2017`),
  ];
  for (const text of plain) expect(text.replaceAll(/<[^>]*>/g, '')).not.toMatch(/\d{4}-\d\d-\d\dT\d|\bPT?\d+[DHM]/);
});

test('days overdue have their unit', async () => {
  for (const [language, said] of [
    ['zh', /逾期 \d+ 个工作日</],
    ['en', /overdue by \d+ working days</],
  ] as const)
    for (const url of [HOME, `${HOME}/applications`]) expect(await page(`${url}?lang=${language}`)).toMatch(said);
});

test('a form with empty fields is answered', async () => {
  // A browser sends a field that nobody filled in too, and without script it cannot leave it out.
  await page(`${HOME}/tables/2017?view=live&compare=&asOf=`);
  expect(await page(`${HOME}/tables/2017?view=&compare=2017&asOf=`)).toBe(await page(`${HOME}/tables/2017?compare=2017`));
  expect(await page('/search?q=2017-1&agency=')).toContain(`${HOME}/cases/application/2017-1`);
  expect(await page('/search?q=%20')).not.toContain('/cases/');
  // What is given twice is refused as everywhere, and programs leave out what they do not ask for.
  expect((await client.get(`${HOME}/tables/2017?view=live&view=`)).status).toBe(400);
  expect((await service.get(`${TABLE}?view=`)).status).toBe(400);
});

test('whatever waits is on the home page', async () => {
  // Also a remedy that is not decided, and a report of which there is a text and no table yet.
  const text = { year: 2018, form: '2014-shandong', parts: { '1': '无。' } };
  await service.record(
    message('reconsideration.filed', 'reconsideration/waits', at('2018-05-01'), 'clerk'),
    message('report.text-drafted', 'report/2018', at('2019-01-20'), 'clerk', { ...text, textHash: textHashOf(text) }),
  );
  await service.settled();
  const home = await page(HOME);
  const { cases } = (await service.get(`/v1${HOME}/cases`)).json<CaseList>();
  const waiting = cases.filter(({ waitsFor }) => waitsFor.length > 0).map(({ case: name }) => name);
  expect(waiting).toEqual(expect.arrayContaining(['reconsideration/waits', 'report/2018']));
  for (const name of waiting) expect(home).toContain(`href="${HOME}/cases/${name}"`);
});

test('who drafts replies sees what was reopened', async () => {
  const subject = 'reconsideration/reopens';
  const contentHash = hashOf('reopened');
  const cleared = (actor: string, step: string, hour: number) =>
    message('application.cleared', 'application/reopened', at('2018-02-02', hour), actor, { step, verdict: 'passed', contentHash });
  await service.record(
    received('reopened', '2018-02-01'),
    application('reply-drafted', 'reopened', '2018-02-02', { outcome: 'granted', contentHash }),
    cleared('office', 'office', 10),
    cleared('lawyer', 'regulations', 11),
    message('application.approved', 'application/reopened', at('2018-02-02', 12), 'leader', { contentHash }),
    { ...replied('reopened', '2018-02-02'), data: { outcome: 'granted', contentHash } },
    message('reconsideration.filed', subject, at('2018-03-01'), 'clerk', { application: 'application/reopened' }),
  );
  await service.settled();
  expect(await page(HOME)).not.toContain(`${HOME}/cases/application/reopened"`);
  await service.record(message('reconsideration.decided', subject, at('2018-04-01'), 'clerk', { result: 'corrected' }));
  await service.settled();
  const clerk = new PageClient(service);
  await clerk.signIn({ person: 'clerk' });
  const home = (await clerk.get(`${HOME}?lang=en`)).text;
  expect(home).toMatch(/cases\/application\/reopened">[^]*?replied[^]*?reply drafted/);
  const listed = home.indexOf('cases/application/reopened"');
  expect(listed).toBeLessThan(home.indexOf('Waiting for others'));
  expect(home.indexOf('cases/application/reopened"', listed + 1)).toBe(-1);
});
