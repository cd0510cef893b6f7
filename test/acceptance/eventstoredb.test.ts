/**
 * The whole path over a real EventStoreDB: the example year gives the same figures as over the embedded log, two
 * replicas that record the same messages at the same moment record each once, and both count alike. Runs where
 * EVENTSTOREDB_URL names a server; says so where it does not.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NO_IDENTITY } from '../../src/recording/sender.js';
import type { Receipt } from '../../src/recording/receipts.js';
import { compareReadStores } from '../../src/read-models/read-store.js';
import { sendAll } from '../support/histories.js';
import { openTestLedger, type TestLedger } from '../support/ledger.js';
import { asPublished, compiled, reportOf, tableNow } from '../support/reports.js';
import { oneMoreItem, smallYear } from '../support/year.js';
import { approvedItem, AGENCY, at, hashOf, message, released, setUp } from '../support/messages.js';

const url = process.env['EVENTSTOREDB_URL'];
const keyFolder = mkdtempSync(join(tmpdir(), 'disclosure-keys-'));
afterAll(() => rmSync(keyFolder, { recursive: true, force: true }));
const newNamespace = (): string => `test-disclosure-${randomBytes(6).toString('hex')}-`;
const history = readFileSync(join(__dirname, '../../examples/jinxiang-commerce-2017.ndjson'), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as unknown);

function replicas(count: number): TestLedger[] {
  const namespace = newNamespace();
  const keys = join(keyFolder, `${namespace}keys.db`);
  return Array.from({ length: count }, () => openTestLedger({ server: { url: url ?? '', namespace, keys } }));
}

/** Both replicas at the end of what either recorded. */
async function allSettled(ledgers: readonly TestLedger[]): Promise<void> {
  for (const ledger of ledgers) await ledger.settled();
}

