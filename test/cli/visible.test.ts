/**
 * What commands print: a line stays one line and steers no terminal, whatever the texts that are stored or come from
 * outside hold.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { note, pad, print, printJson, reportFailure } from '../../src/cli/render/output.js';
import { renderTrail } from '../../src/cli/render/render.js';
import type { Trail } from '../../src/read-models/trail/trail-reader.js';
import { fileOf, finishFolder, newFolder, run } from '../support/cli.js';
import { AGENCY, approvedItem, at, hashOf, message, setUp } from '../support/messages.js';
import { asLines } from '../support/service.js';

/** Everything that a terminal obeys, or does not show. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;
const CHARS = [...Array(0x20000).keys()]
  .filter((code) => code < 0xd800 || code > 0xdfff)
  .map((code) => String.fromCodePoint(code))
  .filter((char) => UNSEEN.test(char));

/** What something writes, to stdout and stderr. */
function written(work: () => unknown): string {
  const out: string[] = [];
  const streams = [process.stdout, process.stderr].map((stream) =>
    jest.spyOn(stream, 'write').mockImplementation((text) => out.push(String(text)) > 0),
  );
  try {
    work();
  } finally {
    for (const stream of streams) stream.mockRestore();
  }
  return out.join('');
}

test('a line stays one visible line', () => {
  // A line is one line, with nothing in it that cannot be seen.
  const text = CHARS.join('甲');
  for (const line of [() => print(text), () => note(text), () => print(pad(text, 5)), () => print(`${pad('a\nb', 9)}|`)]) {
    const found = written(line);
    expect(found.endsWith('\n')).toBe(true);
    expect(UNSEEN.test(found.slice(0, -1))).toBe(false);
  }
  expect(written(() => print('a\n\u001b[2J\u202eb\u{e0100}'))).toBe('a\\n\\u001b[2J\\u202eb\\udb40\\udd00\n');
  expect(written(() => print('张三 “引号” José é ／（）'))).toBe('张三 “引号” José é ／（）\n');
});

test('JSON keeps its value in visible characters', () => {
  // JSON says the same value, in characters that can be seen.
  const value = { [`key${CHARS.join('')}`]: [CHARS.join('甲'), { ['\u202e']: 'a\\u0007\\' }] };
  const found = written(() => printJson(value));
  expect(UNSEEN.test(found.replaceAll('\n', ''))).toBe(false);
  expect(JSON.parse(found)).toEqual(value);
});

test('a failure has lines of its own', () => {
  // A failure stands on lines of its own.
  expect(written(() => reportFailure(new Error('no file a\nb\u009b2J'), false))).toBe('disclosure: no file a\\nb\\u009b2J\n');
});

test('nothing else in the folder writes to terminals', () => {
  // Nothing else in the folder writes to a terminal.
  const src = join(__dirname, '../../src');
  const files = [
    ...(readdirSync(join(src, 'cli'), { recursive: true }) as string[]).filter((name) => name.endsWith('.ts')).map((name) => `cli/${name}`),
    'cli.ts',
  ];
  const writing = files.filter((file) => /\bconsole\.|(stdout|stderr)\.write/.test(readFileSync(join(src, file), 'utf8')));
  // verify-pack.ts hands on lines that the verifier has made visible, below.
  expect(writing.sort()).toEqual(['cli/commands/verify-pack.ts', 'cli/render/output.ts']);
});

test('the verifier prints no raw pack text', () => {
  // Nor does the verifier print what a pack says as it stands.
  const source = readFileSync(join(__dirname, '../../src/verifier/command.ts'), 'utf8');
  expect(
    [...source.matchAll(/\bprint\((.*)\)/g)].map(([, what]) => what).filter((what) => !/^`\$\{visible(Json)?\(/.test(what ?? '')),
  ).toEqual([]);
});

const FORGED = `  ${at('2017-03-05')}  publication.approved                             leader (deputy-leader)`;

test('an opinion’s lines forge no trail entry', () => {
  // An opinion of several lines forges no entry of a trail.
  const entry = {
    ...{
      eventId: 'e',
      type: 'disclosure.publication.cleared',
      at: at('2017-03-01'),
      recordedAt: at('2017-03-01'),
      recordedAfter: 'PT0S',
      actor: 'office\u202e',
    },
    ...{ role: 'r\u001b[31m', attestation: 'none', contentHash: null, opinion: `同意\n${FORGED}`, waited: null, step: 's\r', remarks: [] },
  };
  const trail: Trail = { case: 'publication/1', state: 'drafted', title: '标题\u2028\u009b2J', entries: [entry], remarks: [] };
  const found = written(() => renderTrail(trail).forEach((line) => print(line)));
  expect(found.split('\n')).toHaveLength(4);
  expect(UNSEEN.test(found.replaceAll('\n', ''))).toBe(false);
  expect(found).toContain(`同意\\n${FORGED}`);
});

test('commands print files’ text in visible characters', async () => {
  // Nor from a file, by the commands themselves; what is refused is told in characters that can be seen.
  const folder = newFolder();
  const clearing = message('publication.cleared', 'publication/2', at('2017-03-02', 10), 'office', {
    ...{ step: 'office', verdict: 'passed', contentHash: hashOf('2'), opinion: `同意\n${FORGED}` },
  });
  const bad = message('meeting.held', 'meeting/1', at('2017-03-02'), 'clerk\u001b[2J', { title: 'a\u202eb' }, { id: 'id\u009b2J\nforged' });
  const unknown = { ...message('meeting.held', 'meeting/2', at('2017-03-02'), 'clerk'), data: { title: 't', ['x\u001b[2J\n']: 1 } };
  const [draft] = approvedItem('2', '2017-03-01');
  const file = fileOf(folder, 'a\u202e.ndjson', asLines([...setUp(), draft, clearing, bad, unknown]));
  const imported = await run(['import', file], { folder });
  expect([imported.code, UNSEEN.test(`${imported.stdout}${imported.stderr}`.replaceAll('\n', ''))]).toEqual([1, false]);
  expect(imported.stderr.trimEnd().split('\n')).toHaveLength(2);
  const trail = await run(['trail', '--agency', AGENCY, '--case', 'publication/2'], { folder });
  expect(trail.stdout.split('\n').filter((line) => line.includes('publication.'))).toHaveLength(3);
  expect(trail.stdout.split('\n').filter((line) => line.startsWith(FORGED))).toEqual([]);
  const refusals = await run(['refusals'], { folder });
  expect(refusals.stdout.trimEnd().split('\n')).toHaveLength(2);
  expect(UNSEEN.test(refusals.stdout.replaceAll('\n', ''))).toBe(false);
  await finishFolder(folder);
});
