/** A report as a file, where callers are identified: a text that is not published yet is for who reviews it. */
import { textHashOf } from '../../src/domain/report/text.js';
import { readReport } from '../../src/documents/report-text.js';
import { startIdentified, type Identified } from '../support/identified.js';

const AGENCY = 'office';
const YEAR = 2022;
const SAID = '本机关认真做好政府信息公开工作。';

let identified: Identified;

beforeAll(async () => {
  identified = await startIdentified();
  const { register, grant, sent } = identified;
  await register(AGENCY);
  await grant(AGENCY, 'root-caller', 'act', { actor: 'root' });
  await grant(AGENCY, 'clerk', 'act', { actor: 'clerk' });
  await grant(AGENCY, 'portal', 'read');
  const said = { year: YEAR, form: '2021', parts: { '1': SAID } };
  const text = { ...said, textHash: textHashOf(said) };
  const answer = await sent('root-caller', 'report.text-drafted', AGENCY, text, { subject: `report/${YEAR}` });
  expect(answer.json()).toMatchObject({ status: 'recorded' });
  await identified.service.settled();
});

afterAll(() => identified.finish());

test.each([
  ['root-caller', true],
  ['clerk', false],
  ['portal', false],
])('%s sees it: %s', async (caller, isShown) => {
  // root writes and administers; the clerk has no role; the portal reads tables.
  const token = await identified.tokenOf(caller);
  const { statusCode, headers, rawPayload } = await identified.service.inject({
    method: 'GET',
    url: `/v1/agencies/${AGENCY}/exports/reports/${YEAR}?format=html`,
    headers: { authorization: `Bearer ${token}` },
  });
  expect([statusCode, headers['cache-control']]).toEqual([200, 'no-store']);
  expect((await readReport(rawPayload)).text.includes(SAID)).toBe(isShown);
});
