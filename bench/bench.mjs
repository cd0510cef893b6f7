// `npm run bench`: the bench. Without options the targets of the design as ratios (ratios.mjs); docs/performance.md
// says what the options print. Only --compare judges: it ends with 1 where something got slower.
import { Command, InvalidArgumentError, Option } from 'commander';
import { MODES } from './modes.mjs';

function wholeNumber(text) {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError('It must be a whole number from 1.');
  return value;
}

function minutes(text) {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('It must be a number of minutes above 0.');
  return value;
}

/** `10k,100k,1M` as numbers, the smallest first. */
function sizes(text) {
  const read = text.split(',').map((part) => {
    const [, digits, unit = ''] = /^(\d+)([kM])?$/.exec(part) ?? [];
    return wholeNumber(digits) * { '': 1, k: 1000, M: 1_000_000 }[unit];
  });
  return read.sort((a, b) => a - b);
}

const program = new Command('npm run bench --')
  .description('Measures speed, memory and disk. The environment variables stand in docs/performance.md.')
  .option('--curves', 'how time, memory and disk grow with the ledger: a table, a file of results and a drawing')
  .option('--sizes <list>', 'events of each ledger of the curves', sizes, sizes('10k,100k,1M'))
  .option('--compare [file]', 'what got slower than in a baseline; ends with 1 where something did')
  .option('--baseline [file]', 'measures what --compare measures and keeps it as the baseline')
  .option('--soak <minutes>', 'mixed load at half the peak: whether memory, files and delays stay flat', minutes)
  .addOption(new Option('--store <name>', 'of a soak: this store alone').choices(['embedded', 'eventstoredb']))
  .option('--seed <number>', 'another seed asks other questions', wholeNumber, 2017)
  .option('--into <folder>', 'where results and drawings are written, instead of bench/results and docs')
  .allowExcessArguments(false);

const options = program.parse().opts();
const asked = Object.keys(MODES).filter((name) => options[name] !== undefined);
if (asked.length > 1) program.error(`only one of ${asked.map((name) => `--${name}`).join(', ')} at a time`);
process.exitCode = await MODES[asked[0] ?? 'ratios'](options);
