/** Commands on the folder where callers are identified: they bear the user's name, and set up nothing. */
import { userInfo } from 'node:os';
import type { Receipt } from '../../src/recording/receipts.js';
import type { Trail } from '../../src/read-models/trail/trail-reader.js';
import { fileOf, finishFolder, newFolder, run } from '../support/cli.js';
import { AGENCY, at, message, setUp, type Message } from '../support/messages.js';
import { asLines } from '../support/service.js';

const IDENTIFIED = { DISCLOSURE_OIDC_ISSUER: 'local' };
const LOCAL = `local:${userInfo().username}`;
const folder = newFolder();

afterAll(() => finishFolder(folder));

async function imported(
  messages: readonly Message[],
  env: Record<string, string> = IDENTIFIED,
): Promise<{ refusals: { error: { code: string } }[] }> {
  const finished = await run(['import', fileOf(folder, 'some.ndjson', asLines(messages)), '--json'], { folder, env });
  return finished.json();
}

const meeting = (number: string, more: Partial<Message> = {}): Message =>
  message('meeting.held', `meeting/${number}`, at('2017-03-02'), 'office', { title: 'm' }, more);

async function trailOf(number: string): Promise<Trail> {
  return (await run(['trail', '--agency', AGENCY, '--case', `meeting/${number}`, '--json'], { folder, env: IDENTIFIED })).json();
}

test('what they record bears the user', async () => {
  expect((await imported(setUp(), {})).refusals).toEqual([]);
  expect((await imported([meeting('before')], {})).refusals).toEqual([]);
  expect((await imported([meeting('after')])).refusals).toEqual([]);
  expect((await trailOf('after')).entries).toMatchObject([{ attestation: 'none', caller: LOCAL, actor: 'office' }]);
  expect((await trailOf('before')).entries[0]).toMatchObject({ attestation: 'none' });
  expect((await trailOf('before')).entries[0]?.caller).toBeUndefined();
});

test('they set up nothing', async () => {
  const on = `agency/${AGENCY}`;
  const sent = [
    message('agency.registered', 'agency/new', at('2017-01-01'), 'root', { name: 'new', administrator: 'root' }, { agency: 'new' }),
    message('agency.clearance-chain-set', on, at('2017-01-01'), 'root', { steps: [] }),
    message('agency.role-assigned', on, at('2017-01-01'), 'root', { actor: 'x', role: 'y' }),
    message('agency.role-ended', on, at('2017-01-01'), 'root', { actor: 'office', role: 'office-reviewer' }),
    message('agency.permission-granted', on, at('2017-01-01'), 'root', { caller: { issuer: 'local', subject: 'x' }, permission: 'audit' }),
    message('agency.permission-ended', on, at('2017-01-01'), 'root', { caller: { issuer: 'local', subject: 'x' }, permission: 'audit' }),
  ];
  expect((await imported(sent)).refusals.map(({ error }) => error.code)).toEqual(sent.map(() => 'attestation-required'));
  // Answered, never kept.
  expect((await run(['refusals', '--json'], { folder, env: IDENTIFIED })).json()).toEqual({ refusals: [] });
});

test('what they have refused they send again', async () => {
  expect((await imported([meeting('late', { agency: 'town' })])).refusals.map(({ error }) => error.code)).toEqual(['unknown-agency']);
  const { refusals } = (await run(['refusals', '--json'], { folder, env: IDENTIFIED })).json<{ refusals: Record<string, string>[] }>();
  expect(Object.keys(refusals[0] ?? {}).sort()).toEqual(['count', 'error', 'id', 'lastAt', 'refusalId', 'source', 'type']);
  expect((await imported(setUp('town'), {})).refusals).toEqual([]);
  const resent = await run(['refusals', '--resend', refusals[0]?.['refusalId'] ?? '', '--json'], { folder, env: IDENTIFIED });
  expect(resent.json<Receipt>().status).toBe('recorded');
  const trail = await run(['trail', '--agency', 'town', '--case', 'meeting/late', '--json'], { folder, env: IDENTIFIED });
  expect(trail.json<Trail>().entries).toMatchObject([{ attestation: 'none', caller: LOCAL }]);
});
