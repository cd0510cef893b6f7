/** `disclosure calendar` as a process: what it prints goes into `import`, and where there is no notice it says so. */
import { finishFolder, fileOf, newFolder, run } from '../support/cli.js';
import { AGENCY, setUp } from '../support/messages.js';
import { asLines } from '../support/service.js';

const folder = newFolder();
afterAll(() => finishFolder(folder));

test('the announcement is imported with no hand edits', async () => {
  const given = ['--agency', AGENCY, '--actor', 'root'];
  const [text, json] = await Promise.all([
    run(['calendar', '2026', ...given], { folder }),
    run(['calendar', '2026', ...given, '--json'], { folder }),
  ]);
  expect([text.code, json.code, json.stderr]).toEqual([0, 0, '']);
  expect(json.json()).toMatchObject({
    specversion: '1.0',
    type: 'disclosure.calendar.announced',
    subject: 'calendar/2026',
    agency: AGENCY,
    actor: 'root',
    data: { year: 2026, notice: '《国务院办公厅关于2026年部分节假日安排的通知》（国办发明电〔2025〕7号）' },
  });
  const agency = fileOf(folder, 'agency.ndjson', asLines(setUp()));
  const imported = await run(['import', agency, '-', '--json'], { folder, input: text.stdout });
  expect(imported.json()).toMatchObject({ recorded: setUp().length + 1, refused: 0 });
});

test('no notice exits 1, a wrong question 2', async () => {
  // No notice is exit 1, a wrong question 2; what is to be filled in is named.
  const [none, wrong, open] = await Promise.all([
    run(['calendar', '2027', '--json'], { folder }),
    run(['calendar', 'next'], { folder }),
    run(['calendar', '2026'], { folder }),
  ]);
  expect([none.code, wrong.code, open.code]).toEqual([1, 2, 0]);
  expect(none.json()).toMatchObject({ error: { code: 'no-notice', message: expect.stringContaining('2027') as string } });
  expect(none.stderr).toContain('holds no notice');
  expect(open.stderr).toMatch(/--agency[^]*--actor/);
});
