// Curves as an SVG: four panels with both axes logarithmic, drawn so that they are read without colour. A line has its
// own marker and dashes, and its name at its end.
import { JOBS } from '../jobs.mjs';
import { describe } from '../setting.mjs';

const PANEL = { width: 470, height: 300 };
const MARGIN = { left: 62, right: 78, top: 34, bottom: 42 };
const PLOT = { width: PANEL.width - MARGIN.left - MARGIN.right, height: PANEL.height - MARGIN.top - MARGIN.bottom };
const HEAD = 58;
/** Rows of names at the ends of lines, px. */
const NAME_HEIGHT = 13;

/** One colour, marker and dash pattern for each job, in the order of JOBS; colours of Okabe and Ito, told by all. */
const STYLES = [
  { colour: '#0072b2', dash: '', marker: 'circle' },
  { colour: '#d55e00', dash: '7 3', marker: 'square' },
  { colour: '#009e73', dash: '2 3', marker: 'triangle' },
  { colour: '#a0527e', dash: '9 3 2 3', marker: 'diamond' },
  { colour: '#000000', dash: '', marker: 'square' },
  { colour: '#8a6d00', dash: '7 3', marker: 'circle' },
  { colour: '#0b6fa4', dash: '2 3', marker: 'diamond' },
  { colour: '#b04a00', dash: '9 3 2 3', marker: 'triangle' },
];

const whole = ({ kind }) => kind === 'whole';
const question = ({ kind }) => kind === 'question';
const any = () => true;

const PANELS = [
  {
    title: 'Time of the whole work (thin: processor)',
    unit: seconds,
    of: whole,
    value: (row) => row.seconds,
    thin: (row) => row.cpuSeconds,
  },
  { title: 'Time of one answer, p50 (thin: p99)', unit: milliseconds, of: question, value: (row) => row.p50, thin: (row) => row.p99 },
  { title: 'Most memory while it ran', unit: bytes, of: any, value: (row) => row.peak },
  { title: 'Most disk while it ran', unit: bytes, of: whole, value: (row) => row.disk },
];

function seconds(value) {
  return value < 1 ? `${short(value * 1000)} ms` : `${short(value)} s`;
}

function milliseconds(value) {
  return value < 1 ? `${short(value * 1000)} µs` : `${short(value)} ms`;
}

function bytes(value) {
  const mega = value / 1e6;
  return mega < 1000 ? `${short(mega)} MB` : `${short(mega / 1000)} GB`;
}

function counted(value) {
  if (value >= 1e6) return `${short(value / 1e6)}M`;
  return value >= 1000 ? `${short(value / 1000)}k` : String(value);
}

const short = (value) => String(Number(value.toPrecision(3)));
const at = (value) => value.toFixed(1);
const escaped = (text) => text.replace(/[&<>]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[sign]);

/**
 * From a value to its place between `from` and `to`; `ticks` are powers of ten, with twos and fives between them where
 * there are few.
 */
export function logarithmic(values, from, to) {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const [low, high] = [Math.log10(least) - 0.06, Math.log10(most) + 0.06];
  const steps = high - low > 2.5 ? [1] : high - low > 1 ? [1, 3] : [1, 2, 5];
  const ticks = [];
  for (let power = Math.floor(low); power <= high; power += 1)
    for (const step of steps) {
      const value = step * 10 ** power;
      if (Math.log10(value) >= low && Math.log10(value) <= high) ticks.push(value);
    }
  return { place: (value) => from + ((Math.log10(value) - low) / (high - low)) * (to - from), ticks };
}

function marker({ marker: shape, colour }, x, y) {
  const points = { square: '-3,-3 3,-3 3,3 -3,3', triangle: '0,-4 4,3 -4,3', diamond: '0,-4.5 4.5,0 0,4.5 -4.5,0' }[shape];
  const place = `transform="translate(${at(x)} ${at(y)})" fill="${colour}"`;
  return points === undefined ? `<circle r="3.2" ${place}/>` : `<polygon points="${points}" ${place}/>`;
}

function curve(points, { style, width }) {
  const path = points.map(([x, y]) => `${at(x)},${at(y)}`).join(' ');
  return `<polyline points="${path}" fill="none" stroke="${style.colour}" stroke-width="${width}"${style.dash === '' ? '' : ` stroke-dasharray="${style.dash}"`}/>`;
}

/** Moves names apart that would stand on each other, from the top down, and back up from the bottom. */
export function spreadOut(places, { height, bottom }) {
  const sorted = places.map((place, index) => ({ place, index })).sort((a, b) => a.place - b.place);
  let last = -Infinity;
  for (const name of sorted) last = name.place = Math.max(name.place, last + height);
  let next = bottom + height;
  for (const name of sorted.toReversed()) next = name.place = Math.min(name.place, next - height);
  return sorted.sort((a, b) => a.index - b.index).map(({ place }) => place);
}

