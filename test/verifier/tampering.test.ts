/**
 * A pack that was changed is found out: by whoever changes bytes, and by whoever puts everything together again but
 * cannot sign.
 */
import { createHash, randomUUID } from 'node:crypto';
import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { canonicalJson } from '../../src/encoding/canonical-json.js';
import { leafHash } from '../../src/ledger/merkle.js';
import { addSignature, generateSignerKey, type SignerKey } from '../../src/ledger/signed-note.js';
import { signCheckpoint } from '../../src/ledger/checkpoint.js';
import { Calculator } from '../../src/verifier/calculator/calculator.js';
import { tableHash } from '../../src/verifier/format/printed-table.js';
import { mth } from '../ledger/c2sp.js';
import { budget } from '../support/budget.js';
import { openTestLedger, type TestLedger } from '../support/ledger.js';
import { AGENCY } from '../support/messages.js';
import {
  checkpoint,
  errorsOf,
  forged,
  linesOf,
  makePack,
  memberOf,
  membersOf,
  packFile,
  remake,
  setLines,
  tarOf,
  tarOfMembers,
  verify,
  writeTar,
  type PackMember,
} from '../support/packs.js';
import { oneMoreItem, smallYear } from '../support/year.js';

const ORIGIN = 'ledger.example/disclosure';
const key = generateSignerKey(ORIGIN);
const ENTRIES = 'entries/000000.ndjson';
const EVENTS = 'events/000000.ndjson';
const CHECKPOINTS = 'checkpoints/000000.ndjson';
const TABLE = `tables/${AGENCY}/2017/live.json`;

let ledger: TestLedger;
const file = packFile();
const changed = packFile();
let older: string;

beforeAll(async () => {
  ledger = openTestLedger();
  await ledger.send(...smallYear());
  await ledger.settled();
  older = await checkpoint(ledger, [key]);
  await ledger.send(...oneMoreItem('more'));
  await ledger.settled();
  await checkpoint(ledger, [key]);
  await ledger.settled();
  await makePack(ledger, file, { keys: [key] });
});

afterAll(() => ledger.finish());

const found = async (keys: readonly SignerKey[] = [key]): Promise<string[]> => errorsOf(await verify(changed, { keys }));

/** Changes members, and everything in the pack that can be made to fit without a key. */
async function rewritten(change: (members: PackMember[]) => void, keys: readonly SignerKey[] = [key]): Promise<string[]> {
  const members = membersOf(file);
  change(members);
  remake(changed, members);
  return found(keys);
}

const edit = (line: string): string => line.replace('政务公开工作会议', '另一个会议');
const meeting = (lines: readonly string[]): number => lines.findIndex((line) => line.includes('政务公开工作会议'));

test('left alone it holds', async () => {
  const result = await verify(file, { keys: [key], previousCheckpoint: older });
  expect(result.findings).toEqual([]);
  expect(result).toMatchObject({ holds: true, origin: ORIGIN, checkpoints: 2, signed: { size: result.size, by: [`${ORIGIN}+${key.id}`] } });
});

test('rebuilt by the specification it is the same', async () => {
  // Taken apart and put together again by the specification it is the same.
  const members = membersOf(file);
  expect(tarOfMembers(members).equals(tarOf(file))).toBe(true);
  remake(changed, members);
  expect(tarOf(changed).equals(tarOf(file))).toBe(true);
});

test('any changed byte of the tar is found', async () => {
  // Any byte of the tar that is another is found.
  const tar = tarOf(file);
  for (let round = 0; round < budget(60, 250); round += 1) {
    const bytes = Buffer.from(tar);
    // Spread over the whole, the same in every run.
    const at = createHash('sha256').update(`byte ${round}`).digest().readUInt32BE() % bytes.length;
    bytes[at] = (bytes[at] as number) ^ (1 << (round % 8));
    writeTar(changed, bytes);
    const result = await verify(changed, { keys: [key] });
    if (result.holds) throw new Error(`byte ${at} was changed, and nothing found`);
  }
});

