/** The verifier as a command: `node verify.mjs PACK …` and `disclosure verify --pack PACK …` alike. */
import { readFileSync } from 'node:fs';
import { sha256 } from '../encoding/canonical-json.js';
import { sure } from '../encoding/unknown-values.js';
import { visible, visibleJson } from '../encoding/visible-text.js';
import { BadUsage, readCount, readKeys } from './brought.js';
import { verifyFile } from './verify-file.js';
import type { Verification } from './verify-pack.js';

export interface VerifyArguments {
  readonly pack: string;
  readonly key?: readonly string[];
  readonly witness?: readonly string[];
  readonly minWitnesses?: string;
  readonly previousCheckpoint?: string;
  readonly json?: boolean;
}

export const USAGE = `node verify.mjs PACK [--key VKEY]… [--witness VKEY]… [--min-witnesses N] [--previous-checkpoint FILE] [--json]

核验审计包: 不需网络, 不需服务, 不写任何文件。
Verifies an audit pack of disclosure: no network, no service, nothing written.

  --key VKEY                  账本公钥, 由审计方自行取得 a key of the ledger that you got elsewhere (name+id+base64)
  --witness VKEY              见证方公钥 a key of a witness
  --min-witnesses N           至少多少见证方签名 how many of them must have signed (default: all given)
  --previous-checkpoint FILE  以前保存的检查点 a checkpoint you kept
  --json                      输出一个 JSON one JSON document

退出码 exit: 0 一切相符 all holds; 1 有不符 a finding; 2 用法错误 wrong usage`;

const VALUES: Readonly<Record<string, 'key' | 'witness' | 'minWitnesses' | 'previousCheckpoint'>> = {
  '--key': 'key',
  '--witness': 'witness',
  '--min-witnesses': 'minWitnesses',
  '--previous-checkpoint': 'previousCheckpoint',
};

/** Errors: `BadUsage`. */
export function parseArguments(args: readonly string[]): VerifyArguments {
  const found: { pack?: string; key: string[]; witness: string[]; minWitnesses?: string; previousCheckpoint?: string; json?: boolean } = {
    key: [],
    witness: [],
  };
  for (let at = 0; at < args.length; at += 1) {
    const [name, inline] = splitOption(sure(args[at]));
    const option = Object.hasOwn(VALUES, name) ? VALUES[name] : undefined;
    if (name === '--json' && inline === undefined) found.json = true;
    else if (option !== undefined) {
      const value = inline ?? args[(at += 1)];
      if (value === undefined) throw new BadUsage(`${name} needs a value`);
      if (option === 'key' || option === 'witness') found[option].push(value);
      else found[option] = value;
    } else if (name.startsWith('-')) throw new BadUsage(`no option ${name}`);
    else if (found.pack !== undefined) throw new BadUsage('one pack at a time');
    else found.pack = name;
  }
  if (found.pack === undefined) throw new BadUsage('which pack?');
  return { ...found, pack: found.pack };
}

function splitOption(argument: string): [string, string?] {
  const equals = argument.startsWith('--') ? argument.indexOf('=') : -1;
  return equals < 0 ? [argument] : [argument.slice(0, equals), argument.slice(equals + 1)];
}

/**
 * Verifies, prints, gives the exit code: 0 all holds, 1 a finding, 2 wrong usage. `program` is the text of this
 * verifier in one file. Errors: `BadUsage`, those of the file system for files that are not there.
 */
export async function verifyCommand(args: VerifyArguments, program: Buffer | null, print: (text: string) => void): Promise<0 | 1> {
  const self = program === null ? null : sha256(program);
  const witnesses = readKeys(args.witness ?? [], 'cosignature');
  const found = await verifyFile({
    file: args.pack,
    keys: readKeys(args.key ?? [], 'ed25519'),
    witnesses,
    minWitnesses: readCount(args.minWitnesses, witnesses.length),
    previousCheckpoint: args.previousCheckpoint === undefined ? null : readFileSync(args.previousCheckpoint, 'utf8'),
    self,
  });
  // What a pack says comes from whoever made it.
  if (args.json === true) print(`${visibleJson(JSON.stringify(found, null, 2))}\n`);
  else for (const line of render(found, self)) print(`${visible(line)}\n`);
  return found.holds ? 0 : 1;
}

const ACTS: Readonly<Record<string, string>> = {
  'report.compiled': '编制 compiled',
  'report.text-drafted': '正文 text drafted',
  'report.text-revised': '正文 text revised',
  'report.cleared': '审查 cleared',
  'report.approved': '批准 approved',
  'report.published': '公布 published',
};
const ATTESTED: Readonly<Record<string, string>> = {
  'own-token': '本人凭证 own-token',
  emitter: '来源系统凭证 emitter',
  none: '无凭证 none',
};
/** So many publications are printed; --json has all. */
const PRINTED = 20;

/** By what each step of each publication is attested. */
function* renderSignOffs(signOffs: Verification['signOffs']): Generator<string> {
  for (const { agency, year, index, steps } of signOffs.slice(0, PRINTED)) {
    yield `签批 sign-off    ${agency} ${year}, index ${index}`;
    for (const { type, step, attestation } of steps)
      yield `  ${ACTS[type] ?? type}${step === undefined ? '' : ` ${step}`}: ${ATTESTED[attestation] ?? attestation}`;
  }
  if (signOffs.length > PRINTED) yield `  另有 ${signOffs.length - PRINTED} 份 ${signOffs.length - PRINTED} more (--json)`;
}

function* render(found: Verification, self: string | null): Generator<string> {
  const { cut, tables, signed, witnessed } = found;
  yield found.holds ? '相符 the pack holds' : '不符 the pack does not hold';
  yield '';
  yield `账本 ledger      ${found.origin ?? '未签名 unsigned'}`;
  yield `范围 part        ${cut === null ? '全部 everything' : [cut.agency ?? '所有机关 all agencies', cut.year ?? '所有年度 all years'].join(', ')}`;
  yield `条目 entries     ${found.size}, 根 root ${found.root}`;
  yield `事件 events      ${found.events}`;
  yield `检查点 signed    ${signed === null ? '无 none' : `${signed.size} by ${signed.by.join(', ')} (${found.checkpoints} checkpoints)`}`;
  yield `见证 witnessed   ${witnessed === null ? '无 none' : `${witnessed.size} by ${witnessed.cosignedBy.join(', ')}`}`;
  yield `统计表 tables    ${tables.live} live, ${tables.paper} paper, ${tables.published} published; ${found.cells} cells recomputed`;
  yield* renderSignOffs(found.signOffs);
  if (self !== null) yield `核验程序 verifier ${self}`;
  if (found.findings.length > 0) yield '';
  for (const { rule, severity, where, message } of found.findings)
    yield `${severity === 'error' ? '✗' : '!'} ${rule}: ${where}: ${message}`;
  for (const [rule, count] of Object.entries(found.more)) yield `  ${rule}: 另有 ${count} 处 ${count} more`;
  yield '';
  yield '未核验 not verified:';
  for (const line of found.notVerified) yield `- ${line}`;
}
