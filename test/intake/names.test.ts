/**
 * The rule of names on every field that names somebody, as the validating classes have them; every trick, and the good
 * names that must pass.
 */
import { isSoundName, nameProblem, type NameKind } from '../../src/domain/names.js';
import { ACT_TYPES } from '../../src/events/catalog.js';
import { readMessageValue } from '../../src/intake/message-reader.js';
import { TEST_NOW } from '../support/ledger.js';
import { FREE, freeTexts, lastOf, unplacedTexts } from '../support/free-texts.js';
import { dataFields, sampleMessage, withValue } from '../support/sample-messages.js';

interface NameField {
  readonly type: (typeof ACT_TYPES)[number];
  readonly path: string;
  readonly kind: NameKind;
}

const fields = ACT_TYPES.flatMap((type) => dataFields(type).map((field) => ({ type, ...field })));
const names: NameField[] = [
  { type: 'meeting.held', path: 'actor', kind: 'person' },
  ...fields.flatMap(({ type, path, rules }): NameField[] =>
    rules.has('person') ? [{ type, path, kind: 'person' }] : rules.has('office') ? [{ type, path, kind: 'office' }] : [],
  ),
];

/** The code of the refusal, and the fields it names; null where the message is taken. */
function refusal(sent: unknown): { readonly code: string; readonly fields: readonly string[]; readonly message: string } | null {
  const read = readMessageValue(sent, TEST_NOW);
  // Of the right shape every one is: it may have been recorded before there was the rule.
  if (!read.ok) throw new Error(`refused whatever was recorded: ${JSON.stringify(read.refusal)}`);
  const found = read.refusedUnlessRepeat;
  if (found === null) return null;
  const problems = (found.details?.['problems'] ?? []) as readonly { readonly field: string }[];
  return { code: found.code, fields: problems.map(({ field }) => field), message: found.message };
}

test('each text is ruled, or free on purpose', () => {
  // Every text of every message is a name with its rule, or free on purpose.
  expect(ACT_TYPES.flatMap((type) => unplacedTexts(type).map((path) => `${type} ${path}`))).toEqual([]);
  const taken = ACT_TYPES.flatMap(freeTexts).map(lastOf);
  expect(FREE.filter((name) => !taken.includes(name) && name !== 'cells')).toEqual([]);
});

test('the fields are those of the contract', () => {
  const of = (kind: NameKind): string[] => [...new Set(names.filter((one) => one.kind === kind).map(({ path }) => lastOf(path)))].sort();
  expect(of('person')).toEqual(['actor', 'administrator', 'approvedBy']);
  expect(of('office')).toEqual(['party', 'role', 'step', 'unit']);
  expect(names.map(({ type, path }) => `${type} ${path}`)).toEqual(
    expect.arrayContaining([
      'agency.clearance-chain-set data.steps.0.step',
      'agency.clearance-chain-set data.approver.unit',
      'agency.role-ended data.actor',
      'application.third-party-answered data.party',
      'report.cleared data.step',
      'record.erased data.approvedBy',
    ]),
  );
});

const HIDDEN = ['\u200b', '\u200c', '\u200d', '\u2060', '\ufeff', '\u00ad', '\u034f', '\u061c', '\u115f', '\u3164', '\uffa0', '\u180e'];
const MORE_HIDDEN = [
  '\ufe0f',
  '\u{e0100}',
  '\u{e0041}',
  '\u202e',
  '\u2066',
  '\u200e',
  '\u0000',
  '\u0007',
  '\u0085',
  '\u2800',
  '\ue000',
  '\u{1d173}',
];
const BLANKS = ['\u00a0', '\u3000', '\u2003', '\u202f', '\u1680', '\t', '\u2028'];
const TRICKS: readonly string[] = [
  ...[...HIDDEN, ...MORE_HIDDEN, ...BLANKS].flatMap((char) => [`clerk${char}`, `${char}clerk`, `cl${char}erk`]),
  ...['clerk ', ' clerk', 'the  clerk', 'ｃｌｅｒｋ', 'clerk１', 'ⓒlerk', 'clerk①', 'clerkⅧ', 'ﬁle', '𝐜𝐥𝐞𝐫𝐤', 'ᶜlerk', '㈱某某', 'clerk℡'],
  ...[
    'Jose\u0301',
    '가'.normalize('NFD'),
    '\uf900',
    'A\u030a',
    '\u2800',
    '\u3164',
    '\u200b',
    '---',
    '·',
    '（）',
    '\u0301',
    '｟x｠',
    'a～b',
  ],
];
const FULL_WIDTH = ['张（三）', '张、三', '某／某', '某：某', '〔某〕', '某！', '《某》', '张〇'];
const GOOD = [
  '买买提·艾山',
  'José Núñez',
  "O'Neil-Smith",
  '张三',
  '政策法规科',
  'duty-editor',
  'Владимир',
  'محمد',
  '7',
  '\u{20000}某',
  'a_b.c',
];
const GOOD_OFFICES = ['政策法规科（行政审批科）', '某某（集团）有限公司', '一科、二科', '“双随机”办公室', '办公室／综合科'];