test('any changed byte of the file is found', async () => {
  // Any byte of the file that is another is found, or changes nothing of the tar.
  const zipped = readFileSync(file);
  const tar = tarOf(file);
  for (let round = 0; round < 140; round += 1) {
    const bytes = Buffer.from(zipped);
    const at =
      round < 40
        ? round < 20
          ? round
          : bytes.length - 1 - (round - 20)
        : createHash('sha256').update(`file ${round}`).digest().readUInt32BE() % bytes.length;
    bytes[at] = (bytes[at] as number) ^ (1 << (round % 8));
    writeFileSync(changed, bytes);
    const { holds } = await verify(changed, { keys: [key] });
    if (holds && !gunzipSync(bytes).equals(tar)) throw new Error(`byte ${at} was changed, and nothing found`);
  }
});

test('cut off anywhere it is no pack', async () => {
  const { length } = readFileSync(file);
  for (const size of [0, 1, 9, 10, 11, 500, Math.floor(length / 2), length - 9, length - 8, length - 1]) {
    writeFileSync(changed, readFileSync(file));
    truncateSync(changed, size);
    expect(await found()).toEqual(['unreadable']);
  }
});

test('something behind the end is found', async () => {
  for (const more of [Buffer.alloc(1), Buffer.alloc(1000), Buffer.from('more'), readFileSync(file)]) {
    writeFileSync(changed, Buffer.concat([readFileSync(file), more]));
    expect(await found()).toEqual(['unreadable']);
  }
});

test('an archive that breaks off is incomplete', async () => {
  writeTar(changed, tarOfMembers(membersOf(file).slice(0, 12)));
  expect(await found()).toContain('incomplete');
});

