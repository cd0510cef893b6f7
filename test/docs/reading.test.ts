/** The reader of pages finds what a page says wrongly; without this a page that nobody runs would pass. */
import { readThrough } from '../support/page-reading.js';
import { parsePage } from '../support/pages.js';

const fence = (language: string, text: string): string => `\`\`\`${language}\n${text}\n\`\`\`\n`;
const reading = (...parts: readonly string[]): Promise<void> => readThrough(parsePage('page.md', parts.join('\n')));

const IMPORT = fence('sh', 'npx disclosure import examples/messages.ndjson   # exit 1');
const MESSAGE =
  '{"specversion":"1.0","id":"meeting-9","source":"/example/office","type":"disclosure.meeting.held","subject":"meeting/9",' +
  '"time":"2017-06-01T09:00:00+08:00","agency":"370828-example","actor":"王主任","data":{"title":"会议"}}';
const CURL = `curl -s http://127.0.0.1:3000/v1/events -H 'Content-Type: application/cloudevents+json' \\\n  -d '${MESSAGE}'`;
// Before it stand the 62 messages that are recorded, and 4 refused ones that are kept.
const TABLE = 'curl -s "http://127.0.0.1:3000/v1/agencies/370828-example/tables/2017?after=index:66"';

test('a page that says what happens', async () => {
  // Import, a message by curl, the table after it, the same over HTTP, and what a shell does with both.
  await reading(
    IMPORT,
    fence('sh', CURL),
    fence('json', '{"source":"/example/office","id":"meeting-9","status":"recorded","eventIds":["…"]}'),
    fence('sh', TABLE),
    fence('json', '{"agency":"370828-example","year":2017,"rows":[{"code":"10.1","value":"2"}]}'),
    fence('http', `POST /v1/events HTTP/1.1\nContent-Type: application/cloudevents+json\n\n${MESSAGE}`),
    fence('http', 'HTTP/1.1 200 OK\n\n{"status":"duplicate"}'),
    fence('sh', 'npx disclosure refusals --json > refused.json\nCOUNT=$(grep -c refusalId refused.json)\necho "refused: $COUNT"'),
    fence('text', 'refused: …'),
    '<!-- file: first.mjs -->',
    fence('js', "console.log((await fetch('http://127.0.0.1:3000/health/live')).status)"),
    fence('sh', 'node first.mjs'),
    fence('text', '200'),
  );
});

const wrong: readonly (readonly [string, readonly string[]])[] = [
  ['an option that is not there', [fence('sh', 'npx disclosure config --loud')]],
  ['another exit code', [fence('sh', 'npx disclosure config # exit 1')]],
  ['a line that is not printed', [fence('sh', 'npx disclosure config'), fence('text', 'PORT = 8080')]],
  ['a message that is refused', [fence('json', MESSAGE.replace('title', 'titel'))]],
  ['a refusal by another code', ['<!-- refused: unknown-field -->', fence('json', MESSAGE)]],
  ['a message that is sent and refused', ['<!-- sent -->', fence('json', MESSAGE)]],
  ['a field that the answer lacks', [fence('sh', 'npx disclosure config --json'), fence('json', '{"variables":[{"title":"PORT"}]}')]],
  ['a field of another type', [fence('sh', 'npx disclosure config --json'), fence('json', '{"variables":"all"}')]],
  ['a text that is another', [fence('sh', 'npx disclosure config --json'), fence('json', '{"variables":[{"name":"PORTS"}]}')]],
  ['JSON that is none', [fence('json', '{"a":…}')]],
  ['another status', [fence('http', 'GET /health/live'), fence('http', 'HTTP/1.1 204 No Content')]],
  ['a script that is not there', [fence('sh', 'npm run polish')]],
  [
    'a program that says something else',
    ['<!-- file: a.mjs -->', fence('js', 'console.log(1)'), fence('sh', 'node a.mjs'), fence('text', '2')],
  ],
  ['a file that is not there', [fence('sh', 'npm test -- test/nothing.test.ts')]],
  ['a command that fails in a shell', [fence('sh', 'grep nothing package.json | cat > x && test -s x')]],
];

test.each(wrong)('%s is found', async (_what, parts) => {
  await expect(reading(...parts)).rejects.toThrow('page.md:');
});
