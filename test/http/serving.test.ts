/** How tables are served: representations, tags, caches, coding; many in one answer. */
import { parse } from 'csv-parse/sync';
import JSONstat from 'jsonstat-toolkit';
import { gunzipSync, brotliDecompressSync } from 'node:zlib';
import { startService, expectProblem, type TestService } from '../support/service.js';
import { message } from '../support/messages.js';

let service: TestService;
const URL = '/v1/agencies/own/tables/2017';
beforeAll(async () => {
  service = await startService();
  await service.record(
    message(
      'agency.registered',
      'agency/own',
      '2014-01-01T09:00:00+08:00',
      'root',
      { name: '甲', administrator: 'root' },
      { agency: 'own' },
    ),
  );
  await service.settled();
});
afterAll(() => service.finish());
test('x', async () => {
  const a = await service.get(URL, { 'accept-encoding': 'gzip' });
  console.log(a.status, a.headers);
  const b = await service.get(URL, { 'if-none-match': String(a.headers.etag), 'accept-encoding': 'gzip' });
  console.log(b.status, b.headers, b.text);
  for (const q of ['format=csv', 'format=csv&bom=true', 'format=json-stat', 'format=xml']) {
    const c = await service.get(`${URL}?${q}`);
    console.log(c.status, c.headers, c.text.slice(0, 600));
  }
  const d = await service.get(`/v1/tables?year=2017&agencies=own`);
  console.log(d.status, d.headers, d.text.slice(0, 300));
  const e = await service.get(`/v1/agencies`);
  console.log(e.status, e.headers);
  const f = await service.get(`/v1/agencies`, { 'if-none-match': String(e.headers.etag) });
  console.log(f.status, f.headers);
  const g = await service.get('/metrics');
  console.log(g.text.match(/disclosure_tables_computed_total.*/g));
});