describe('everything put together again, without a key', () => {
  test('an event edited: its entry says otherwise', async () => {
    expect(
      await rewritten((members) => {
        const events = memberOf(members, EVENTS);
        setLines(events, linesOf(events).map(edit));
      }),
    ).toEqual(['cell-differs', 'entry-differs', 'event-missing']);
  });

  test('an event with tree edited: the checkpoint tells', async () => {
    // An event edited with entries, tiles and root: the signed checkpoint says otherwise.
    expect(await rewritten(forged((lines) => lines.map(edit)))).toEqual(['checkpoint-root']);
  });

  test('the last event dropped', async () => {
    const rules = await rewritten(forged((lines) => lines.slice(0, -1)));
    expect(rules).toEqual(expect.arrayContaining(['checkpoint-size']));
  });

  test('an event dropped from its stream, indexes closed', async () => {
    // An event dropped from the middle of its stream, and the indexes closed up.
    const rules = await rewritten(
      forged((lines) => lines.filter((_, at) => at !== 3).map((line, at) => line.replace(/"index":\d+/, `"index":${at}`))),
    );
    expect(rules).toEqual(expect.arrayContaining(['revision-gap', 'checkpoint-root']));
  });

  test('two events swapped', async () => {
    const rules = await rewritten(
      forged((lines) => {
        const at = meeting(lines);
        const [a, b] = [lines[at] as string, lines[at + 1] as string];
        const index = (line: string, of: number): string => line.replace(/"index":\d+/, `"index":${of}`);
        return lines.map((line, place) => (place === at ? index(b, at) : place === at + 1 ? index(a, at + 1) : line));
      }),
    );
    expect(rules).toEqual(expect.arrayContaining(['checkpoint-root']));
  });

  test('two lines of events swapped', async () => {
    const rules = await rewritten((members) => {
      const events = memberOf(members, EVENTS);
      const [a, b, ...rest] = linesOf(events) as [string, string, ...string[]];
      setLines(events, [b, a, ...rest]);
    });
    // The registration is one of them: no event is read that says there is such an agency.
    expect(rules).toEqual(['event-missing', 'event-order', 'table-outside']);
  });

  test('an event twice', async () => {
    const rules = await rewritten((members) => {
      const events = memberOf(members, EVENTS);
      const lines = linesOf(events);
      setLines(events, [...lines, lines.at(-1) as string]);
    });
    expect(rules).toEqual(['event-order']);
  });

  test('an event twice, as two of the ledger', async () => {
    const rules = await rewritten(
      forged((lines) => [...lines, (lines.at(-1) as string).replace(/"index":\d+/, `"index":${lines.length}`)]),
    );
    expect(rules).toEqual(expect.arrayContaining(['duplicate-event', 'revision-gap', 'unsigned-tail']));
  });

  test('an event left out, its entry not', async () => {
    expect(
      await rewritten((members) => {
        const events = memberOf(members, EVENTS);
        const lines = linesOf(events);
        setLines(
          events,
          lines.filter((_, at) => at !== meeting(lines)),
        );
      }),
    ).toEqual(['cell-differs', 'event-missing']);
  });

  test('a line in another form is found', async () => {
    const rules = await rewritten((members) => {
      const events = memberOf(members, EVENTS);
      setLines(
        events,
        linesOf(events).map((line, at) => (at === 4 ? line.replace('{"data"', '{ "data"') : line)),
      );
    });
    expect(rules).toEqual(['event-form', 'event-missing']);
  });

  test('the checkpoints left out', async () => {
    const without = (members: PackMember[]): void =>
      void members.splice(
        members.findIndex(({ name }) => name === CHECKPOINTS),
        1,
      );
    expect(await rewritten(without)).toEqual(['not-signed']);
    // Without a key of his own the auditor is only told.
    expect(await rewritten(without, [])).toEqual([]);
    expect((await verify(changed)).findings.map(({ rule }) => rule)).toEqual(['not-signed']);
  });

  test('the last checkpoint left out', async () => {
    const without = (members: PackMember[]): void =>
      setLines(memberOf(members, CHECKPOINTS), linesOf(memberOf(members, CHECKPOINTS)).slice(0, 1));
    expect(await rewritten(without)).toEqual(['unsigned-tail']);
  });

  test('the first checkpoint left out', async () => {
    expect(
      await rewritten((members) => setLines(memberOf(members, CHECKPOINTS), linesOf(memberOf(members, CHECKPOINTS)).slice(1))),
    ).toEqual(['checkpoint-gap']);
  });

  test('a signature altered', async () => {
    const rules = await rewritten((members) => {
      const member = memberOf(members, CHECKPOINTS);
      const lines = linesOf(member).map((line) => JSON.parse(line) as { data: { note: string } });
      const note = (lines.at(-1) as { data: { note: string } }).data.note;
      // Inside the base64 of the signature, past key id.
      const at = note.length - 40;
      (lines.at(-1) as { data: { note: string } }).data.note = `${note.slice(0, at)}${note[at] === 'A' ? 'B' : 'A'}${note.slice(at + 1)}`;
      setLines(
        member,
        lines.map((line) => canonicalJson(line)),
      );
    });
    expect(rules).toEqual(['checkpoint-signature', 'unsigned-tail']);
  });

  test('rewritten and signed with one’s own key', async () => {
    const own = generateSignerKey(ORIGIN);
    const resign = (members: PackMember[]): void => {
      forged((lines) => lines.map(edit))(members);
      const size = linesOf(memberOf(members, ENTRIES)).length;
      const root = mth(linesOf(memberOf(members, ENTRIES)).map((entry) => leafHash(entry)));
      const member = memberOf(members, CHECKPOINTS);
      const line = JSON.parse(linesOf(member)[0] as string) as { data: { note: string } };
      line.data.note = signCheckpoint({ origin: ORIGIN, size, root }, [own], Date.now());
      setLines(member, [canonicalJson(line)]);
      memberOf(members, 'keys.json').bytes = Buffer.from(canonicalJson({ ledger: [vkeyOf(own)], witnesses: [] }));
    };
    expect(await rewritten(resign)).toEqual(['not-signed']);
    // With the keys of the pack alone it holds, and says what that is worth.
    expect(await rewritten(resign, [])).toEqual([]);
    const result = await verify(changed);
    expect(result.signed?.by).toEqual([`${ORIGIN}+${own.id}`]);
    expect(result.notVerified.join()).toContain('no key given');
    // Whoever kept a checkpoint finds it out without any key.
    expect(errorsOf(await verify(changed, { previousCheckpoint: older }))).toEqual(['previous-checkpoint']);
  });

  test('a live table edited, its hash with it', async () => {
    const rules = await rewritten((members) => {
      const member = memberOf(members, TABLE);
      const table = JSON.parse(member.bytes.toString()) as { rows: { code: string; value: string | null }[]; hash: string };
      (table.rows.find(({ code }) => code === '1.1') as { value: string }).value = '9';
      member.bytes = Buffer.from(canonicalJson(table));
    });
    expect(rules).toEqual(['cell-differs', 'table-hash']);
  });

  test('a live table edited, its total, its hash', async () => {
    const rules = await rewritten((members) => {
      const member = memberOf(members, TABLE);
      const table = JSON.parse(member.bytes.toString()) as { rows: { code: string; value: string | null }[]; hash: string };
      for (const row of table.rows) if (row.code.startsWith('1.')) row.value = row.value === null ? null : String(Number(row.value) * 2);
      member.bytes = Buffer.from(canonicalJson({ ...table, hash: tableHash(table as unknown as Record<string, unknown>) }));
    });
    expect(rules).toEqual(['cell-differs']);
  });

  test('a table as-of edited, one left out', async () => {
    // A table as of an earlier event, and one left out.
    const { asOf, ...plain } = ledger.tables.plain({ agency: AGENCY, year: 2017, asOf: 'index:20' }).table;
    const earlier = { ...plain, asOf: { index: asOf.index, recordedAt: asOf.recordedAt } };
    expect(await rewritten((members) => void (memberOf(members, TABLE).bytes = Buffer.from(canonicalJson(earlier))))).toEqual([
      'table-as-of',
    ]);
    expect(
      await rewritten(
        (members) =>
          void members.splice(
            members.findIndex(({ name }) => name === TABLE),
            1,
          ),
      ),
    ).toEqual(['table-missing']);
  });

  test('a table of an agency that has none', async () => {
    const rules = await rewritten((members) => {
      const member = memberOf(members, TABLE);
      members.splice(members.indexOf(member) + 1, 0, { name: `tables/${AGENCY}/2017/published.json`, bytes: member.bytes });
    });
    expect(rules).toEqual(['published-without-report', 'table-form']);
  });

  test.each([
    ['calendars.json', 'calendar-unknown', '2017-01-02', '2017-01-09'],
    ['forms/2014-shandong.json', 'form-unknown', '政府', '政协'],
    ['rules.json', 'rules-unknown', '"sum"', '"part-of"'],
  ])('%s edited', async (name, rule, from, to) => {
    const rules = await rewritten((members) => {
      const member = memberOf(members, name);
      const text = member.bytes.toString();
      expect(text).toContain(from);
      member.bytes = Buffer.from(text.replace(from, to));
    });
    expect(rules).toContain(rule);
  });

  test('the verifier in it exchanged', async () => {
    await rewritten((members) => void (memberOf(members, 'verify.mjs').bytes = Buffer.from('// all is well\n')));
    expect((await verify(changed, { keys: [key] })).findings.map(({ rule }) => rule)).toEqual(['another-verifier']);
  });

  test('a tile edited', async () => {
    const rules = await rewritten((members) => {
      const tile = members.find(({ name }) => name.startsWith('tile/')) as PackMember;
      tile.bytes[3] = (tile.bytes[3] as number) ^ 1;
    });
    expect(rules).toEqual(['tile']);
  });

  test.each(['calendars.json', 'rules.json', 'keys.json', 'SPEC.md', 'verify.mjs', ENTRIES, EVENTS])('%s left out', async (name) => {
    const rules = await rewritten(
      (members) =>
        void members.splice(
          members.findIndex((member) => member.name === name),
          1,
        ),
    );
    expect(rules.some((rule) => ['member-missing', 'member-unknown', 'unreadable'].includes(rule))).toBe(true);
  });

  test('a member twice, unknown or out of order', async () => {
    // A member twice, an unknown one, one out of order.
    const twice = await rewritten((members) => void members.splice(3, 0, members[2] as PackMember));
    expect(twice).toEqual(['member-unknown']);
    const unknown = await rewritten((members) => void members.splice(3, 0, { name: '../../etc/passwd', bytes: Buffer.from('x') }));
    expect(unknown).toEqual(['member-unknown']);
    const swapped = await rewritten((members) => void members.splice(1, 2, members[2] as PackMember, members[1] as PackMember));
    expect(swapped).toContain('member-unknown');
  });
});

