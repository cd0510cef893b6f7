/**
 * Verifies a pack by itself, in one pass over the file and in bounded memory: no network, no service, nothing written.
 * Everything it says of the history it recomputes; what it cannot know it names under `notVerified`.
 */
import { canonicalJson, sha256 } from '../encoding/canonical-json.js';
import { codeOf, membersOf, messageOf, sure } from '../encoding/unknown-values.js';
import { HASH_BYTES } from '../ledger/merkle.js';
import type { VerifierKey } from '../ledger/signed-note.js';
import { tilePath, tilesOf } from '../ledger/tiles.js';
import { Calculator } from './calculator/calculator.js';
import { AttestationCheck } from './checks/attestation-check.js';
import { CheckpointsCheck, type Keys, type Signed } from './checks/checkpoints-check.js';
import { EntriesCheck } from './checks/entries-check.js';
import { Findings, type Finding } from './findings.js';
import type { FormRows } from './format/form-rows.js';
import { checkRules, parseJson, readCalendars, readForm, readHead, readKeys } from './checks/fixed-members.js';
import {
  chunkName,
  PHASES,
  phaseOf,
  type MemberRecord,
  type PackEvent,
  type PackHead,
  type Phase,
  type TableView,
} from './format/layout.js';
import { PackFile, type Member } from './format/pack-file.js';
import type { PackSource } from './format/pack-source.js';
import { ReportsCheck } from './checks/reports-check.js';
import type { SignOff } from './checks/sign-off.js';
import { checkPrevious, checkSignatures, type Brought } from './checks/signatures.js';
import type { Cut } from './streams.js';
import { checkTableList } from './checks/table-list.js';
import { TablesCheck } from './checks/tables-check.js';
import { BadArchive } from './format/tar.js';
import { Tree } from './tree.js';

export interface VerifyOptions extends Brought {
  readonly pack: PackSource;
  /** `sha256:` and the digest of the verifier itself, to be compared with the one in the pack; null = not compared. */
  readonly self: string | null;
}

export interface Verification {
  readonly holds: boolean;
  readonly file: string;
  readonly format: string | null;
  readonly origin: string | null;
  readonly size: number;
  /** Root of the entries in the pack, base64. */
  readonly root: string;
  readonly cut: Cut | null;
  readonly events: number;
  readonly checkpoints: number;
  readonly signed: Signed | null;
  readonly witnessed: Signed | null;
  readonly keys: { readonly given: readonly string[]; readonly inPack: readonly string[] };
  readonly tables: Readonly<Record<TableView, number>>;
  readonly reports: number;
  /** Of each publication, what its steps were attested by. */
  readonly signOffs: readonly SignOff[];
  readonly cells: number;
  readonly findings: readonly Finding[];
  readonly more: Readonly<Record<string, number>>;
  readonly notVerified: readonly string[];
}

export async function verifyPack(options: VerifyOptions): Promise<Verification> {
  return new PackVerifier(options).run();
}

/** What is no UTF-8 comes out as another text, which is then found to be another, by its digest or its form. */
const textIn = (bytes: Buffer): string => bytes.toString();

class PackVerifier {
  readonly #options: VerifyOptions;
  readonly #findings = new Findings();
  readonly #tree = new Tree();
  readonly #file: PackFile;
  readonly #forms = new Map<string, FormRows>();
  readonly #notVerified: string[] = [];
  #head: PackHead | null = null;
  #keysInPack: Keys = { ledger: [], witnesses: [] };
  #keysUnreadable: string | null = null;
  /** Forms that `rules.json` is of and that have not come yet. */
  #formsMissing = new Set<string>();
  #calculator: Calculator | null = null;
  #failedEvent = false;
  #entries: EntriesCheck | null = null;
  #checkpoints: CheckpointsCheck | null = null;
  #tables: TablesCheck | null = null;
  #reports: ReportsCheck | null = null;
  /** Where the pack stands: the phase, the last name in it, the next chunk. */
  #phase = 0;
  #lastName = '';
  #chunk = 0;
  #half = false;
  #checkpointChunk = 0;
  #tiles: Generator<Parameters<typeof tilePath>[0]> | null = null;
  readonly #tablesFound = new Set<string>();
  #ended = false;

  constructor(options: VerifyOptions) {
    this.#options = options;
    this.#file = new PackFile(options.pack);
  }

