/** `disclosure import` as a process: files, standard input, bad lines; what --json says and how it exits. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ImportResult } from '../../src/cli/import/record-files.js';
import { fileOf, finishFolder, newFolder, run } from '../support/cli.js';
import { message, setUp } from '../support/messages.js';
import { asLines } from '../support/service.js';

const folder = newFolder();

beforeAll(async () => {
  const { code } = await run(['import', fileOf(folder, 'setup.ndjson', asLines(setUp()))], { folder });
  expect(code).toBe(0);
});

afterAll(() => finishFolder(folder));

const meeting = (number: string, title = '会议'): ReturnType<typeof message> =>
  message('meeting.held', `meeting/${number}`, '2017-03-02T09:00:00+08:00', 'office', { title });

test('each line is decided on its own', async () => {
  // A file of everything a line can be: each is decided on its own, line numbers are those of the file.
  const [a, b, c, d, bad] = [meeting('a'), meeting('b'), meeting('c'), meeting('d'), meeting('bad', 'MARK')];
  const notUtf8 = Buffer.from(JSON.stringify(bad));
  notUtf8.fill(0xff, notUtf8.indexOf('MARK'), notUtf8.indexOf('MARK') + 4);
  const lines = [
    `${JSON.stringify(a)}\r`,
    '',
    '   \r',
    notUtf8,
    JSON.stringify(b),
    JSON.stringify({ ...meeting('huge'), data: { title: 'x'.repeat(20_000_000) } }),
    JSON.stringify(a),
    JSON.stringify({ ...a, actor: 'somebody else' }),
    '{"cut": "off',
    JSON.stringify({ ...meeting('deep'), data: { x: 'DEEP' } }).replace('"DEEP"', `${'['.repeat(20_000)}${']'.repeat(20_000)}`),
    JSON.stringify(c),
    JSON.stringify({ ...meeting('unknown'), agency: 'nobody' }),
    JSON.stringify(d),
  ];
  const content = Buffer.concat(lines.flatMap((line, place) => [Buffer.from(line), Buffer.from(place === lines.length - 1 ? '' : '\n')]));
  const finished = await run(['import', fileOf(folder, 'everything.ndjson', content), '--json'], { folder });
  expect({ code: finished.code, stderr: finished.stderr }).toMatchObject({ code: 1 });
  const result = finished.json<ImportResult>();
  expect(result).toMatchObject({ recorded: 4, duplicate: 1, refused: 6 });
  expect(result.refusals.map(({ line, error }) => [line, error.code])).toEqual([
    [4, 'malformed'],
    [6, 'too-large'],
    [8, 'id-reused'],
    [9, 'malformed'],
    [10, 'malformed'],
    [12, 'unknown-agency'],
  ]);
  expect(result.refusals.map(({ source, id }) => [source, id])).toEqual(
    expect.arrayContaining([
      [null, null],
      ['/test', a.id],
    ]),
  );
  for (const { error } of result.refusals) expect([typeof error.message, error.hint === '']).toEqual(['string', false]);
});

test('standard input and files import together', async () => {
  // Standard input and files together, without --json: counts on stdout, exit 0 and then 0 again with nothing new.
  const files = [fileOf(folder, 'one.ndjson', asLines([meeting('one')])), '-', fileOf(folder, 'none.ndjson', '')];
  const input = asLines([meeting('two'), meeting('three')]);
  const first = await run(['import', ...files], { folder, input });
  expect([first.code, first.stdout]).toEqual([0, expect.stringMatching(/recorded 3\b.*duplicate 0\b.*refused 0\b/)]);
  const second = await run(['import', ...files, '--json'], { folder, input });
  expect([second.code, second.json()]).toEqual([0, { recorded: 0, duplicate: 3, refused: 0, refusals: [] }]);
});

test('an empty file is an import of nothing', async () => {
  const finished = await run(['import', fileOf(folder, 'empty.ndjson', ''), '--json'], { folder });
  expect([finished.code, finished.json()]).toEqual([0, { recorded: 0, duplicate: 0, refused: 0, refusals: [] }]);
});

test.each([
  ['a file that is not there', 'missing.ndjson'],
  ['a folder', 'a-folder'],
])('%s among good ones is wrong usage', async (_what, name) => {
  // … among good ones is wrong usage: nothing is half done, nothing is a stack trace.
  mkdirSync(join(folder, 'a-folder'), { recursive: true });
  const good = fileOf(folder, 'beside.ndjson', asLines([meeting(`beside-${name}`)]));
  const finished = await run(['import', join(folder, name), good, '--json'], { folder });
  expect([finished.code, finished.signal]).toEqual([2, null]);
  expect(finished.stderr).toContain(name === 'a-folder' ? 'directory' : name);
  expect(finished.stderr + finished.stdout).not.toMatch(/\n\s+at /);
  if (finished.stdout !== '') finished.json();
});

test('a mended refusal is resent with --resend', async () => {
  // A refusal is listed by refusals --json, and sent again with --resend once its cause is mended.
  const later = { ...meeting('resent'), agency: 'resent-agency' };
  expect((await run(['import', fileOf(folder, 'later.ndjson', asLines([later])), '--json'], { folder })).code).toBe(1);
  const { refusals } = (await run(['refusals', '--json'], { folder })).json<{ refusals: { refusalId: string; id: string }[] }>();
  expect(Object.keys(refusals[0] ?? {}).sort()).toEqual(['count', 'error', 'id', 'lastAt', 'refusalId', 'source', 'type']);
  expect(refusals[0]?.id).toBe(later.id);
  const resend = ['refusals', '--resend', refusals[0]?.refusalId ?? '', '--json'];
  const refused = await run(resend, { folder });
  expect([refused.code, refused.json()]).toEqual([1, expect.objectContaining({ status: 'refused' })]);
  expect((await run(['import', '-'], { folder, input: asLines(setUp('resent-agency')) })).code).toBe(0);
  const recorded = await run(resend, { folder });
  expect([recorded.code, recorded.json()]).toEqual([0, expect.objectContaining({ status: 'recorded', id: later.id })]);
  const left = (await run(['refusals', '--json'], { folder })).json<{ refusals: { id: string }[] }>();
  expect(left.refusals.map(({ id }) => id)).not.toContain(later.id);
  expect((await run(resend, { folder })).code).toBe(1);
});

test('doubled names and rounded numbers are malformed', async () => {
  // A name given twice and a rounded number are malformed lines; source and id are null where either is given twice.
  const [twice, rounded, identity, good] = [meeting('twice'), meeting('rounded'), meeting('identity'), meeting('times')];
  const lines = [
    JSON.stringify(twice).replace('{"title":', '{"t\\u0069tle":"x","title":'),
    JSON.stringify({ ...rounded, data: { title: 0 } }).replace('"title":0', '"title":100.00000000000000001'),
    JSON.stringify(identity).replace('{', '{"id":"another",'),
    JSON.stringify(good),
    JSON.stringify({ ...good, time: '2017-03-02T01:00:00.000Z' }),
  ];
  const finished = await run(['import', fileOf(folder, 'flawed.ndjson', lines.join('\n')), '--json'], { folder });
  const result = finished.json<ImportResult>();
  expect([finished.code, result.recorded, result.duplicate, result.refused]).toEqual([1, 1, 1, 3]);
  expect(result.refusals.map(({ line, source, id, error }) => [line, source, id, error.code, error.message.split(' ')[0]])).toEqual([
    [1, twice.source, twice.id, 'malformed', 'data.title'],
    [2, rounded.source, rounded.id, 'malformed', 'data.title'],
    [3, null, null, 'malformed', 'id'],
  ]);
});

test('a dry run records nothing', async () => {
  // Each line sees those before it; the same file then records what was said.
  const lines = asLines([meeting('dry-1'), meeting('dry-1', '又一次'), { ...meeting('dry-2'), agency: 'nobody' }, meeting('dry-3')]);
  const file = fileOf(folder, 'dry.ndjson', lines);
  const dry = await run(['import', '--dry-run', file, '--json'], { folder });
  expect([dry.code, dry.json()]).toMatchObject([1, { wouldRecord: 2, wouldDuplicate: 0, wouldRefuse: 2 }]);
  const text = await run(['import', '--dry-run', file], { folder });
  expect(text.stdout).toContain('would record 2, duplicate 0, refuse 2; nothing was recorded');
  expect(text.stderr).toContain(':3 ');
  const real = await run(['import', file, '--json'], { folder });
  expect(real.json()).toMatchObject({ recorded: 2, duplicate: 0, refused: 2 });
  expect((await run(['import', '--dry-run', file, '--json'], { folder })).json()).toMatchObject({
    wouldRecord: 0,
    wouldDuplicate: 2,
    wouldRefuse: 2,
  });
});