function axes({ x, y, unit }) {
  const lines = [];
  for (const tick of y.ticks) {
    const place = at(y.place(tick));
    lines.push(`<line x1="${MARGIN.left}" x2="${MARGIN.left + PLOT.width}" y1="${place}" y2="${place}" stroke="#ddd"/>`);
    lines.push(`<text x="${MARGIN.left - 6}" y="${place}" dy="0.35em" text-anchor="end">${unit(tick)}</text>`);
  }
  const bottom = MARGIN.top + PLOT.height;
  for (const tick of x.ticks) {
    const place = at(x.place(tick));
    lines.push(`<line x1="${place}" x2="${place}" y1="${MARGIN.top}" y2="${bottom}" stroke="#eee"/>`);
    lines.push(`<text x="${place}" y="${bottom + 16}" text-anchor="middle">${counted(tick)}</text>`);
  }
  lines.push(`<path d="M${MARGIN.left} ${MARGIN.top}V${bottom}H${MARGIN.left + PLOT.width}" fill="none" stroke="#333"/>`);
  lines.push(`<text x="${MARGIN.left + PLOT.width / 2}" y="${bottom + 34}" text-anchor="middle">events in the ledger</text>`);
  return lines;
}

/** The rows of each job of a panel, smallest ledger first. */
function seriesOf(rows, panel) {
  return Object.keys(JOBS)
    .map((part, index) => ({
      part,
      style: STYLES[index % STYLES.length],
      rows: rows.filter((row) => row.part === part && panel.value(row) > 0).sort((a, b) => a.events - b.events),
    }))
    .filter(({ part, rows: own }) => panel.of(JOBS[part]) && own.length > 0);
}

function panelOf(panel, rows) {
  const series = seriesOf(rows, panel);
  const title = `<text x="${MARGIN.left}" y="18" font-weight="600">${escaped(panel.title)}</text>`;
  if (series.length === 0) return title;
  const all = series.flatMap(({ rows: own }) => own);
  const values = all.flatMap((row) => [panel.value(row), ...(panel.thin === undefined ? [] : [panel.thin(row)])]);
  const x = logarithmic(
    all.map(({ events }) => events),
    MARGIN.left,
    MARGIN.left + PLOT.width,
  );
  const y = logarithmic(values, MARGIN.top + PLOT.height, MARGIN.top);
  const points = (own, value) => own.map((row) => [x.place(row.events), y.place(value(row))]);
  const ends = series.map(({ rows: own }) => y.place(panel.value(own.at(-1))));
  const names = spreadOut(ends, { height: NAME_HEIGHT, bottom: MARGIN.top + PLOT.height });
  const drawn = series.flatMap(({ part, style, rows: own }, index) => {
    const main = points(own, panel.value);
    const end = MARGIN.left + PLOT.width;
    return [
      ...(panel.thin === undefined ? [] : [curve(points(own, panel.thin), { style, width: 0.7 })]),
      curve(main, { style, width: 1.8 }),
      ...main.map(([px, py]) => marker(style, px, py)),
      `<path d="M${at(main.at(-1)[0])} ${at(main.at(-1)[1])}L${end + 4} ${at(names[index])}" stroke="#999" stroke-width="0.5"/>`,
      marker(style, end + 10, names[index]),
      `<text x="${end + 18}" y="${at(names[index])}" dy="0.35em">${part}</text>`,
    ];
  });
  return [title, ...axes({ x, y, unit: panel.unit }), ...drawn].join('\n');
}

/** `result`: what `--curves` keeps as a file. */
export function drawing(result) {
  const [width, height] = [2 * PANEL.width, HEAD + 2 * PANEL.height];
  const panels = PANELS.map(
    (panel, index) =>
      `<g transform="translate(${(index % 2) * PANEL.width} ${HEAD + Math.floor(index / 2) * PANEL.height})">\n${panelOf(panel, result.rows)}\n</g>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title about"`,
    '  font-family="system-ui, sans-serif" font-size="11" fill="#222">',
    '<title id="title">What the ledger costs as it grows</title>',
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    `<text x="${MARGIN.left}" y="24" font-size="15" font-weight="600">What the ledger costs as it grows</text>`,
    `<text id="about" x="${MARGIN.left}" y="42">${escaped(describe(result))}</text>`,
    ...panels,
    '</svg>\n',
  ].join('\n');
}