describe('witnesses', () => {
  const [first, second] = [
    generateSignerKey('witness.example/one', 'cosignature'),
    generateSignerKey('witness.example/two', 'cosignature'),
  ];

  /**
   * The pack with a line of cosignatures behind each checkpoint that `by` names; what a line says may be changed on the
   * way.
   */
  const cosigned =
    (by: readonly (readonly SignerKey[])[], change: (data: Record<string, unknown>) => void = () => undefined) =>
    (members: PackMember[]): void => {
      const member = memberOf(members, CHECKPOINTS);
      const lines = linesOf(member).map((line) => JSON.parse(line) as { data: { note: string } });
      const all = lines.flatMap((line, at) => {
        const { note } = line.data;
        const [, size, root] = note.split('\n');
        const signedBy = by[at] ?? [];
        if (signedBy.length === 0) return [line];
        const cosignatures = signedBy.map((witness) => addSignature(note, witness, Date.now()).slice(note.length).trimEnd());
        const data: Record<string, unknown> = { size: Number(size), root, cosignatures };
        change(data);
        return [line, { ...line, eventId: randomUUID(), type: 'checkpoint.cosigned', data }];
      });
      setLines(
        member,
        all.map((line, revision) => canonicalJson({ ...line, revision })),
      );
    };
  const asked = async (change: (members: PackMember[]) => void, witnesses: readonly SignerKey[], minWitnesses = witnesses.length) => {
    const members = membersOf(file);
    change(members);
    remake(changed, members);
    return verify(changed, { keys: [key], witnesses, minWitnesses });
  };

  test('cosigned by those asked for', async () => {
    const result = await asked(cosigned([[first], [first, second]]), [first, second]);
    expect(result.findings).toEqual([]);
    expect(result.witnessed).toMatchObject({ size: result.size, cosignedBy: [`${first.name}+${first.id}`, `${second.name}+${second.id}`] });
  });

  test('by one of two, other asked or not', async () => {
    // By one of two, the other not asked for, or asked for.
    expect(errorsOf(await asked(cosigned([[], [first]]), [first, second], 1))).toEqual([]);
    expect(errorsOf(await asked(cosigned([[], [first]]), [first, second]))).toEqual(['not-witnessed']);
    expect(errorsOf(await asked(cosigned([]), [first]))).toEqual(['not-witnessed']);
  });

  test('only an earlier one cosigned is no error', async () => {
    // Only an earlier checkpoint is cosigned: said, no error.
    const result = await asked(cosigned([[first]]), [first]);
    expect(result.findings.map(({ rule }) => rule)).toEqual(['unwitnessed-tail']);
  });

  test('answering the next implies the one before', async () => {
    // A witness that answers when the next checkpoint is signed already has signed the one before.
    const result = await asked(
      (members) => {
        cosigned([[first]])(members);
        const member = memberOf(members, CHECKPOINTS);
        const [older, line, newer] = linesOf(member).map((text) => JSON.parse(text) as object);
        setLines(
          member,
          [older, newer, line].map((event, revision) => canonicalJson({ ...event, revision })),
        );
      },
      [first],
    );
    expect(result.findings.map(({ rule }) => rule)).toEqual(['unwitnessed-tail']);
    expect(result.witnessed?.size).toBeLessThan(result.size);
  });

  test('a cosignature of another root, of another text', async () => {
    const other = Buffer.alloc(32, 7).toString('base64');
    expect(
      errorsOf(
        await asked(
          cosigned([[], [first]], (data) => (data['root'] = other)),
          [first],
        ),
      ),
    ).toEqual(['checkpoint-root']);
    const altered = (data: Record<string, unknown>): void => {
      const [line] = data['cosignatures'] as [string];
      const at = line.length - 30;
      data['cosignatures'] = [`${line.slice(0, at)}${line[at] === 'A' ? 'B' : 'A'}${line.slice(at + 1)}`];
    };
    expect(errorsOf(await asked(cosigned([[], [first]], altered), [first]))).toEqual(['checkpoint-signature', 'not-witnessed']);
  });

  test('a line that is none', async () => {
    expect(
      errorsOf(
        await asked(
          cosigned([[], [first]], (data) => (data['cosignatures'] = 'none')),
          [first],
        ),
      ),
    ).toEqual(['checkpoint-form', 'not-witnessed']);
  });
});