  async run(): Promise<Verification> {
    try {
      for await (const member of this.#file.members()) {
        if (!(await this.#member(member))) break;
      }
      if (this.#head !== null && !this.#ended)
        this.#findings.error('incomplete', this.#options.pack.name, '包不完整 (the pack ends before members.json)');
    } catch (error) {
      const code = codeOf(error);
      if (typeof code === 'string' && /^E[A-Z]+$/.test(code)) throw error;
      this.#findings.error('unreadable', this.#options.pack.name, `包无法读取 (the pack cannot be read): ${messageOf(error)}`);
    }
    return this.#result();
  }

  /** False where it makes no sense to go on. */
  async #member(member: Member): Promise<boolean> {
    const phase = phaseOf(member.name);
    const at = phase === null ? -1 : PHASES.indexOf(phase);
    if (phase === null || at < this.#phase || (at === this.#phase && member.name === this.#lastName)) {
      this.#findings.error('member-unknown', member.name, '包中不应有此文件, 或不在此处 (no such member, or not here)');
      return true;
    }
    if (this.#head === null && phase !== 'pack.json') throw new BadArchive('the first member is not pack.json');
    if (at > this.#phase) {
      await this.#leave(at);
      this.#lastName = '';
    }
    this.#phase = at;
    const goOn = await this.#read(phase, member);
    this.#lastName = member.name;
    return goOn;
  }

  /** Whatever lies between two phases must not have been left out, and is now at its end. */
  async #leave(next: number): Promise<void> {
    for (let at = this.#phase + 1; at < next; at += 1) {
      const phase = sure(PHASES[at]);
      const needed = !phase.endsWith('/') || phase === 'forms/' || (phase === 'entries/' && (this.#head?.size ?? 0) > 0);
      if (needed) this.#findings.error('member-missing', phase, '包中缺少此文件 (missing from the pack)');
    }
    const forms = PHASES.indexOf('forms/');
    if (this.#phase <= forms && next > forms)
      for (const id of this.#formsMissing)
        this.#findings.error('member-missing', `forms/${id}.json`, '包中缺少此表式 (missing from the pack)');
    const [entries, tiles] = [PHASES.indexOf('entries/'), PHASES.indexOf('tile/')];
    if (this.#phase <= entries && next > entries) await this.#entriesEnd();
    if (this.#phase <= tiles && next > tiles && this.#tileIterator().next().done !== true)
      this.#findings.error('member-missing', 'tile/', '缺少瓦片 (tiles are missing)');
  }

  async #read(phase: Phase, member: Member): Promise<boolean> {
    switch (phase) {
      case 'pack.json':
        this.#head = readHead(await member.text(), this.#findings);
        return this.#head !== null;
      case 'calendars.json':
        this.#readCalendars(textIn(await member.bytes()));
        break;
      case 'forms/':
        this.#readForm(member.name, textIn(await member.bytes()));
        break;
      case 'keys.json':
        this.#readKeys(await member.bytes());
        break;
      case 'verify.mjs':
        if (this.#options.self !== null && this.#options.self !== sha256(await member.bytes()))
          this.#findings.warning('another-verifier', member.name, '包内的核验程序不是本程序 (the verifier in the pack is not this one)');
        break;
      case 'rules.json':
        this.#formsMissing = new Set(checkRules(textIn(await member.bytes()), sure(this.#head), this.#findings));
        break;
      case 'SPEC.md':
      case 'COUNTING.md':
        // Their bytes are held against `members.json`, as those of every member are.
        break;
      case 'entries/':
        await this.#readChunk(member);
        break;
      case 'tile/':
        await this.#readTile(member);
        break;
      case 'checkpoints/':
        await this.#readCheckpoints(member);
        break;
      case 'tables/':
        this.#readTable(member.name, textIn(await member.bytes()));
        break;
      case 'members.json':
        this.#readMembers(await member.text());
    }
    return true;
  }

  #readCalendars(text: string): void {
    const years = readCalendars(text, sure(this.#head), this.#findings);
    if (years !== null) this.#calculator = new Calculator({ calendars: years });
  }

  /** What cannot be read is said at the end, once it is known whether these are the keys that `members.json` lists. */
  #readKeys(bytes: Buffer): void {
    try {
      this.#keysInPack = readKeys(bytes);
    } catch (error) {
      this.#keysUnreadable = messageOf(error);
    }
  }

  #readForm(name: string, text: string): void {
    this.#formsMissing.delete(name.slice('forms/'.length, -'.json'.length));
    if (name < this.#lastName) this.#findings.error('member-unknown', name, '次序不对 (not in order)');
    const form = readForm(name, text, this.#findings);
    if (form !== null) this.#forms.set(form.id, form.rows);
  }

  /** The parts that read history are made when the first of it comes. */
  #begun(): { readonly entries: EntriesCheck; readonly tables: TablesCheck; readonly reports: ReportsCheck } {
    const findings = this.#findings;
    const cut = this.#head?.cut ?? null;
    this.#tables ??= new TablesCheck({ findings, calculator: this.#calculator, forms: this.#forms });
    this.#reports ??= new ReportsCheck(findings, this.#tables, cut);
    const counting = { add: (event: PackEvent, counts: boolean) => this.#count(event, counts) };
    this.#entries ??= new EntriesCheck({
      findings,
      tree: this.#tree,
      cut,
      sinks: [counting, this.#reports, new AttestationCheck(findings)],
    });
    return { entries: this.#entries, tables: this.#tables, reports: this.#reports };
  }

  #count(event: PackEvent, counts: boolean): void {
    if (this.#failedEvent) return;
    try {
      this.#calculator?.add(event, counts);
    } catch (error) {
      // Behind it no figure is known.
      this.#failedEvent = true;
      this.#findings.error('event-not-counted', `index ${event.index}`, `无法统计该事件 (cannot be counted): ${messageOf(error)}`);
    }
  }

  async #readChunk(member: Member): Promise<void> {
    const { entries } = this.#begun();
    const expected = chunkName(this.#half ? 'events' : 'entries', this.#chunk);
    if (member.name !== expected) {
      this.#findings.error('member-unknown', member.name, `此处应为 ${expected} (${expected} belongs here)`);
      return;
    }
    if (this.#half) {
      for await (const lines of member.lines()) for (const line of lines) entries.event(line, member.name);
      entries.end();
      this.#chunk += 1;
    } else {
      const lines: string[] = [];
      for await (const some of member.lines()) {
        // Of empty lines there are more in a part than a call takes arguments.
        for (const line of some) lines.push(line);
        if (this.#tree.size + lines.length > (this.#head?.size ?? 0)) throw new BadArchive('there are more entries than pack.json says');
      }
      entries.begin(lines, member.name);
    }
    this.#half = !this.#half;
  }

  async #entriesEnd(): Promise<void> {
    const { entries, reports } = this.#begun();
    if (this.#half) {
      this.#findings.error('member-missing', chunkName('events', this.#chunk), '缺少事件 (events are missing)');
      entries.end();
    }
    const head = sure(this.#head);
    const found = { size: this.#tree.size, root: this.#tree.root().toString('base64') };
    if (found.size !== head.size)
      this.#findings.error('size', 'pack.json', `条目应为 ${head.size}, 实为 ${found.size} (${found.size} entries)`);
    if (found.root !== head.root) this.#findings.error('root', 'pack.json', `根与条目不符 (the root of the entries is ${found.root})`);
    entries.checkPart();
    reports.checkNamed(head.origin, this.#tree);
    await checkPrevious(this.#options, head.origin, this.#tree, this.#findings);
    const given = this.#options.keys.length > 0;
    const keys: Keys = {
      ledger: given ? this.#options.keys : this.#keysInPack.ledger,
      witnesses: this.#options.witnesses.length > 0 ? this.#options.witnesses : this.#keysInPack.witnesses,
    };
    this.#checkpoints = new CheckpointsCheck({
      findings: this.#findings,
      tree: this.#tree,
      origin: head.origin,
      keys,
      minWitnesses: this.#options.minWitnesses,
      holds: this.#options.holds,
    });
  }

  #tileIterator(): Generator<Parameters<typeof tilePath>[0]> {
    return (this.#tiles ??= tilesOf(this.#tree.size));
  }

  async #readTile(member: Member): Promise<void> {
    const next = this.#tileIterator().next();
    if (next.done === true || tilePath(next.value) !== member.name) {
      this.#findings.error('member-unknown', member.name, '此处不应有此瓦片 (not the tile that belongs here)');
      return;
    }
    const own = this.#tree.tile(next.value);
    if (own?.subarray(0, next.value.width * HASH_BYTES).equals(await member.bytes()) !== true)
      this.#findings.error('tile', member.name, '瓦片与条目不符 (the tile is not that of the entries)');
  }

  async #readCheckpoints(member: Member): Promise<void> {
    if (member.name !== chunkName('checkpoints', this.#checkpointChunk)) {
      this.#findings.error('member-unknown', member.name, '此处不应有此文件 (not the member that belongs here)');
      return;
    }
    this.#checkpointChunk += 1;
    let count = 0;
    for await (const lines of member.lines()) {
      count += lines.length;
      for (const line of lines) await this.#checkpoints?.line(line, member.name);
    }
    if (count === 0) this.#findings.error('checkpoint-form', member.name, '空的检查点文件 (it holds no checkpoint)');
  }

  #readTable(name: string, text: string): void {
    const { tables, reports, entries } = this.#begun();
    if (name < this.#lastName) this.#findings.error('member-unknown', name, '次序不对 (not in order)');
    const found = tables.member(name, text, sure(this.#head), entries.latest);
    this.#tablesFound.add(name);
    if (found?.view === 'published') reports.member(found.table, name);
  }

  #readMembers(text: string): void {
    this.#ended = true;
    const listed = parseJson(text);
    const { records } = this.#file;
    if (!Array.isArray(listed)) throw new BadArchive('members.json is no list');
    if (canonicalJson(listed) !== text) this.#findings.error('members', 'members.json', '不是规范形式 (not in canonical form)');
    if (listed.length !== records.length)
      this.#findings.error('members', 'members.json', `文件数不符 (it lists ${listed.length} members, there are ${records.length})`);
    records.forEach((record, at) => this.#checkRecord(record, listed[at]));
    this.#complete();
  }

  #checkRecord(record: MemberRecord, said: unknown): void {
    const { name, sha256, bytes, lines } = membersOf(said);
    if (name !== record.name) this.#findings.error('members', record.name, '与清单不符 (members.json names another member here)');
    else if (sha256 !== record.sha256 || bytes !== record.bytes || lines !== record.lines)
      this.#findings.error('member-digest', record.name, '散列与清单不符 (its digest is not the one in members.json)');
    else if (canonicalJson(said) !== canonicalJson(record))
      this.#findings.error('members', record.name, '清单所述过多 (members.json says more of it than a list does)');
    else if (record.name === 'keys.json' && this.#keysUnreadable !== null)
      this.#findings.error('member-form', record.name, `密钥无法读取 (no keys can be read of it): ${this.#keysUnreadable}`);
  }

  /** Which tables there are, and who signed. */
  #complete(): void {
    const { entries, reports } = this.#begun();
    const calculator = this.#failedEvent ? null : this.#calculator;
    const parts = { findings: this.#findings, years: entries.years, reports, calculator, cut: this.#head?.cut ?? null };
    checkTableList(parts, this.#tablesFound);
    this.#notVerified.push(...checkSignatures(this.#options, sure(this.#checkpoints), this.#tree.size, this.#findings));
    this.#notVerified.push('所录内容是否属实 whether what was recorded was true', '各表的校验提示 the findings printed with the tables');
    if (this.#calculator === null) this.#notVerified.push('各表未重算 no cell was recomputed');
    this.#notVerified.push(...reports.notRecomputed);
  }

  #result(): Verification {
    const names = (keys: readonly VerifierKey[]): string[] => keys.map(({ name, id }) => `${name}+${id}`);
    const { keys, witnesses } = this.#options;
    return {
      holds: this.#findings.holds,
      file: this.#options.pack.name,
      format: this.#head?.format ?? null,
      origin: this.#head?.origin ?? null,
      size: this.#tree.size,
      root: this.#tree.root().toString('base64'),
      cut: this.#head?.cut ?? null,
      events: this.#entries?.events ?? 0,
      checkpoints: this.#checkpoints?.count ?? 0,
      signed: this.#checkpoints?.lastSigned ?? null,
      witnessed: this.#checkpoints?.lastWitnessed ?? null,
      keys: { given: names([...keys, ...witnesses]), inPack: names([...this.#keysInPack.ledger, ...this.#keysInPack.witnesses]) },
      tables: this.#tables?.tables ?? { live: 0, paper: 0, published: 0 },
      reports: this.#reports?.publications ?? 0,
      signOffs: this.#reports?.signOffs ?? [],
      cells: this.#tables?.cells ?? 0,
      findings: this.#findings.list(),
      more: this.#findings.more(),
      notVerified: this.#notVerified,
    };
  }
}
