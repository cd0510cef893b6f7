/**
 * A type of event stands in every place that must know it. It may be begun in any of them: what is missing then is the
 * message of this test, file by file and in order. Nothing here needs the types to hold, so it may be run at every
 * step. docs/adding.md says the same for who has not begun.
 */
import { ACTS, SEALED_FIELDS, type ActType } from '../../src/domain/acts.js';
import { rulesOf } from '../../src/domain/kinds.js';
import { PLAIN_ACTS } from '../../src/domain/small-kinds/plain-acts.js';
import { currentVersion, isActType, isStoredType, LATER_VERSIONS } from '../../src/events/catalog.js';
import { toAct, type ReadShape } from '../../src/events/envelope.js';
import { UPCASTERS } from '../../src/events/upcasters.js';
import { DATA_CLASSES } from '../../src/intake/messages/data-classes.js';
import { ACTS_OF_NO_MODEL, EVERY_ACT } from '../../src/read-models/every-act.js';
import { PROJECTIONS } from '../../src/read-models/read-store.js';
import { count, COUNTED_TYPES } from '../../src/statistics/measures.js';
import { READERS } from '../../src/verifier/calculator/acts.js';
import { KNOWN_VERSIONS } from '../../src/verifier/calculator/raw-event.js';
import { parseStream } from '../../src/verifier/streams.js';
import { isKind } from '../support/contribution-kinds.js';
import { allTexts, isConcerned, sealedOrClear, unplacedTexts } from '../support/free-texts.js';
import { expectDone, filesUnder, textOf, unless, type Step } from '../support/to-do.js';

const PLAIN_FILE = 'src/domain/small-kinds/plain-acts.ts';
const HISTORY = 'test/events/golden-history.ts';
const GOLDEN = 'test/events/golden';
const DOMAIN = filesUnder('src/domain');

/** These count as findings alone, or by what they take back: the second calculator reads nothing of them. */
const NO_FIGURES: readonly string[] = [
  'agency.clearance-chain-set',
  'application.reply-remade',
  'publication.corrected',
  'record.voided',
  'report.published',
];

/** Type → file, of the interfaces `…Data` or `…Facts` that have it. */
function membersOf(suffix: 'Data' | 'Facts'): Map<string, string> {
  const whole = new RegExp(`^export interface \\w+${suffix}\\b[^{]*\\{\\n([\\s\\S]*?)^\\}`, 'gm');
  const found = DOMAIN.flatMap((file) =>
    [...textOf(file).matchAll(whole)].flatMap(([, body = '']) =>
      [...body.matchAll(/^ {2}readonly '([^']+)'/gm)].map(([, type = '']) => [type, file] as const),
    ),
  );
  return new Map(found);
}