test('another ledger, key or longer history shows', async () => {
  // Another ledger, another key, a longer history than the pack.
  const stranger = generateSignerKey(ORIGIN);
  expect(errorsOf(await verify(file, { keys: [stranger] }))).toEqual(['not-signed']);
  const longer = signCheckpoint({ origin: ORIGIN, size: 10_000, root: Buffer.alloc(32, 7) }, [key], Date.now());
  expect(errorsOf(await verify(file, { keys: [key], previousCheckpoint: longer }))).toEqual(['previous-checkpoint']);
  const other = signCheckpoint(
    { origin: 'other.example', size: 3, root: Buffer.alloc(32, 7) },
    [generateSignerKey('other.example')],
    Date.now(),
  );
  expect(errorsOf(await verify(file, { previousCheckpoint: other }))).toEqual(['previous-checkpoint']);
});

test('a ledger of another name, same key', async () => {
  const rules = await rewritten((members) => {
    const head = memberOf(members, 'pack.json');
    const { root, size, ...rest } = JSON.parse(head.bytes.toString()) as { root: string; size: number };
    head.bytes = Buffer.from(canonicalJson({ ...rest, root, size, origin: 'other.example/ledger' }));
    const member = memberOf(members, CHECKPOINTS);
    const [line] = linesOf(member).map((text) => JSON.parse(text) as object);
    const note = signCheckpoint({ origin: 'other.example/ledger', size, root: Buffer.from(root, 'base64') }, [key], Date.now());
    setLines(member, [canonicalJson({ ...line, revision: 0, data: { note } })]);
  });
  expect(rules).toEqual(['not-signed']);
});