describe.each(names)('$type $path', ({ type, path, kind }) => {
  const sent = sampleMessage(type);
  const tried = (name: string): ReturnType<typeof refusal> => refusal(withValue(sent, path, name));

  test('refuses every other spelling, by its path', () => {
    const bad = kind === 'person' ? [...TRICKS, ...FULL_WIDTH, ...GOOD_OFFICES.filter((name) => /[（、／]/.test(name))] : TRICKS;
    const taken = bad.filter((name) => {
      const found = tried(name);
      return found?.code !== 'invalid-data' || found.fields.join() !== path;
    });
    expect(taken).toEqual([]);
  });

  test('takes good names', () => {
    const good = kind === 'office' ? [...GOOD, ...GOOD_OFFICES, ...FULL_WIDTH] : GOOD;
    for (const name of good) expect([name, tried(name)]).toEqual([name, null]);
  });
});

test('the refusal names path and right spelling', () => {
  // The refusal names the path and the spelling that would be right.
  const sent = sampleMessage('agency.clearance-chain-set');
  expect(refusal(withValue(sent, 'data.steps.0.role', ' 法规\u200b科（一） '))?.message).toContain('data.steps.0.role must');
  expect(refusal(withValue(sent, 'data.steps.0.role', ' 法规\u200b科（一） '))?.message).toContain('write "法规科（一）"');
  expect(refusal({ ...sent, actor: 'ｃｌｅｒｋ\u00a0' })?.message).toContain('write "clerk"');
  const consulted = sampleMessage('application.third-party-consulted');
  expect(refusal(withValue(consulted, 'data.party', ' 某某公司'))?.message).toMatch(/^data\.party must have no blank at its ends\.$/);
});

/** The rule as it is written, without any short cut. */
function byTheLetter(name: string, kind: NameKind): boolean {
  const allowed = /[\uff01-\uff0f\uff1a-\uff20\u3001-\u303f]/u;
  if (name !== name.normalize('NFC') || /^ | $| {2}/.test(name)) return false;
  for (const char of name) {
    if (char !== ' ' && /[\p{C}\p{Z}]/u.test(char)) return false;
    if (/\p{Default_Ignorable_Code_Point}/u.test(char) || char === '\u2800') return false;
    if (kind === 'person' && allowed.test(char)) return false;
    const letter = /[\p{L}\p{N}\p{M}]/u.test(char);
    if (char !== char.normalize('NFKC') && (letter || !allowed.test(char))) return false;
  }
  return /[\p{L}\p{N}]/u.test(name);
}

test('every character follows the rule', () => {
  // Every character, in a name and alone, is taken as the rule says.
  const wrong: string[] = [];
  for (let code = 0; code < 0x20000; code += 1) {
    if (code >= 0xd800 && code < 0xe000) continue;
    const char = String.fromCodePoint(code);
    for (const kind of ['person', 'office'] as const)
      for (const name of [char, `甲${char}a`])
        if (isSoundName(name, kind) !== byTheLetter(name, kind)) wrong.push(`${kind} ${code.toString(16)} ${JSON.stringify(name)}`);
  }
  expect(wrong.slice(0, 20)).toEqual([]);
});

test('what is said to be right is right', () => {
  for (const trick of [...TRICKS, ...FULL_WIDTH])
    for (const kind of ['person', 'office'] as const) {
      const said = /write "(.*)"$/.exec(nameProblem(trick, kind) ?? '')?.[1];
      expect([trick, said === undefined || byTheLetter(said, kind)]).toEqual([trick, true]);
    }
});