const SAYS = membersOf('Data');
const FACTS = membersOf('Facts');
const EXAMPLES = new Set([...textOf(HISTORY).matchAll(/\bgolden\(\s*'([^']+)'/g)].map(([, type = '']) => type));
const FILES = new Set(filesUnder(GOLDEN));
const goldenFile = (type: string, version: number): string => `${GOLDEN}/${type}.v${version}.json`;

const kindOf = (type: string): string => type.slice(0, type.indexOf('.'));
const versionOf = (type: string): number => (isStoredType(type) ? currentVersion(type) : 1);
const has = (table: object, type: string): boolean => Object.hasOwn(table, type);

/** The file among some in which types of the same kind are keys of a table. */
function homeOf(type: string, files: readonly string[], otherwise: string): string {
  const sibling = new RegExp(`^ +'${kindOf(type)}\\.[a-z-]+':|standingBy\\(\\{ '${kindOf(type)}\\.`, 'm');
  return files.find((file) => sibling.test(textOf(file))) ?? otherwise;
}

/** Every type that any of the places names. */
function named(): string[] {
  const tables = [ACTS, DATA_CLASSES, LATER_VERSIONS, SEALED_FIELDS, KNOWN_VERSIONS, READERS].flatMap((table) => Object.keys(table));
  const lists = PROJECTIONS.flatMap(({ handles, ignores }) => [...handles, ...ignores]);
  const steps = Object.keys(UPCASTERS).map((step) => step.slice(0, step.indexOf('@')));
  const golden = [...FILES].map((file) => file.slice(GOLDEN.length + 1).replace(/\.v\d+\.json$/, ''));
  const all = [...tables, ...lists, ...steps, ...golden, ...COUNTED_TYPES, ...EVERY_ACT, ...SAYS.keys(), ...FACTS.keys(), ...EXAMPLES];
  // What the service itself keeps comes in by no message: the catalogue names it.
  return all.filter((type) => !isStoredType(type) || isActType(type));
}

/** What its kind says of it. */
function domainSteps(type: string): (Step | null)[] {
  const home = SAYS.get(type) ?? [...SAYS].find(([other]) => kindOf(other) === kindOf(type))?.[1] ?? PLAIN_FILE;
  const plain = home === PLAIN_FILE;
  const kind = rulesOf(kindOf(type));
  const rules = homeOf(
    type,
    DOMAIN.filter((file) => !file.endsWith('acts.ts')),
    `src/domain/small-kinds/${kindOf(type)}.ts`,
  );
  return [
    unless(SAYS.has(type), home, `add what its message says to the interface ${plain ? 'PlainData' : '…Data'}`),
    unless(plain || FACTS.has(type), home, 'add what its decision adds to the interface …Facts'),
    unless(
      has(ACTS, type),
      home,
      `add its row to ${plain ? 'PLAIN_ACTS: whether it counts, the state and title of its case' : '…_ACTS: whether it counts'}`,
    ),
    unless(kind !== undefined || plain || kindOf(type) === 'record', 'src/domain/kinds.ts', 'enter the rules of its kind'),
    unless(
      kindOf(type) === 'record' ||
        has(PLAIN_ACTS, type) ||
        kind?.types.some((known) => known === type) === true ||
        (plain && !has(ACTS, type)),
      rules,
      'add where its case stands after it to the table of standingBy, then what is decided on it to the rules of its kind',
    ),
  ];
}

/** What comes in of it. */
function intakeSteps(type: string): (Step | null)[] {
  const messages = filesUnder('src/intake/messages');
  const file = homeOf(type, messages, 'src/intake/messages/other.messages.ts');
  if (!has(DATA_CLASSES, type))
    return [{ file, write: 'add the class that validates its data, and the class under its type to the table at the end' }];
  const act = type as ActType;
  const open = isConcerned(act) ? allTexts(act).filter((text) => !sealedOrClear(act).includes(text)) : [];
  const unplaced = unplacedTexts(act);
  return [
    unless(
      open.length === 0,
      'src/domain/acts.ts',
      `seal ${open.join(', ')} in SEALED_FIELDS, or say in test/support/free-texts.ts why it stays clear`,
    ),
    unless(
      unplaced.length === 0,
      'test/support/free-texts.ts',
      `${unplaced.join(', ')} names somebody (@Person, @Office or @Party in ${file}), or is free (FREE)`,
    ),
  ];
}

/** What is counted of it, here and by the second calculator. */
function countingSteps(type: string): (Step | null)[] {
  const counted = isActType(type) && ACTS[type].counted;
  const known = KNOWN_VERSIONS[type] ?? 0;
  const doc = textOf('docs/counting.md');
  const isRead = !counted || NO_FIGURES.includes(type);
  return [
    unless(!counted || COUNTED_TYPES.includes(type), 'src/statistics/measures.ts', 'say in COUNTERS what it counts'),
    unless(
      counted || !COUNTED_TYPES.includes(type),
      'src/statistics/measures.ts',
      'take it out of COUNTERS: its row says that it counts nothing',
    ),
    unless(known >= versionOf(type), 'src/verifier/calculator/raw-event.ts', `add it to KNOWN_VERSIONS: ${versionOf(type)}`),
    unless(isRead || has(READERS, type), 'src/verifier/calculator/acts.ts', 'add to READERS what the second calculator reads of it'),
    unless(
      isRead || (doc.includes(`\`${kindOf(type)}.`) && doc.includes(`.${type.slice(kindOf(type).length + 1)}\``)),
      'docs/counting.md',
      'say by which fact it counts',
    ),
    unless(
      kindOf(type) === 'record' || parseStream(`${kindOf(type)}-a/1`)?.kind === kindOf(type),
      'src/verifier/streams.ts',
      `add ${kindOf(type)} to KINDS, and to the list in docs/audit-pack.md`,
    ),
  ];
}

/** Read models that write their own list; those of the others follow from the tables above. */
const OWN_LISTS = PROJECTIONS.filter(({ name, handles }) => handles !== EVERY_ACT && !['contributions', 'ledger'].includes(name));
const READ_MODELS = filesUnder('src/read-models');

function readModelSteps(type: string): (Step | null)[] {
  const shared = unless(
    EVERY_ACT.some((act) => act === type),
    'src/read-models/every-act.ts',
    'add it to ACTS_OF_NO_MODEL; where a read model takes it for its own, to EVERY_ACT',
  );
  const passedBy = ACTS_OF_NO_MODEL.some((act) => act === type) || shared !== null;
  const own = OWN_LISTS.filter(({ handles, ignores }) => !passedBy && !handles.includes(type) && !ignores.includes(type));
  return [shared, ...own.map(({ name }): Step => ({ file: fileOf(name), write: 'add it to HANDLED or to IGNORED' }))];
}

function fileOf(model: string): string {
  return READ_MODELS.find((file) => textOf(file).includes(`\n  name: '${model}',`)) ?? `src/read-models/ (${model})`;
}

/** The examples that are read for ever. */
function goldenSteps(type: string): (Step | null)[] {
  const version = versionOf(type);
  const versions = Array.from({ length: version }, (_, step) => step + 1);
  return [
    unless(EXAMPLES.has(type), HISTORY, 'add an example of its message to MESSAGES'),
    ...versions.map((each) =>
      unless(
        FILES.has(goldenFile(type, each)),
        goldenFile(type, each),
        'have it written by `npm run golden`; what is there is never changed',
      ),
    ),
    ...versions
      .slice(0, -1)
      .map((each) => unless(has(UPCASTERS, `${type}@${each}`), 'src/events/upcasters.ts', `add the step up ${type}@${each}`)),
    unless(contributesWhatIsKnown(type, version), 'test/support/contribution-kinds.ts', 'add the dimensions of what it counts'),
  ];
}

function contributesWhatIsKnown(type: string, version: number): boolean {
  // Where it is not there yet, other steps come first.
  if (!COUNTED_TYPES.includes(type) || !isActType(type) || !FILES.has(goldenFile(type, version))) return true;
  const event = JSON.parse(textOf(goldenFile(type, version))) as ReadShape;
  const { contributions, firsts } = count(toAct(event, () => null));
  return [...contributions, ...firsts].every(({ measure, dimensions }) => isKind(measure, dimensions));
}

test('every type of event is everywhere', () => {
  const types = named();
  expect(types.length).toBeGreaterThan(500);
  expectDone(types, (type) => [
    ...domainSteps(type),
    ...intakeSteps(type),
    ...countingSteps(type),
    ...readModelSteps(type),
    ...goldenSteps(type),
  ]);
});
