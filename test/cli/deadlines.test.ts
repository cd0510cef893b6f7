/** `disclosure deadlines` as a process, in zones where the day in Shanghai is another one. */
import type { Deadlines } from '../../src/read-models/deadlines/deadline-reader.js';
import { application, received, replied } from '../support/applications.js';
import { fileOf, finishFolder, newFolder, run, type Finished } from '../support/cli.js';
import { AGENCY, setUp } from '../support/messages.js';
import { asLines } from '../support/service.js';

const folder = newFolder();
const ZONES = ['America/Los_Angeles', 'Pacific/Kiritimati'] as const;

/** Half past eleven in the evening of New Year's Eve, and an hour later. */
const EVE = { time: '2024-12-31T23:30:00+08:00' };
const NEW_YEAR = { time: '2025-01-01T00:30:00+08:00' };

beforeAll(async () => {
  const messages = [
    ...setUp(AGENCY, { chain: false }),
    { ...received('eve', '2024-12-31'), ...EVE },
    { ...received('new-year', '2025-01-01'), ...NEW_YEAR },
    received('waiting', '2024-12-30'),
    application('third-party-consulted', 'waiting', '2024-12-30'),
    received('answered', '2024-12-31'),
    { ...replied('answered', '2025-02-05'), time: '2025-02-05T23:59:59+08:00' },
  ];
  const file = fileOf(folder, 'applications.ndjson', asLines(messages));
  const imported = await run(['import', file, '--json'], { folder, env: { TZ: ZONES[0] } });
  expect(imported.json()).toMatchObject({ recorded: messages.length, refused: 0 });
});
afterAll(() => finishFolder(folder));

const deadlines = (zone: string, ...more: string[]): Promise<Finished> =>
  run(['deadlines', '--agency', AGENCY, ...more], { folder, env: { TZ: zone } });

test.each(ZONES)('in %s: days are those of Shanghai', async (TZ) => {
  const finished = await deadlines(TZ, '--on', '2025-01-26', '--json');
  expect(finished.code).toBe(0);
  // 1 January off; 2, 3, 6–10, 13–17, 20–24, Sunday 26 worked, 27, Spring Festival 28 January – 4 February, 5 February
  const common = { ordinaryEnd: '2025-02-05', dueOn: '2025-02-05', provisional: false, daysLeft: 2, agency: AGENCY };
  expect(finished.json<Deadlines>()).toEqual({
    on: '2025-01-26',
    open: [
      { case: 'application/answered', receivedOn: '2024-12-31', ...common },
      { case: 'application/eve', receivedOn: '2024-12-31', ...common },
      { case: 'application/new-year', receivedOn: '2025-01-01', ...common },
      {
        agency: AGENCY,
        case: 'application/waiting',
        receivedOn: '2024-12-30',
        ordinaryEnd: null,
        dueOn: null,
        waitingFor: 'third-party',
        provisional: false,
        daysLeft: null,
      },
    ],
  });
  const lastDay = (await deadlines(TZ, '--on', '2025-02-05', '--json')).json<Deadlines>();
  expect(lastDay.open.map((one) => [one.case, one.daysLeft])).toEqual([
    ['application/eve', 0],
    ['application/new-year', 0],
    ['application/waiting', null],
  ]);
});

test('prints due, overdue, awaited and one application', async () => {
  // For people: what is due, overdue, awaited, and one application day by day.
  const [list, one] = await Promise.all([
    deadlines(ZONES[0], '--on', '2025-02-10'),
    deadlines(ZONES[0], '--on', '2025-02-10', '--case', 'application/eve'),
  ]);
  expect([list.code, one.code]).toEqual([0, 0]);
  expect(list.stdout).toMatch(/application\/eve .* 2025-02-05 .* -4 {2}✗ 已逾期 overdue/);
  expect(list.stdout).toMatch(/application\/waiting .* — .* 征求第三方意见/);
  expect(one.stdout).toMatch(/2025-01-26 {2}调休上班 +18 .*2025年/);
  expect(one.stdout).toMatch(/2025-01-29 {2}放假 .* 不计 holiday {2}《国务院办公厅关于2025年/);
  expect(one.stdout).not.toContain('application/waiting');
});

test('a wrong question exits 2, nothing found 1', async () => {
  // Asked wrongly: exit 2 for the question, 1 for what there is not.
  const codes = await Promise.all([
    deadlines(ZONES[0], '--on', '2025-02-30', '--json'),
    deadlines(ZONES[0], '--case', 'application/none', '--json'),
    run(['deadlines'], { folder }),
    run(['deadlines', '--agency', 'nobody', '--json'], { folder }),
  ]);
  expect(codes.map(({ code }) => code)).toEqual([2, 1, 2, 1]);
});