if (url === undefined || url === '') {
  test('without EVENTSTOREDB_URL nothing is claimed of EventStoreDB', () => {
    process.stderr.write('EventStoreDB: EVENTSTOREDB_URL is not set, the whole path ran on the embedded log only\n');
    expect(url ?? '').toBe('');
  });
} else {
  test('the example year counts as over SQLite', async () => {
    // The example year gives the same figures as over the embedded log.
    const embedded = openTestLedger();
    const [server] = replicas(1) as [TestLedger];
    for (const ledger of [embedded, server]) {
      const receipts = await Promise.all(history.map((line) => ledger.recorder.recordValue(line, NO_IDENTITY)));
      expect(receipts.filter(({ status }) => status !== 'recorded')).toEqual([]);
      await ledger.settled();
    }
    const question = { agency: '370828-commerce', year: 2017 };
    const [left, right] = [await embedded.tables.table(question), await server.tables.table(question)];
    expect(right.rows).toEqual(left.rows);
    expect(right.findings).toEqual(left.findings);
    await embedded.finish();
    await server.finish();
  });

  test('two replicas record the same messages once', async () => {
    // Two replicas that record the same messages at once record each once, and count alike.
    const ledgers = replicas(2) as [TestLedger, TestLedger];
    await ledgers[0].send(...setUp());
    await allSettled(ledgers);
    const items = Array.from({ length: 20 }, (_, index) => [
      ...approvedItem(`r-${index}`, '2017-03-01'),
      released(`r-${index}`, '2017-03-02', 'website'),
    ]);
    const receipts = await Promise.all(ledgers.flatMap((ledger) => items.map((item) => ledger.send(...item))));
    const statuses = receipts.flat().map(({ status, error }) => error?.code ?? status);
    // Whichever append the store took first is the record; the receipt of the other names the same event.
    expect(statuses.filter((status) => status === 'recorded')).toHaveLength(100);
    expect(statuses.filter((status) => status === 'duplicate')).toHaveLength(100);
    const [own, others] = [receipts.slice(0, items.length).flat(), receipts.slice(items.length).flat()];
    const place = ({ source, id, stream, revision, position, eventIds }: Receipt): unknown => [
      source,
      id,
      stream,
      revision,
      position,
      eventIds,
    ];
    expect(others.map(place)).toEqual(own.map(place));
    expect(await ledgers[0].log.readAll(null, 1000)).toHaveLength(setUp().length + 100);
    await allSettled(ledgers);
    const tables = await Promise.all(ledgers.map((ledger) => ledger.tables.table({ agency: AGENCY, year: 2017 })));
    expect(tables[0]?.rows.find(({ code }) => code === '1.1')?.value).toBe('20');
    expect(tables[1]).toEqual(tables[0]);
    expect(compareReadStores(ledgers[0].store, ledgers[1].store).difference).toBeNull();
    for (const ledger of ledgers) await ledger.finish();
  });

  test('one id on two replicas is recorded once', async () => {
    // One id with other content on two replicas at once: one is recorded, the other refused.
    const ledgers = replicas(2) as [TestLedger, TestLedger];
    await ledgers[0].send(...setUp());
    await allSettled(ledgers);
    const receipts = await Promise.all(
      Array.from({ length: 20 }, (_, index) => index).flatMap((index) =>
        ledgers.map(async (ledger, at_) => {
          const [receipt] = await ledger.send(
            message('meeting.held', `meeting/${index}`, at('2018-02-01'), 'clerk', { title: `由 ${at_} 报送` }, { id: `x-${index}` }),
          );
          return { index, title: `由 ${at_} 报送`, status: receipt?.error?.code ?? receipt?.status };
        }),
      ),
    );
    const events = await ledgers[0].log.readAll(null, 1000);
    for (let index = 0; index < 20; index += 1) {
      const both = receipts.filter((receipt) => receipt.index === index);
      expect(both.map(({ status }) => status).sort()).toEqual(['id-reused', 'recorded']);
      const stored = events.filter((event) => event.metadata['id'] === `x-${index}`).map((event) => event.data['title']);
      expect(stored).toEqual([both.find(({ status }) => status === 'recorded')?.title]);
    }
    await allSettled(ledgers);
    for (const ledger of ledgers) await ledger.finish();
  });

  test('what another replica recorded is decided on', async () => {
    // What another replica recorded is decided on, never refused on hearsay.
    const [first, second] = replicas(2) as [TestLedger, TestLedger];
    await first.send(...setUp());
    const [draft, office, lawyer, leader] = approvedItem('h-1', '2018-01-10') as [unknown, unknown, unknown, unknown];
    const receipts = [
      ...(await first.send(draft)),
      ...(await second.send(office)),
      ...(await first.send(lawyer)),
      ...(await second.send(leader)),
      ...(await first.send(released('h-1', '2018-01-11', 'website'))),
      ...(await second.send(message('publication.checked', 'publication/h-1', at('2018-01-12'), 'editor', { finding: 'ok' }))),
    ];
    expect(receipts.map(({ status, error, revision }) => [status, error?.code, revision])).toEqual(
      receipts.map((_, revision) => ['recorded', undefined, revision]),
    );
    await allSettled([first, second]);
    for (const ledger of [first, second]) await ledger.finish();
  });

  test('an id used twice counts once, is named', async () => {
    // One id used for two cases on two replicas at once: the later one in the log counts nothing and is named.
    const [first, second] = replicas(2) as [TestLedger, TestLedger];
    await first.send(...setUp());
    await allSettled([first, second]);
    const pairs = Array.from({ length: 10 }, (_, index) => {
      const meeting = (number: string): unknown =>
        message('meeting.held', `meeting/${number}-${index}`, at('2018-02-01'), 'clerk', { title: '会议' }, { id: `same-${index}` });
      return [meeting('a'), meeting('b')] as const;
    });
    const receipts = (await Promise.all(pairs.flatMap(([a, b]) => [first.send(a), second.send(b)]))).flat();
    await allSettled([first, second]);
    const table = await first.tables.table({ agency: AGENCY, year: 2018 });
    const refused = receipts.filter(({ error }) => error?.code === 'id-reused').length;
    const reused = table.findings.filter(({ rule }) => rule === 'id-reused-across-cases').flatMap(({ cases }) => cases ?? []);
    expect(table.rows.find(({ code }) => code === '10.1')?.value).toBe('10');
    expect(refused + reused.length).toBe(10);
    for (const ledger of [first, second]) await ledger.finish();
  });

  test('a report goes through two replicas', async () => {
    // A report goes through two replicas, act by act; both give the same table, byte for byte, and the same difference.
    const [first, second] = replicas(2) as [TestLedger, TestLedger];
    await first.send(...smallYear());
    const table = await tableNow(first);
    const acts = reportOf(table);
    const receipts = [];
    // Sent to one after the other without waiting for the read models: what a decision needs it waits for itself.
    for (const [place, act] of acts.entries()) receipts.push(...(await (place % 2 === 0 ? second : first).send(act)));
    expect(receipts.map(({ status, error }) => error?.code ?? status)).toEqual(acts.map(() => 'recorded'));
    await first.send(...oneMoreItem('late'));
    await allSettled([first, second]);
    const question = { agency: AGENCY, year: 2017 };
    for (const ledger of [first, second]) {
      const shown = await ledger.tables.table({ ...question, view: 'published' });
      expect(JSON.stringify(shown)).toBe(JSON.stringify(asPublished(table)));
      expect((await ledger.tables.difference(question)).changes.map(({ cell, live }) => [cell, live])).toEqual([
        ['1.1', '3'],
        ['1.2.1', '3'],
      ]);
    }
    expect(second.reports.report(AGENCY, 2017)).toEqual(first.reports.report(AGENCY, 2017));
    // In one flight with the acts of its year: the compilation waits for those of its agency.
    const [alone] = replicas(1) as [TestLedger];
    const sent = await sendAll(alone, [...smallYear(), compiled({ ...table, hash: hashOf('not yet known') })]);
    await alone.settled();
    const now = await alone.tables.table({ ...question, asOf: `index:${table.asOf.index ?? 0}` });
    expect(sent.at(-1)?.error).toMatchObject({ code: 'table-hash-mismatch', details: { expected: now.hash } });
    for (const ledger of [first, second, alone]) await ledger.finish();
  });

  test('a refused message is kept, sealed, and resent', async () => {
    // A refused message is kept sealed on the server and sent again from there.
    const [ledger] = replicas(1) as [TestLedger];
    const secret = `秘密标题-${hashOf('x').slice(7, 20)}`;
    const [refused] = await ledger.send(message('meeting.held', 'meeting/1', at('2018-02-01'), 'clerk', { title: secret }));
    expect(refused?.error?.code).toBe('unknown-agency');
    await ledger.settled();
    const stored = JSON.stringify(await ledger.log.readAll(null, 100));
    expect(stored).toContain('refusal.kept');
    expect(stored).not.toContain(secret);
    const [kept] = ledger.refusals.list().refusals;
    expect(kept).toMatchObject({ count: 1, error: { code: 'unknown-agency' } });
    expect(JSON.parse(ledger.refusals.message(kept?.refusalId ?? '') ?? '')).toMatchObject({ data: { title: secret } });
    await ledger.finish();
  });
}
