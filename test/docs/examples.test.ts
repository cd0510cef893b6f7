/**
 * The example messages of the contract (examples/messages.ndjson): one of every type that has its own, and the ledger
 * takes them all.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ACT_TYPES, publicType } from '../../src/events/catalog.js';
import type { Sender } from '../../src/recording/sender.js';
import { record } from '../support/histories.js';
import { openTestLedger, type TestLedger } from '../support/ledger.js';
import type { Message } from '../support/messages.js';

const FILE = join(__dirname, '../../examples/messages.ndjson');
const MESSAGES = readFileSync(FILE, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Message);
const isPermission = ({ type }: Message): boolean => type.startsWith('disclosure.agency.permission-');
/** Permissions are taken from callers who are identified. */
const OPERATOR: Sender = {
  attestation: 'none',
  caller: { issuer: 'https://login.example.gov.cn', subject: 'operator' },
  operator: true,
  identity: true,
};
const isOfReport = ({ type }: Message): boolean => type.startsWith('disclosure.report.');

let ledger: TestLedger;
beforeAll(() => {
  ledger = openTestLedger();
});
afterAll(() => ledger.finish());

test('they are of types that there are', () => {
  // A type that has none is shown with a plain message (bin/docs/messages.mjs).
  const types = new Set(MESSAGES.map(({ type }) => type));
  expect(types.size).toBeGreaterThan(50);
  expect([...types].filter((type) => !ACT_TYPES.map(publicType).includes(type))).toEqual([]);
});

test('the ledger records each of them', async () => {
  await record(
    ledger,
    MESSAGES.filter((message) => !isOfReport(message) && !isPermission(message)),
  );
  await ledger.settled();
  // The hash of a table holds when its last event was recorded: no file can know it.
  const { asOf, hash: tableHash, findings } = await ledger.tables.table({ agency: '370828-example', year: 2017 });
  const accepted = findings.slice(0, 1).map(({ rule, cells }) => ({ rule, cells, reason: '按实际情况填报' }));
  const today = { index: asOf.index, tableHash, accepted };
  const reports = MESSAGES.filter(isOfReport).map((message) => ({ ...message, data: filled(message.data ?? {}, today) }));
  expect(reports).toHaveLength(6);
  await record(ledger, reports);
  for (const message of MESSAGES.filter(isPermission))
    expect(await ledger.recorder.recordValue(message, OPERATOR)).toMatchObject({ status: 'recorded' });
});

/** The same fields, with today's values where there are some. */
function filled(data: Readonly<Record<string, unknown>>, today: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(data).map(([field, value]) => [field, today[field] ?? value]));
}