test('another version is said to be one', async () => {
  expect(await rewritten((members) => void (memberOf(members, 'pack.json').bytes = Buffer.from('{"format":"disclosure-pack/2"}')))).toEqual(
    ['unknown-version'],
  );
});

test.each<[string, (members: PackMember[]) => void]>([
  ['depth', (members) => setLines(memberOf(members, EVENTS), [`${'['.repeat(200_000)}${']'.repeat(200_000)}`])],
  [
    'depth in an event',
    (members) => setLines(memberOf(members, EVENTS), [`{"data":{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}},"eventId":"a"}`]),
  ],
  ['an endless number', (members) => setLines(memberOf(members, EVENTS), ['{"data":{},"eventId":"x","index":1e999}'])],
  [
    'a huge index',
    (members) =>
      setLines(
        memberOf(members, EVENTS),
        linesOf(memberOf(members, EVENTS)).map((line) => line.replace(/"index":\d+/, '"index":9007199254740991')),
      ),
  ],
  [
    'entries without end',
    (members) =>
      setLines(
        memberOf(members, ENTRIES),
        Array.from({ length: 500_000 }, () => '{}'),
      ),
  ],
  [
    'a pack of another size',
    (members) => void (memberOf(members, 'pack.json').bytes = Buffer.from('{"format":"disclosure-pack/1","size":1e15}')),
  ],
  ['a list for a table', (members) => void (memberOf(members, TABLE).bytes = Buffer.from('[[]]'))],
  ['no UTF-8', (members) => void (memberOf(members, EVENTS).bytes = Buffer.from([0xff, 0xfe, 0x0a]))],
  ['no key', (members) => void (memberOf(members, 'keys.json').bytes = Buffer.from('{"ledger":["nonsense"],"witnesses":[]}'))],
  [
    'null for everything',
    (members) => members.forEach((member) => (member.bytes = member.name === 'pack.json' ? member.bytes : Buffer.from('null\n'))),
  ],
])('what a stranger sends is found: %s', async (_what, change) => {
  // What a stranger may send is a finding.
  expect(await rewritten(change)).not.toEqual([]);
});

test.each(['publication.released', 'meeting.held', 'agency.figure-declared', 'publication.drafted'])(
  'a calculator forgetting %s says otherwise',
  async (type) => {
    // A second calculator that forgets … says other figures.
    // eslint-disable-next-line @typescript-eslint/unbound-method
    const add = Calculator.prototype.add;
    const forgetful = jest.spyOn(Calculator.prototype, 'add').mockImplementation(function (this: Calculator, event, first) {
      if (event.type !== type) add.call(this, event, first);
    });
    const rules = errorsOf(await verify(file, { keys: [key] }));
    forgetful.mockRestore();
    expect(rules).toEqual(['cell-differs']);
  },
);

test('a table’s hash is the contract’s', async () => {
  const { position: _position, ...asOf } = (await ledger.tables.table({ agency: AGENCY, year: 2017 })).asOf;
  const table = await ledger.tables.table({ agency: AGENCY, year: 2017 });
  expect(tableHash({ ...table, asOf })).toBe(table.hash);
});

function vkeyOf(key: SignerKey): string {
  const raw = Buffer.from(key.publicKey.export({ format: 'jwk' }).x as string, 'base64url');
  return `${key.name}+${key.id}+${Buffer.concat([Buffer.from([1]), raw]).toString('base64')}`;
}
