/**
 * What an attacker does to what a pack says: each name of its JSON, each cell and list, events by field, signatures.
 * Digests are mended as anybody can.
 */
import { canonicalJson } from '../../src/encoding/canonical-json.js';
import { signCheckpoint } from '../../src/ledger/checkpoint.js';
import { addSignature, formatVerifierKey, generateSignerKey, type SignerKey } from '../../src/ledger/signed-note.js';
import { tableHash } from '../../src/verifier/format/printed-table.js';
import { mended, type Deed } from './kit-archive.js';
import { gzipped, linesOf, listed, memberOf, rebuildLedger, setLines, tarOfMembers, type PackMember } from './packs.js';

type Json = Record<string, unknown>;
type Table = Json & { rows: Json[]; findings: Json[]; asOf: Json };

const EVENTS = 'events/000000.ndjson';
const ENTRIES = 'entries/000000.ndjson';
const CHECKPOINTS = 'checkpoints/000000.ndjson';

const parsed = <T extends object = Json>(text: string | Buffer): T => JSON.parse(text.toString()) as T;

/** Another value of the same sort. */
function other(value: unknown): unknown {
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'string') return /^\d/.test(value) ? `9${value}` : `${value}x`;
  if (value === null) return 'x';
  if (Array.isArray(value)) return value.slice(0, -1);
  return typeof value === 'boolean' ? !value : {};
}

/** Each name taken away, written otherwise, doubled in sense, of another value, of another sort; and one name more. */
function editsOf(of: Json, ...except: readonly string[]): [string, (value: Json) => void][] {
  const names = Object.keys(of).filter((name) => !except.includes(name));
  return [
    ...names.flatMap((name): [string, (value: Json) => void][] => [
      [`without ${name}`, (value) => void delete value[name]],
      [
        `${name} under another name`,
        (value) => {
          value[`${name}_`] = value[name];
          delete value[name];
        },
      ],
      [`another ${name}`, (value) => void (value[name] = other(value[name]))],
      [`${name} of another sort`, (value) => void (value[name] = typeof value[name] === 'number' ? String(value[name]) : 7)],
    ]),
    ['a name more', (value) => void (value['approvedBy'] = '县长')],
    ['an empty name more', (value) => void (value[''] = null)],
  ];
}

const setJson = (member: PackMember, value: unknown): void => void (member.bytes = Buffer.from(canonicalJson(value)));

