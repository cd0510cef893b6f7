/**
 * An id that slipped through for two agencies: the later act counts nothing, also in the pack of its own agency, where
 * the earlier one is only an entry.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ReadStore } from '../../src/read-models/read-store.js';
import { NO_IDENTITY } from '../../src/recording/sender.js';
import { openTestLedger, recorderBeside } from '../support/ledger.js';
import { at, message, setUp } from '../support/messages.js';
import { errorsOf, makePack, packFile, verify } from '../support/packs.js';

test('a pack by the later act’s agency holds', async () => {
  // A pack cut by the agency of the later act holds.
  const ledger = openTestLedger();
  const folder = mkdtempSync(join(tmpdir(), 'disclosure-behind-'));
  const behind = new ReadStore(join(folder, 'read.db'));
  const meeting = (agency: string) =>
    message('meeting.held', 'meeting/1', at('2017-05-02'), 'office', { title: '会议' }, { agency, id: 'same' });
  await ledger.send(...setUp(), ...setUp('second'));
  for (const said of [meeting('test-agency'), meeting('second')])
    expect((await recorderBeside(ledger, behind).recordValue(said, NO_IDENTITY)).status).toBe('recorded');
  await ledger.settled();
  for (const agency of ['test-agency', 'second', null]) {
    const file = packFile();
    await makePack(ledger, file, agency === null ? {} : { cut: { agency, year: null } });
    const result = await verify(file);
    expect([agency, errorsOf(result)]).toEqual([agency, []]);
    expect(result.findings.map(({ rule }) => rule)).toContain('id-reused-across-cases');
  }
  behind.close();
  rmSync(folder, { recursive: true, force: true });
  await ledger.finish();
});
