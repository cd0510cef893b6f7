// Adds the digests of the forms and rules that this program puts into packs to those its verifier knows. None is ever
// taken away: a pack of an older release must go on holding.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { packForms, packRules } from '../dist/audit/pack/contents.js';
import { canonicalJson, sha256 } from '../dist/encoding/canonical-json.js';
import { KNOWN_FORMS, KNOWN_RULES } from '../dist/verifier/known-digests.js';

const FILE = fileURLToPath(new URL('../src/verifier/known-digests.ts', import.meta.url));

const HEAD = `// Written by \`npm run digests\`, which adds what is new and takes nothing away. Not edited by hand.

`;

/** The same record with one digest more behind those of this name, names in order. */
function withDigest(known, name, digest) {
  const all = new Set([...(known[name] ?? []), digest]);
  return Object.fromEntries(Object.entries({ ...known, [name]: [...all] }).sort(([one], [other]) => (one < other ? -1 : 1)));
}

const digestOf = (value) => sha256(canonicalJson(value));
const idOf = (name) => name.replace(/^forms\/|\.json$/g, '');
const rules = packRules();
const forms = packForms().reduce((known, { name, form }) => withDigest(known, idOf(name), digestOf(form)), KNOWN_FORMS);

/** Of one line, or of several. */
const docstring = ([first, ...more]) => (more.length === 0 ? `/** ${first} */` : `/**\n * ${[first, ...more].join('\n * ')}\n */`);

const record = (comment, name, value) =>
  `${docstring(comment)}\nexport const ${name}: Readonly<Record<string, readonly string[]>> = ${JSON.stringify(value)};\n`;
const source =
  HEAD +
  record(['`forms/<id>.json`, every version of it.'], 'KNOWN_FORMS', forms) +
  '\n' +
  record(
    ['Versions of the rules of counting that the second calculator follows, each with the digests of `rules.json` it was', 'printed with.'],
    'KNOWN_RULES',
    withDigest(KNOWN_RULES, rules.policy, digestOf(rules)),
  );
writeFileSync(FILE, await format(source, { ...(await resolveConfig(FILE)), filepath: FILE }));