/** What says the same in other bytes. */
const OTHER_TEXTS: Readonly<Record<string, (text: string) => string>> = {
  'a blank': (text) => text.replace(/^[[{]/, '$& '),
  'a newline at the end': (text) => `${text}\n`,
  'a byte order mark': (text) => `\uFEFF${text}`,
  'a name twice': (text) => text.replace('{', '{"x":0,"x":1,'),
  'an escaped letter': (text) => text.replace(/"([a-z])/, (_, letter: string) => `"\\u00${letter.charCodeAt(0).toString(16)}`),
};

/** `pack.json`, the list of members, and every other member that is one JSON text. */
export function fixedDeeds(members: readonly PackMember[]): Deed[] {
  const ofPack = editsOf(parsed(memberOf(members, 'pack.json').bytes)).map(([what, edit]) =>
    mended(members, `pack.json ${what}`, (all) => {
      const value = parsed(memberOf(all, 'pack.json').bytes);
      edit(value);
      setJson(memberOf(all, 'pack.json'), value);
    }),
  );
  const cuts: readonly unknown[] = [
    {},
    { agency: null, year: null },
    { agency: 'nobody', year: null },
    { agency: null, year: 2016 },
    { year: 2017 },
    'all',
  ];
  const ofCut = cuts.map((cut) =>
    mended(members, `pack.json cut ${JSON.stringify(cut)}`, (all) =>
      setJson(memberOf(all, 'pack.json'), { ...parsed(memberOf(all, 'pack.json').bytes), cut }),
    ),
  );
  const texts = members
    .filter(({ name }) => name.endsWith('.json') && name !== 'members.json')
    .flatMap(({ name }) =>
      Object.entries(OTHER_TEXTS).map(([what, change]) =>
        mended(members, `${name} with ${what}`, (all) => {
          const member = memberOf(all, name);
          member.bytes = Buffer.from(change(member.bytes.toString()));
        }),
      ),
    );
  const ofKeys = editsOf(parsed(memberOf(members, 'keys.json').bytes), 'witnesses').flatMap(([what, edit]) => {
    // Whose keys they are is vouched for by nobody: another list of keys is no finding.
    if (what.startsWith('another')) return [];
    return [
      mended(members, `keys.json ${what}`, (all) => {
        const value = parsed(memberOf(all, 'keys.json').bytes);
        edit(value);
        setJson(memberOf(all, 'keys.json'), value);
      }),
    ];
  });
  return [...ofPack, ...ofCut, ...texts, ...ofKeys, ...listDeeds(members)];
}

/** The list of members itself. */
function listDeeds(members: readonly PackMember[]): Deed[] {
  const list = (what: string, edit: (records: Json[]) => unknown): Deed => ({
    name: `members.json ${what}`,
    make: () => {
      const all = listed(members);
      const member = memberOf(all, 'members.json');
      const records = parsed<Json[]>(member.bytes);
      setJson(member, edit(records) ?? records);
      return gzipped(tarOfMembers(all));
    },
  });
  const of = members.findIndex(({ name }) => name === EVENTS);
  return [
    ...editsOf(parsed<Json[]>(memberOf(listed(members), 'members.json').bytes)[of] as Json).map(([what, edit]) =>
      list(`of events ${what}`, (records) => edit(records[of] as Json)),
    ),
    list('of a member without lines, with lines', (records) => void ((records[0] as Json)['lines'] = 1)),
    list('one less', (records) => records.slice(0, -1)),
    list('one more', (records) => [...records, records[0]]),
    list('in another order', (records) => records.toReversed()),
    list('as an object', (records) => ({ records })),
    list('of null', (records) => records.map(() => null)),
    list('empty', () => []),
  ];
}

/** Tables under the hash that they then have. */
export function tableDeeds(members: readonly PackMember[]): Deed[] {
  return members
    .filter(({ name }) => name.startsWith('tables/'))
    .flatMap(({ name, bytes }) => {
      const table = parsed<Table>(bytes);
      const deed = (what: string, edit: (value: Table) => void, hashed = true): Deed =>
        mended(members, `${name} ${what}`, (all) => {
          const member = memberOf(all, name);
          const value = parsed<Table>(member.bytes);
          edit(value);
          setJson(
            member,
            hashed && Array.isArray(value.rows) && typeof value.asOf === 'object' ? { ...value, hash: tableHash(value) } : value,
          );
        });
      return [
        // What is said beside the figures is recomputed by nobody.
        ...editsOf(table, 'findings', 'hash').map(([what, edit]) => deed(what, edit)),
        deed('another hash', (value) => void (value['hash'] = `sha256:${'0'.repeat(64)}`), false),
        deed('without hash', (value) => void delete value['hash'], false),
        deed('without findings', (value) => void delete (value as Json)['findings']),
        ...editsOf(table.asOf).map(([what, edit]) => deed(`asOf ${what}`, (value) => edit(value.asOf))),
        deed('asOf a position', (value) => void (value.asOf['position'] = '1')),
        ...editsOf(table.rows[1] as Json).map(([what, edit]) => deed(`a row ${what}`, (value) => edit(value.rows[1] as Json))),
        ...editsOf(table.findings[0] ?? {}).flatMap(([what, edit]) =>
          what.startsWith('another') || table.findings.length === 0
            ? []
            : [deed(`a finding ${what}`, (value) => edit(value.findings[0] as Json))],
        ),
        ...['first', 'last'].map((which) =>
          deed(`its ${which} row left out`, (value) => void value.rows.splice(which === 'first' ? 0 : -1, 1)),
        ),
        deed('a row twice', (value) => void value.rows.push(value.rows[1] as Json)),
        deed('rows in another order', (value) => void value.rows.reverse()),
        ...cellDeeds(table.rows).map(([what, edit]) => deed(what, (value) => edit(value.rows))),
      ];
    });
}

/** Every cell: another number, and blank where it is none. */
function cellDeeds(rows: readonly Json[]): [string, (rows: Json[]) => void][] {
  return rows.flatMap((row, at): [string, (rows: Json[]) => void][] => {
    const { code, cells } = row as { readonly code: unknown; readonly cells?: Json };
    if (cells === undefined) return [[`cell ${String(code)}`, (all) => void ((all[at] as Json)['value'] = other(row['value']))]];
    return Object.keys(cells).map((column) => [
      `cell ${String(code)}:${column}`,
      (all) => {
        const its = (all[at] as { cells: Json }).cells;
        its[column] = its[column] === null ? '1' : null;
      },
    ]);
  });
}

/** Tables that no event calls for: made of one that is there, or left out. */
export function tableListDeeds(
  members: readonly PackMember[],
  { agency, year, stranger }: { agency: string; year: number; stranger: string },
): Deed[] {
  const live = memberOf(members, `tables/${agency}/${year}/live.json`);
  const zeros = (of: string, which: number, view: string, form?: string): Json => {
    const { hash: _, ...table } = parsed<Json & { rows: Json[] }>(live.bytes);
    const rows = table.rows.map((row) => ({ ...row, value: row['value'] === null || row['basis'] === 'declared' ? null : '0' }));
    const made = { ...table, agency: of, year: which, view, rows, findings: [], ...(form === undefined ? {} : { form }) };
    return { ...made, hash: tableHash(made) };
  };
  const put = (what: string, table: Json): Deed =>
    mended(members, what, (all) => {
      const name = `tables/${String(table['agency'])}/${String(table['year'])}/${String(table['view'])}.json`;
      const end = all.findIndex((member) => member.name.startsWith('tables/') && member.name > name);
      all.splice(end < 0 ? all.length - 1 : end, 0, { name, bytes: Buffer.from(canonicalJson(table)) });
    });
  return [
    put('a table of zeros of an agency that is nowhere', zeros(stranger, year, 'live')),
    put('a table of zeros of an agency that would be the first', zeros('0', year, 'live')),
    put('a table of zeros of a year without acts', zeros(agency, year + 1, 'live')),
    put('a table of zeros of a year long before', zeros(agency, 1999, 'live')),
    put('a table of zeros of a year to come', zeros(agency, 2099, 'live', '2021')),
    put('a declared table that nobody declared', zeros(agency, year + 1, 'paper')),
    put('a published table that nobody published', zeros(agency, year + 1, 'published')),
    put('a difference', zeros(agency, year, 'difference')),
    put('a table of a year of five digits', { ...zeros(agency, year, 'live'), year: 20170 }),
  ];
}

/** Events by field: alone, with their entry, and with the whole tree; entries by field. */
export function eventDeeds(members: readonly PackMember[]): Deed[] {
  const lines = linesOf(memberOf(members, EVENTS));
  const picked = ['agency.registered', 'publication.released', 'agency.figure-declared', 'report.published'].map((type) =>
    lines.findIndex((line) => parsed(line)['type'] === type),
  );
  const edited = (all: PackMember[], name: string, at: number, edit: (value: Json) => void): void => {
    const member = memberOf(all, name);
    const value = parsed(linesOf(member)[at] as string);
    edit(value);
    setLines(member, linesOf(member).with(at, canonicalJson(value)));
  };
  const ofFields = picked.flatMap((at) => {
    const { type } = parsed(lines[at] as string);
    return editsOf(parsed(lines[at] as string)).flatMap(([what, edit]) => [
      mended(members, `event ${String(type)} ${what}`, (all) => edited(all, EVENTS, at, edit)),
      // With entries, tiles and root, wherever what comes of it can be entered at all.
      ...(/of another sort|without|under another name|a name more|an empty name|another (data|metadata)/.test(what)
        ? []
        : [
            mended(members, `event and tree ${String(type)} ${what}`, (all) => {
              edited(all, EVENTS, at, edit);
              rebuildLedger(all);
            }),
          ]),
    ]);
  });
  const ofEntries = editsOf(parsed(linesOf(memberOf(members, ENTRIES))[3] as string)).map(([what, edit]) =>
    mended(members, `entry ${what}`, (all) => edited(all, ENTRIES, 3, edit)),
  );
  const ofLists = [EVENTS, ENTRIES, CHECKPOINTS].flatMap((name) =>
    Object.entries<(all: string[]) => string[]>({
      'first line left out': (all) => all.slice(1),
      'last line left out': (all) => all.slice(0, -1),
      'a line twice': (all) => [...all, all.at(-1) as string],
      'two lines swapped': (all) => [all[1] as string, all[0] as string, ...all.slice(2)],
      'an empty line': (all) => [...all, ''],
      'a line that is null': (all) => [...all, 'null'],
      'a line with a blank': (all) => all.with(0, `${all[0] as string} `),
      'lines that end as on Windows': (all) => all.map((line) => `${line}\r`),
    }).map(([what, change]) =>
      mended(members, `${name} ${what}`, (all) => setLines(memberOf(all, name), change(linesOf(memberOf(all, name))))),
    ),
  );
  const chunks = ['entries', 'events', 'checkpoints'].map((of) =>
    mended(members, `an empty chunk of ${of} more`, (all) => {
      const at = all.findIndex(({ name }) => name === `${of}/000000.ndjson`);
      all.splice(at + 1, 0, { name: `${of}/000001.ndjson`, bytes: Buffer.alloc(0) });
    }),
  );
  const pair = mended(members, 'an empty pair of chunks more', (all) => {
    const at = all.findIndex(({ name }) => name === EVENTS);
    all.splice(
      at + 1,
      0,
      { name: 'entries/000001.ndjson', bytes: Buffer.alloc(0) },
      { name: 'events/000001.ndjson', bytes: Buffer.alloc(0) },
    );
  });
  return [...ofFields, ...ofEntries, ...ofLists, ...chunks, pair];
}

/**
 * Checkpoints, cosignatures, keys. Ids and times of the lines are under no signature: another one of the same sort is
 * no finding.
 */
export function signatureDeeds(members: readonly PackMember[], { origin, witness }: { origin: string; witness: SignerKey }): Deed[] {
  const lines = linesOf(memberOf(members, CHECKPOINTS)).map((line) => parsed<Json & { data: Json }>(line));
  const change = (what: string, at: number, edit: (line: Json & { data: Json }) => void): Deed =>
    mended(members, `checkpoint ${at}: ${what}`, (all) =>
      setLines(
        memberOf(all, CHECKPOINTS),
        lines.map((line, place) => {
          const copy = structuredClone(line);
          if (place === at) edit(copy);
          return canonicalJson(copy);
        }),
      ),
    );
  const signed = lines.findLastIndex(({ type }) => type === 'checkpoint.signed');
  const cosigned = lines.findLastIndex(({ type }) => type === 'checkpoint.cosigned');
  const note = String(lines[signed]?.data['note']);
  const [, size, root] = note.split('\n') as [string, string, string];
  const checkpoint = { origin, size: Number(size), root: Buffer.from(root, 'base64') };
  const stranger = generateSignerKey(origin);
  const resigned =
    (text: string): ((line: { data: Json }) => void) =>
    (line) =>
      void (line.data['note'] = text);
  return [
    ...[signed, cosigned]
      .flatMap((at) => [
        ...editsOf(lines[at] as Json, 'eventId', 'recordedAt').map(([what, edit]) => change(what, at, edit)),
        ...['eventId', 'recordedAt'].flatMap((name) => [
          change(`without ${name}`, at, (line) => void delete line[name]),
          change(`${name} of another sort`, at, (line) => void (line[name] = 'x')),
        ]),
        ...editsOf(lines[at]?.data as Json).map(([what, edit]) => change(`data ${what}`, at, (line) => edit(line.data))),
        change('the id of another', at, (line) => void (line['eventId'] = lines[0]?.['eventId'])),
      ])
      .filter(({ name }) => !name.endsWith(': the id of another') || signed !== 0),
    change('signed by a stranger', signed, resigned(signCheckpoint(checkpoint, [stranger], 0))),
    change(
      'of another root, signed by a stranger',
      signed,
      resigned(signCheckpoint({ ...checkpoint, root: Buffer.alloc(32, 7) }, [stranger], 0)),
    ),
    change('of a larger size', signed, resigned(note.replace(`\n${size}\n`, `\n${Number(size) + 1}\n`))),
    change('of a smaller size', signed, resigned(note.replace(`\n${size}\n`, `\n${Number(size) - 1}\n`))),
    change('of another ledger', signed, resigned(note.replace(origin, 'other.example/ledger'))),
    change('with a line more in its text', signed, resigned(note.replace('\n\n', '\nmore\n\n'))),
    change('without its signature', signed, resigned(`${note.slice(0, note.indexOf('\n\n'))}\n`)),
    change('no note', signed, resigned('none')),
    change('cosigned under the key id by another', cosigned, (line) => {
      const forger = { ...generateSignerKey(witness.name, 'cosignature'), id: witness.id };
      line.data['cosignatures'] = [addSignature(note, forger, 0).slice(note.length).trimEnd()];
    }),
    change('no cosignatures', cosigned, (line) => void (line.data['cosignatures'] = [])),
    change('cosigned by a stranger alone', cosigned, (line) => {
      line.data['cosignatures'] = [
        addSignature(note, generateSignerKey('stranger.example', 'cosignature'), 0).slice(note.length).trimEnd(),
      ];
    }),
    mended(members, 'rewritten, signed by a stranger whose key keys.json names', (all) => {
      const events = memberOf(all, EVENTS);
      setLines(
        events,
        linesOf(events).map((line) => line.replace('政务公开工作会议', '另一个会议')),
      );
      const forged = { ...checkpoint, root: rebuildLedger(all) };
      setLines(memberOf(all, CHECKPOINTS), [canonicalJson({ ...lines[0], data: { note: signCheckpoint(forged, [stranger], 0) } })]);
      setJson(memberOf(all, 'keys.json'), { ledger: [formatVerifierKey(stranger)], witnesses: [] });
    }),
    mended(members, 'the checkpoints left out', (all) => all.filter(({ name }) => name !== CHECKPOINTS)),
  ];
}
