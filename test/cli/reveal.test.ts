/** `disclosure reveal` as a process: alone on a folder, and beside the service that writes it. */
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Access, PersonalData } from '../../src/privacy/personal-data-service.js';
import { received } from '../support/applications.js';
import { fileOf, finishFolder, newFolder, run, serve, stop, type Finished } from '../support/cli.js';
import { AGENCY, at, message, setUp } from '../support/messages.js';
import { asLines } from '../support/service.js';

const folder = newFolder();
const NAME = '张某';
const history = [
  ...setUp(),
  received('1', '2017-03-01', { applicant: { kind: 'natural-person', name: NAME } }),
  message('application.withdrawn', 'application/1', at('2017-03-05'), 'clerk', { note: '撤回' }),
];

beforeAll(async () => {
  expect((await run(['import', fileOf(folder, 'history.ndjson', asLines(history))], { folder })).code).toBe(0);
});

afterAll(() => finishFolder(folder));

const reveal = (...more: string[]): Promise<Finished> => run(['reveal', '--agency', AGENCY, ...more], { folder });
const asking = (actor: string, reason = '行政复议'): string[] => ['--case', 'application/1', '--actor', actor, '--reason', reason];

test('shows the texts to an officer', async () => {
  // Shows the texts to an officer of the agency, for people and as JSON.
  const people = await reveal(...asking('leader'));
  expect([people.code, people.stdout.includes(NAME)]).toEqual([0, true]);
  const { events } = (await reveal(...asking('office'), '--json')).json<PersonalData>();
  expect(events.map(({ texts }) => texts)).toEqual([{ applicant: { name: NAME }, request: '预算' }, { note: '撤回' }]);
});

test('refuses others with exit 1, and lists them', async () => {
  // Refuses others with exit 1 and says why; who asked is listed.
  const refused = await reveal(...asking('drafter'), '--json');
  expect([refused.code, refused.json<{ error: { code: string } }>().error.code]).toEqual([1, 'not-permitted']);
  expect(refused.stdout + refused.stderr).not.toContain(NAME);
  const { accesses } = (await reveal('--list', '--case', 'application/1', '--json')).json<{ accesses: Access[] }>();
  expect(accesses.map(({ actor, granted }) => [actor, granted])).toEqual([
    ['drafter', false],
    ['office', true],
    ['leader', true],
  ]);
  expect((await reveal('--list')).stdout.split('\n').filter((line) => line.includes('行政复议'))).toHaveLength(3);
});

test.each([
  [['--actor', 'leader', '--reason', 'r']],
  [['--case', 'application/1', '--actor', 'leader']],
  [['--case', 'application/1', '--reason', 'r']],
])('%j is wrong usage', async (args) => {
  const { code, stderr } = await reveal(...args);
  expect([code, /--case, --actor and --reason/.test(stderr)]).toEqual([2, true]);
});

test('beside the service it asks through it', async () => {
  // Beside the service it asks through it, and a refusal comes back as such.
  const service = await serve({ folder });
  try {
    expect((await reveal(...asking('lawyer', '经服务'))).stdout).toContain(NAME);
    const refused = await reveal(...asking('nobody'), '--json');
    expect([refused.code, refused.json<{ error: { code: string } }>().error.code]).toEqual([1, 'not-permitted']);
    expect((await reveal('--case', 'application/9', '--actor', 'leader', '--reason', 'r')).code).toBe(1);
    const { accesses } = (await reveal('--list', '--json')).json<{ accesses: Access[] }>();
    expect(accesses.slice(0, 2).map(({ actor, granted }) => [actor, granted])).toEqual([
      ['nobody', false],
      ['lawyer', true],
    ]);
    expect(service.stderr()).not.toContain(NAME);
  } finally {
    await stop(service);
  }
});

test('a lost key store is named', async () => {
  // With its key store lost it says that the key is missing, not that there was nothing.
  const lost = newFolder();
  cpSync(folder, lost, { recursive: true });
  rmSync(join(lost, 'data', 'keys.db'));
  const { code, stdout } = await run(['reveal', '--agency', AGENCY, ...asking('leader'), '--json'], { folder: lost });
  expect([code, JSON.parse(stdout)]).toMatchObject([
    3,
    { error: { code: 'store-unavailable', message: expect.stringContaining('key') as string } },
  ]);
  rmSync(lost, { recursive: true, force: true });
});

test('after an erasure: exit 1, already-erased', async () => {
  const erased = message('record.erased', 'application/1', at('2018-01-02'), 'auditor', { reason: '期满', approvedBy: 'leader' });
  expect((await run(['import', '-'], { folder, input: asLines([erased]) })).code).toBe(0);
  const refused = await reveal(...asking('leader'), '--json');
  expect([refused.code, refused.json<{ error: { code: string } }>().error.code]).toEqual([1, 'already-erased']);
});
