// What is printed: a line per target, and under it what bounds the figure.
const WIDTHS = [48, 24, 42, 7, 26];

/** Cells side by side, each as wide as its column; what is longer moves the rest. */
export function columns(cells, widths = WIDTHS) {
  return cells
    .map((cell, index) => String(cell).padEnd(widths[index] ?? 0))
    .join(' ')
    .trimEnd();
}

export function heading(text) {
  console.log(`\n${text}`);
}

export function tableHead() {
  console.log(columns(['what', 'ours', 'baseline, same run', 'ratio', 'target', 'target met']));
}

/** `met`: true, false, or null where the line has no target. */
export function line({ what, ours, baseline = '', ratio = null, target = '', met = null, bounds = [] }) {
  console.log(
    columns([what, ours, baseline, ratio === null ? '' : `${ratio.toFixed(2)}x`, target, met === null ? '' : met ? 'yes' : 'NO']),
  );
  for (const bound of bounds) console.log(`    ${bound}`);
}

export const rate = (perSecond) => `${Math.round(perSecond).toLocaleString('en')}/s`;
export const ms = (value) => `${value < 10 ? value.toFixed(2) : value.toFixed(0)} ms`;
export const megabytes = (bytes) => `${Math.round(bytes / 1024 / 1024)} MB`;
/** Processor time of one message, seconds. */
export const processorOf = ({ cpu, seconds, count }) => (cpu * seconds) / count;
export const microseconds = (seconds) => `${Math.round(seconds * 1e6)} µs`;
export const share = (cpu) => `${Math.round(cpu * 100)}% of a core`;

/**
 * What a busy machine changes least: how much was done for each second of processor time, waiting for disk and for the
 * core left out.
 */
export function effort({ count, seconds, cpu }) {
  return `${share(cpu)}, ${Math.round(count / seconds / cpu).toLocaleString('en')} per processor second`;
}

/** Lowest and highest of the rounds: what the median hides. */
export function spread(results, figure) {
  const figures = results.map(figure);
  return `${Math.round(Math.min(...figures)).toLocaleString('en')} to ${Math.round(Math.max(...figures)).toLocaleString('en')}/s over ${figures.length} rounds`;
}
