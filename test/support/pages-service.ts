/** A service with a small year to look at: releases, an overdue application, a published table that moved since. */
import type { NamedHost } from '../../src/config/config.js';
import { lastSignedIn } from '../../src/runtime/signing-keys.js';
import type { Table } from '../../src/tables/table.js';
import { generateSignerKey } from '../../src/ledger/signed-note.js';
import { received } from './applications.js';
import { AGENCY, approvedItem, message, released, type Message } from './messages.js';
import { reportOf } from './reports.js';
import { startService, type TestService } from './service.js';
import { smallYear, TABLE } from './year.js';

/** Every text that a page shows, as somebody would write it who wants the page to run it. */
export const HOSTILE = `<img src=x onerror="document.title='ran'"><script>document.title='ran'</script>"'&=1+1`;
/** Sealed: in no page. */
export const SECRET = '申请人王某某';

/** With a key that signs as soon as it is asked to. */
export async function startToLookAt(hosts: readonly NamedHost[] = []): Promise<TestService> {
  const key = generateSignerKey('ledger.test/pages');
  const service = await startService({
    hosts,
    signing: (folder) => ({ signer: { origin: 'ledger.test/pages', keys: [key], lastSigned: lastSignedIn(folder) }, interval: 3_600_000 }),
  });
  await service.record(
    ...smallYear(),
    ...hostileItem(),
    ...hostileNames(),
    ...nextYear(),
    received('2017-1', '2017-11-01', { applicant: { kind: 'natural-person', name: SECRET } }),
  );
  await service.settled();
  const { form, asOf, hash } = (await service.get(TABLE)).json<Table>();
  await service.record(
    ...reportOf({ form, asOf, hash }),
    ...approvedItem('later', '2017-12-01'),
    released('later', '2017-12-01', 'website'),
  );
  await service.post(hostileRefusal());
  // Waits for its review.
  await service.record(
    message('publication.drafted', 'publication/open', '2017-12-20T09:00:00+08:00', 'drafter', {
      title: SECRET,
      contentHash: `sha256:${'0'.repeat(64)}`,
    }),
  );
  await service.settled();
  await service.runtime.writer?.checkpoints?.cut();
  await service.settled();
  return service;
}

/** Released, so that its title is public. */
function hostileItem(): Message[] {
  return [...approvedItem('hostile', '2017-05-02', { title: HOSTILE }), released('hostile', '2017-05-02', 'website')];
}

/** An agency, its role and an officer, each under a hostile name; the officer reviews for the other agency too. */
function hostileNames(): Message[] {
  const own = { agency: 'hostile' };
  return [
    message('agency.registered', 'agency/hostile', '2010-01-01T09:00:00+08:00', HOSTILE, { name: HOSTILE, administrator: HOSTILE }, own),
    message('agency.role-assigned', 'agency/hostile', '2010-01-02T09:00:00+08:00', HOSTILE, { actor: 'other', role: HOSTILE }, own),
    message('agency.role-assigned', `agency/${AGENCY}`, '2010-01-02T09:00:00+08:00', 'root', { actor: HOSTILE, role: 'office-reviewer' }),
  ];
}

/** Is refused: its release of nothing waits to be mended. */
function hostileRefusal(): Message {
  return message('publication.released', 'publication/none', '2017-05-02T09:00:00+08:00', HOSTILE, { channel: HOSTILE }, { id: HOSTILE });
}

/** A year beside the first. */
function nextYear(): Message[] {
  return [...approvedItem('next', '2018-03-01'), released('next', '2018-03-01', 'website')];
}

export const HOME = `/agencies/${AGENCY}`;
