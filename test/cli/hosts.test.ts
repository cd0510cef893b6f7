/** `DISCLOSURE_HOSTS`, and what `serve` says of who may do what. */
import { rmSync } from 'node:fs';
import { hostsOf } from '../../src/config/config.js';
import { finishFolder, newFolder, runAlone, serve, stop } from '../support/cli.js';
import { ask } from '../support/wire.js';

const read = (text: string): unknown => hostsOf({ DISCLOSURE_HOSTS: text });

test('hosts are taken with or without port', () => {
  // Hosts with or without a port, as a browser writes them.
  expect(hostsOf({})).toEqual([]);
  expect(read(' ')).toEqual([]);
  expect(read('Ledger.Example')).toEqual([{ name: 'ledger.example', port: null }]);
  expect(read('a.example:8443, b_c.example ,localhost:8080')).toEqual([
    { name: 'a.example', port: 8443 },
    { name: 'b_c.example', port: null },
    { name: 'localhost', port: 8080 },
  ]);
  expect(read('10.0.0.7:80,[FD00:0::1]:99,[::1]')).toEqual([
    { name: '10.0.0.7', port: 80 },
    { name: '[fd00::1]', port: 99 },
    { name: '[::1]', port: null },
  ]);
  expect(read('台账.政府.example')).toEqual([{ name: 'xn--kpr644k.xn--mxtq1m.example', port: null }]);
});

test.each([
  'https://ledger.example',
  'ledger.example/',
  '*',
  '*.example',
  '.example',
  'ledger.example.',
  'ledger..example',
  'a b',
  'user@ledger.example',
  'ledger.example:',
  'ledger.example:0',
  'ledger.example:080',
  'ledger.example:65536',
  'ledger.example:port',
  '::1',
  '[::1',
  '[::1]80',
  '[ledger.example]',
  '999.0.0.1',
  'a%2eexample',
  ',',
  'a.example,',
  'a.example,,b.example',
  'a.example;b.example',
])('"%s" is refused', (text) => {
  expect(() => read(text)).toThrow('DISCLOSURE_HOSTS');
});

test('a wrong value stops serve, and is named', async () => {
  // Serve does not start on a wrong value, and says which.
  const folder = newFolder();
  const { code, stderr } = await runAlone(['serve', '--port', '0'], { folder, env: { DISCLOSURE_HOSTS: 'a.example,http://b.example' } });
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('"http://b.example"') as string });
  rmSync(folder, { recursive: true, force: true });
});

test('serve says once that anyone may do everything', async () => {
  // Serve says once that everybody on this machine may do everything, and under which names.
  const folder = newFolder();
  const plain = await serve({ folder });
  const said = await stop(plain);
  expect([said.code, said.stderr.match(/no identity is configured: .*this machine only.*any name/g)?.length]).toEqual([0, 1]);
  expect(said.stderr).not.toContain('DISCLOSURE_HOSTS');

  const served = await serve({ folder, env: { DISCLOSURE_HOSTS: 'ledger.example,other.example:8443' } });
  const port = Number(new URL(served.url).port);
  const statusOf = async (...headers: string[]): Promise<number> =>
    (await ask(port, { method: 'GET', target: '/v1/refusals', headers })).status;
  expect(await statusOf('Host', 'ledger.example', 'Origin', 'https://ledger.example')).toBe(200);
  expect(await statusOf('Host', 'other.example:8443')).toBe(200);
  expect(await statusOf('Host', 'third.example')).toBe(421);
  expect(await statusOf('Host', `127.0.0.1:${port}`, 'Origin', 'http://ledger.example:1')).toBe(403);
  expect((await stop(served)).stderr).toMatch(/DISCLOSURE_HOSTS: .*ledger\.example, other\.example:8443/);
  await finishFolder(folder);
});
