/** The pack that attackers tamper with, and everything they do to it, part by part. */
import { randomUUID } from 'node:crypto';
import { canonicalJson } from '../../src/encoding/canonical-json.js';
import { addSignature, generateSignerKey, type SignerKey } from '../../src/ledger/signed-note.js';
import { gzipDeeds, memberDeeds, tarDeeds, type Deed } from './kit-archive.js';
import { eventDeeds, fixedDeeds, signatureDeeds, tableDeeds, tableListDeeds } from './kit-json.js';
import { openTestLedger } from './ledger.js';
import { AGENCY, at, message, setUp } from './messages.js';
import { checkpoint, linesOf, makePack, memberOf, membersOf, remake, setLines, type PackMember } from './packs.js';
import { reportOf, tableNow } from './reports.js';
import { oneMoreItem, smallYear } from './year.js';

const ORIGIN = 'ledger.example/disclosure';
const OTHER = 'other-agency';
const CHECKPOINTS = 'checkpoints/000000.ndjson';

export interface Kit {
  readonly key: SignerKey;
  readonly witness: SignerKey;
  readonly members: PackMember[];
  readonly deeds: (part: Part) => Deed[];
}

const DEEDS = {
  'members moved, cut and flipped': memberDeeds,
  gzip: gzipDeeds,
  tar: tarDeeds,
  'what stands before the history': fixedDeeds,
  tables: tableDeeds,
  'the list of tables': (members) => tableListDeeds(members, { agency: AGENCY, year: 2017, stranger: 'zz-nobody' }),
  'events and entries': eventDeeds,
  signatures: (members, witness) => signatureDeeds(members, { origin: ORIGIN, witness }),
} as const satisfies Readonly<Record<string, (members: PackMember[], witness: SignerKey) => Deed[]>>;

export type Part = keyof typeof DEEDS;
export const PARTS = Object.keys(DEEDS) as Part[];

/**
 * Writes into `file` a year counted, published and recounted; two years known from paper, one of which no form of the
 * agency serves; a second agency; two checkpoints, the last one cosigned.
 */
export async function openKit(file: string): Promise<Kit> {
  const key = generateSignerKey(ORIGIN);
  const witness = generateSignerKey('witness.example/one', 'cosignature');
  const ledger = openTestLedger();
  const paper = (year: number): unknown =>
    message('table.declared', `table/${year}`, at('2018-02-01'), 'clerk', {
      ...{ year, form: '2014-shandong', cells: { '1.1': '7', '8': '0.2' }, evidence: '年报' },
    });
  await ledger.send(...smallYear(), paper(2016), paper(2013));
  await ledger.send(...reportOf(await tableNow(ledger)));
  await ledger.settled();
  await checkpoint(ledger, [key]);
  const receipts = await ledger.send(
    ...oneMoreItem('late'),
    ...setUp(OTHER),
    message('meeting.held', 'meeting/1', at('2017-05-02'), 'office', { title: '会议' }, { agency: OTHER }),
  );
  expect(receipts.map(({ status }) => status)).toEqual(receipts.map(() => 'recorded'));
  await ledger.settled();
  await checkpoint(ledger, [key]);
  await makePack(ledger, file, { keys: [key], witnesses: [witness] });
  await ledger.finish();
  remake(file, cosigned(membersOf(file), witness));
  const members = membersOf(file);
  return { key, witness, members, deeds: (part) => DEEDS[part](members, witness) };
}

/** The last checkpoint as a witness cosigned it. */
function cosigned(all: PackMember[], witness: SignerKey): PackMember[] {
  const member = memberOf(all, CHECKPOINTS);
  const last = JSON.parse(linesOf(member).at(-1) as string) as { revision: number; data: { note: string } };
  const { note } = last.data;
  const [, size, root] = note.split('\n');
  const data = { size: Number(size), root, cosignatures: [addSignature(note, witness, Date.now()).slice(note.length).trimEnd()] };
  const line = { ...last, revision: last.revision + 1, eventId: randomUUID(), type: 'checkpoint.cosigned', data };
  setLines(member, [...linesOf(member), canonicalJson(line)]);
  return all;
}

/** So many of a part, spread over the whole of it. */
export function someOf(deeds: readonly Deed[], most: number): Deed[] {
  const step = Math.max(1, deeds.length / most);
  return deeds.filter((_, at) => Math.floor(at / step) !== Math.floor((at - 1) / step));
}
