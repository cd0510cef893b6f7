/**
 * Reports: what was published is a table that was compiled, frozen as it was, recomputed as of its own index, and
 * signed off in its round under its own hash, with the text of officers under that of the text. A compilation or a text
 * begins a round; taking an act back (`record.voided`) leaves what stood before it.
 */
import { canonicalJson, sha256 } from '../../encoding/canonical-json.js';
import { isObject, membersOf, messageOf } from '../../encoding/unknown-values.js';
import { parseCheckpoint } from '../../ledger/checkpoint.js';
import { parseNote } from '../../ledger/signed-note.js';
import type { EventSink } from './entries-check.js';
import type { Findings } from '../findings.js';
import type { PackEvent } from '../format/layout.js';
import { hasExactly } from '../format/shapes.js';
import { readRollUp, readTable, type PrintedFinding, type PrintedTable } from '../format/printed-table.js';
import { actOf, Signers, stepsOf, versionIn, wrongs, type ReportAct, type SignOff } from './sign-off.js';
import { parseStream, type Cut, type StreamName } from '../streams.js';
import type { TablesCheck } from './tables-check.js';
import type { Tree } from '../tree.js';

interface Report {
  acts: ReportAct[];
  /** The table that was published last; null before. */
  published: PrintedTable | null;
  /** Acts that what was published rests on: they stay. */
  readonly foundation: ReportAct[];
}

/** The signed checkpoint that a publication names, which must have this event under it. */
interface Named {
  readonly note: string;
  readonly over: number;
  readonly at: number;
  readonly where: string;
}

/** Behind the year, in the number of the report of a roll-up. */
const ROLLED_UP = '-rollup';

/** What `textHash` covers. */
const TEXT_NAMES = ['year', 'form', 'parts'];

const hashOf = (text: Readonly<Record<string, unknown>>): string => sha256(canonicalJson(text));

export class ReportsCheck implements EventSink {
  readonly #findings: Findings;
  readonly #tables: TablesCheck;
  readonly #cut: Cut | null;
  readonly #reports = new Map<string, Report>();
  /**
   * Frozen tables that are not published yet, by the index of the event that compiled them; null where it holds none
   * that can be read.
   */
  readonly #frozen = new Map<number, PrintedTable | null>();
  readonly #signers = new Map<string, Signers>();
  readonly #named: Named[] = [];
  readonly #notRecomputed: string[] = [];
  readonly #signOffs: SignOff[] = [];
  #publications = 0;

  constructor(findings: Findings, tables: TablesCheck, cut: Cut | null) {
    this.#findings = findings;
    this.#tables = tables;
    this.#cut = cut;
  }

  /** Roll-ups that a pack of one agency cannot make. */
  get notRecomputed(): readonly string[] {
    return this.#notRecomputed;
  }

  /** Acts of publication seen. */
  get publications(): number {
    return this.#publications;
  }

  /** One for each publication of what was compiled, in the order of recording. */
  get signOffs(): readonly SignOff[] {
    return this.#signOffs;
  }

  add(event: PackEvent): void {
    const name = parseStream(event.stream);
    if (name?.kind === 'agency') this.#signersOf(name.agency).add(event);
    if (name?.kind !== 'report') return;
    const report = this.#reports.get(event.stream) ?? { acts: [], published: null, foundation: [] };
    this.#reports.set(event.stream, report);
    if (event.type === 'record.voided') this.#voided(report, event);
    else if (event.type === 'report.published') this.#published(report, event, name);
    else {
      if (event.type === 'report.compiled') this.#compiled(event);
      report.acts.push(actOf(event));
    }
  }

