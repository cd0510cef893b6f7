/** `disclosure check` as a process: exit codes, what is on stdout, refusals without a stack trace. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fixture, FIXTURES } from '../support/tables.js';

const root = join(__dirname, '../..');
const file = (id: string): string => join(FIXTURES, `${id}.json`);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'disclosure-check-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const env = { ...process.env, DISCLOSURE_DATA: join(folder, 'no-ledger'), EVENTSTOREDB_URL: '' };
  const { status, stdout, stderr } = spawnSync(process.execPath, ['bin/disclosure.js', 'check', ...args], {
    cwd: root,
    encoding: 'utf8',
    env,
  });
  expect(stderr).not.toMatch(/\n\s+at /);
  return { status, stdout, stderr };
}

interface Answer {
  readonly findings: readonly {
    readonly file: string;
    readonly rule: string;
    readonly severity: string;
    readonly cells: readonly string[];
  }[];
}
const json = (stdout: string): Answer => JSON.parse(stdout) as Answer;

function write(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

test('correct tables: exit 0, no findings', () => {
  const { status, stdout } = run(file('pingtan-2019'), file('pingtan-2021'), file('jinxiang-commerce-2017'), '--json');
  expect(status).toBe(0);
  expect(json(stdout)).toEqual({ findings: [] });
});

test('a broken cumulative column exits 1, file named', () => {
  // A broken cumulative column: exit 1, each finding with its file.
  const { status, stdout } = run(file('pingtan-2016'), '--previous', file('pingtan-2015'), '--json');
  expect(status).toBe(1);
  expect(json(stdout).findings.map(({ file: named, rule, severity, cells }) => [named, rule, severity, cells[0]])).toEqual([
    [file('pingtan-2016'), 'roll-forward', 'error', '2:cumulative'],
    [file('pingtan-2016'), 'roll-forward', 'error', '3:cumulative'],
  ]);
  const text = run(file('pingtan-2016'), '--previous', file('pingtan-2015'));
  expect(text.status).toBe(1);
  expect(text.stdout).toContain('✗ 错误 roll-forward: 2 历年累计');
  expect(text.stdout).not.toContain('cumulative');
});

test('only --previous makes another file last year’s', () => {
  // Files beside each other are not each other’s last year; --previous is, and may be given for several.
  expect(run(file('pingtan-2016'), file('pingtan-2017'), '--json').status).toBe(0);
  const { status, stdout } = run(
    ...[file('pingtan-2016'), file('pingtan-2017'), '--json'],
    ...['--previous', file('pingtan-2015'), '--previous', file('pingtan-2016')],
  );
  expect(status).toBe(1);
  expect(json(stdout).findings.map(({ file: named, cells }) => [named, cells[0]])).toEqual([
    [file('pingtan-2016'), '2:cumulative'],
    [file('pingtan-2016'), '3:cumulative'],
    [file('pingtan-2017'), '1:cumulative'],
  ]);
});

test('a previous table of another year is unused', () => {
  // A previous table of another year is reported as unused.
  const { status, stderr } = run(file('pingtan-2017'), '--previous', file('pingtan-2014'));
  expect(status).toBe(0);
  expect(stderr).toContain('not the year before any table checked');
});

test('a previous table of another agency is named', () => {
  // A previous table of another agency is named, and its rules
  // between years are not applied; each file has its own agency’s.
  const table = (name: string, agency: string | undefined, year: number, opening: string, closing: string): string =>
    write(name, {
      ...(agency === undefined ? {} : { agency }),
      ...{ year, form: '2021', note: '抄自网页', previous: 'none.json' },
      cells: { '3.2:business': opening, '3.4:business': closing, '3.1:totl': '5' },
    });
  const [oldA, oldB] = [table('a-2022.json', '甲局', 2022, '0', '3'), table('b-2022.json', '乙局', 2022, '0', '4')];
  const [newA, newB] = [table('a-2023.json', '甲局', 2023, '3', '0'), table('b-2023.json', ' 乙局', 2023, '9', '0')];
  const rules = (...args: string[]): string[][] =>
    json(run(...args, '--json').stdout)
      .findings.filter(({ rule }) => rule !== 'unknown-cell' && rule !== 'blank')
      .map(({ file: named, rule, severity, cells }) => [named, severity, rule, ...cells]);
  expect(rules(newA, newB, '--previous', oldB, '--previous', oldA)).toEqual([
    [newB, 'error', 'roll-forward', '3.2:business', '3.4:business'],
  ]);
  expect(rules(newB, '--previous', oldA)).toEqual([[newB, 'warning', 'other-agency']]);
  // The other's table is last year's of the other: this one has none.
  expect(rules(newA, newB, '--previous', oldA)).toEqual([]);
  expect(rules(table('c-2023.json', undefined, 2023, '9', '0'), '--previous', oldA)).toMatchObject([
    [expect.anything(), 'error', 'roll-forward', '3.2:business', '3.4:business'],
  ]);
});

test('unknown cells are one finding per file', () => {
  // Cells that the form lacks are one finding, no error, of each file.
  const odd = write('odd.json', {
    agency: '甲局',
    year: 2024,
    form: '2021',
    cells: { '3.1:totl': '5', '2.1.3:made': null, '3.1:total': '5' },
  });
  const { status, stdout } = run(odd, file('pingtan-2021'), '--json');
  expect(status).toBe(0);
  expect(json(stdout).findings).toMatchObject([{ file: odd, rule: 'unknown-cell', severity: 'info', cells: ['3.1:totl', '2.1.3:made'] }]);
});

test('warnings alone are exit 0', () => {
  const blank = write('blank.json', { ...fixture('pingtan-2021'), cells: { ...fixture('pingtan-2021').cells, '3.1:total': null } });
  const { status, stdout } = run(blank, '--json');
  expect(status).toBe(0);
  expect(json(stdout).findings).toMatchObject([{ file: blank, rule: 'blank', severity: 'warning', left: null, right: '70' }]);
});

test.each([
  ['no JSON', '{"year": 2019,', 'not-json'],
  ['an array', [], 'not-a-table'],
  ['no cells', { agency: 'a', year: 2019, form: '2019' }, 'not-a-table'],
  ['cells in an array', { year: 2019, form: '2019', cells: ['1'] }, 'not-a-table'],
  ['a year in words', { year: '二〇一九', form: '2019', cells: {} }, 'not-a-table'],
  ['no form', { year: 2019, cells: {} }, 'not-a-table'],
  ['an unknown form', { year: 2019, form: '2020', cells: {} }, 'unknown-form'],
])('%s is refused: exit 1, the file named', (_, content, code) => {
  const path = write('refused.json', content);
  const { status, stdout, stderr } = run(path, '--json');
  expect(status).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ error: { code } });
  expect(stderr).toContain(path);
});

test('missing file, no file, unknown option: exit 2', () => {
  // A missing file, no file and an unknown option are wrong usage: exit 2.
  const missing = run(join(folder, 'none.json'), '--json');
  expect(missing.status).toBe(2);
  expect(JSON.parse(missing.stdout)).toMatchObject({ error: { code: 'no-such-file' } });
  expect(run().status).toBe(2);
  expect(run(file('pingtan-2019'), '--last').status).toBe(2);
});

test('a byte order mark is ignored', () => {
  // A byte order mark is no content, and no ledger is opened.
  const marked = write('marked.json', `\uFEFF${readFileSync(file('pingtan-2019'), 'utf8')}`);
  expect(run(marked).status).toBe(0);
  expect(() => readFileSync(join(folder, 'no-ledger'))).toThrow(/ENOENT/);
});