  #signersOf(agency: string): Signers {
    const known = this.#signers.get(agency) ?? new Signers();
    this.#signers.set(agency, known);
    return known;
  }

  #voided(report: Report, { index, stream, data, metadata }: PackEvent): void {
    const message = membersOf(data['message']);
    const source = message['source'] ?? metadata['source'];
    const isNamed = (act: ReportAct): boolean => act.messageId === message['id'] && act.source === source;
    if (report.foundation.some(isNamed))
      this.#findings.error(
        'report-chain',
        `index ${index} ${stream}`,
        '撤回了已公布报告所依据的行为 (what a publication rests on was taken back)',
      );
    report.acts = report.acts.filter((act) => !isNamed(act));
  }

  #compiled(event: PackEvent): void {
    const where = `index ${event.index} ${event.stream}`;
    const derived = membersOf(event.data['derived']);
    let table: PrintedTable | null = null;
    try {
      table = event.data['rollup'] === true ? readRollUp(derived['table']) : readTable(derived['table']);
    } catch (error) {
      this.#findings.error('report-table', where, `编制的报告没有冻结的表 (no frozen table): ${messageOf(error)}`);
    }
    this.#frozen.set(event.index, table);
    if (table === null) return;
    const { year, form, index, tableHash } = event.data;
    if (table.hash !== tableHash)
      this.#findings.error('report-hash', where, '冻结的表与其散列不符 (the frozen table has another hash than was compiled)');
    const name = parseStream(event.stream);
    const number = `${table.year}${table.members === null ? '' : ROLLED_UP}`;
    const isOf = table.agency === name?.agency && number === name.number && (table.view === 'live' || table.view === 'paper');
    if (!isOf || table.year !== year || table.form !== form || table.asOf.index !== index)
      this.#findings.error(
        'report-table',
        where,
        '冻结的表属于另一机关、年度、表式或位置 (the frozen table is of another agency, year, form or index)',
      );
    const open = openErrors(table, event.data['accepted']);
    if (open.length > 0)
      this.#findings.error('report-findings', where, `未经说明的错误 (errors that nobody accepted with a reason: ${open.join('; ')})`);
    if (!(table.asOf.index < event.index))
      this.#findings.error('report-table', where, '冻结的表晚于编制 (the frozen table is as of a later event)');
    // Of later years than the cut's the pack has not every case.
    else if (this.#cut?.year == null || table.year <= this.#cut.year) this.#content(table, where);
  }

  /** A pack of one agency has no events of those below it: who they are, and what they add, is not known from it. */
  #content(table: PrintedTable, where: string): void {
    const whole = table.members === null || this.#cut?.agency == null;
    if (!whole) this.#notRecomputed.push(`${where}: 汇总表未重算, 包内仅一个单位 (a roll-up, and the pack is of one agency)`);
    this.#tables.content(table, where, whole);
  }

  #published(report: Report, event: PackEvent, { agency, number: year }: StreamName): void {
    const where = `index ${event.index} ${event.stream}`;
    this.#publications += 1;
    const version = versionIn(report.acts);
    if (version === null) {
      this.#findings.error('report-chain', where, '公布前未编制 (published without having been compiled)');
      return;
    }
    const { compiled, text, opener, round } = version;
    report.published = this.#frozen.get(compiled.index) ?? null;
    const derived = membersOf(event.data['derived']);
    const publication = actOf(event);
    if (derived['compiled'] !== compiled.eventId || publication.tableHash !== compiled.tableHash)
      this.#findings.error('report-chain', where, '公布的不是最后编制的表 (another table is published than the one compiled last)');
    if (publication.textHash !== (text?.textHash ?? ''))
      this.#findings.error('report-chain', where, '公布的不是最后的正文 (another text is published than the one written last)');
    this.#publicText(derived['text'], publication, report.published, where);
    if (report.foundation.includes(opener))
      this.#findings.error('report-chain', where, '同一次编制公布两次 (one compilation is published twice)');
    for (const wrong of wrongs(version, publication, this.#signersOf(agency))) this.#findings.error('report-chain', where, wrong);
    const approval = round.findLast(({ type }) => type === 'report.approved');
    const passes = round.filter(({ verdict }) => verdict === 'passed');
    // Of two passes of one step either is enough.
    const needed = passes.filter(({ step }) => passes.filter((pass) => pass.step === step).length === 1);
    const written = [compiled, ...(text === null ? [] : [text])].sort((a, b) => a.index - b.index);
    const signers = [...written, ...passes, ...(approval === undefined ? [] : [approval]), publication];
    this.#signOffs.push({ agency, year, index: event.index, steps: stepsOf(signers) });
    report.foundation.push(...written, ...needed, ...(approval === undefined ? [] : [approval]), publication);
    const note = derived['checkpoint'];
    if (typeof note === 'string') this.#named.push({ note, over: (approval ?? opener).index, at: event.index, where });
  }

  /** The text that a publication unsealed is what its `textHash` covers, and of the report. */
  #publicText(text: unknown, { textHash }: ReportAct, table: PrintedTable | null, where: string): void {
    const { year, form, parts } = membersOf(text);
    const isIt =
      textHash === '' ? text === undefined : hasExactly(text, TEXT_NAMES) && isObject(parts) && hashOf({ year, form, parts }) === textHash;
    if (!isIt) this.#findings.error('report-text', where, '公布的正文与其散列不符 (the text published is not that of its hash)');
    else if (textHash !== '' && table !== null && (year !== table.year || form !== table.form))
      this.#findings.error('report-text', where, '公布的正文属于另一年度或表式 (the text is of another year or form than the table)');
  }

  /** Behind the last event: the checkpoints that publications name are of this ledger. */
  checkNamed(origin: string | null, tree: Tree): void {
    for (const { note, over, at, where } of this.#named.splice(0)) {
      try {
        const checkpoint = parseCheckpoint(parseNote(note).text);
        const { size } = checkpoint;
        const isOver = checkpoint.origin === origin && size > over && size <= at && size <= tree.size;
        if (isOver && tree.root(size).equals(checkpoint.root)) continue;
        this.#findings.error(
          'report-checkpoint',
          where,
          '公布所附的检查点与账本不符 (the checkpoint of the publication is not one of this ledger over its approval)',
        );
      } catch (error) {
        this.#findings.error('report-checkpoint', where, `公布所附的检查点无法读取 (its checkpoint cannot be read): ${messageOf(error)}`);
      }
    }
  }

  /** A published table in the pack is the frozen one. */
  member(table: PrintedTable, where: string): void {
    const published = this.#reports.get(`report-${table.agency}/${table.year}`)?.published ?? null;
    if (published === null)
      this.#findings.error('published-without-report', where, '没有公布该表的报告事件 (no event published this table)');
    else if (published.computedHash !== table.computedHash || published.hash !== table.hash)
      this.#findings.error('published-differs', where, '与公布时冻结的表不同 (another table than the one frozen and published)');
  }

  /** Reports published, whose tables the pack should hold. */
  *expected(): Generator<{ readonly agency: string; readonly year: number }> {
    // A roll-up stands in the event that froze it alone.
    for (const { published } of this.#reports.values())
      if (published !== null && published.members === null) yield { agency: published.agency, year: published.year };
  }
}

/**
 * Errors the frozen table says of itself that no entry of `accepted` names by rule and all of its cells, with a reason.
 */
function openErrors({ findings }: PrintedTable, accepted: unknown): string[] {
  const entries: readonly unknown[] = Array.isArray(accepted) ? accepted : [];
  const isAccepted = ({ rule, cells }: PrintedFinding): boolean =>
    entries.map(membersOf).some((entry) => {
      if (entry['rule'] !== rule || !Array.isArray(entry['cells']) || typeof entry['reason'] !== 'string' || entry['reason'] === '')
        return false;
      const named = new Set<unknown>(entry['cells']);
      return named.size === cells.length && cells.every((cell) => named.has(cell));
    });
  return findings
    .filter((finding) => finding.severity === 'error' && !isAccepted(finding))
    .map(({ rule, cells }) => `${rule} ${cells.join(', ')}`);
}
