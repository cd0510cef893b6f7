/** Bars as SVG, without script and without styles of their own. The numbers stand in a table below them. */
import type { JSX } from 'preact';
import { DataTable, type TableGiven } from './parts.js';

const [WIDTH, HEIGHT, LEFT, BOTTOM, TOP] = [640, 180, 48, 24, 12] as const;
/** With more bars only the first and the last have room for their names. */
const NAMED = 12;

type Entries = readonly (readonly [name: string, value: number])[];

/** Bars under a heading, and below them the table that has their numbers. */
export function Charted({ bars, ...table }: TableGiven & { readonly bars: Entries }): JSX.Element {
  const { caption } = table;
  return (
    <section>
      <h2 class="govuk-heading-m">{caption}</h2>
      {barChart(caption, bars)}
      <DataTable {...table} />
    </section>
  );
}

/** A bar for each entry, at even distances. */
function barChart(label: string, entries: Entries): JSX.Element {
  const values = entries.map(([, value]) => value);
  const [least, most] = [Math.min(0, ...values), Math.max(1, ...values)];
  const step = (WIDTH - LEFT) / entries.length;
  const x = (at: number): number => Math.round(LEFT + at * step);
  const y = (value: number): number => Math.round(TOP + ((most - value) * (HEIGHT - TOP - BOTTOM)) / (most - least));
  const isNamed = (at: number): boolean => entries.length <= NAMED || at === 0 || at === entries.length - 1;
  return (
    <svg class="app-chart" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
      <line x1={LEFT} y1={y(0)} x2={WIDTH} y2={y(0)} />
      {values.map((value, at) => (
        <rect x={x(at)} y={Math.min(y(value), y(0))} width={Math.max(1, Math.round(step) - 4)} height={Math.abs(y(value) - y(0))} />
      ))}
      <text x={0} y={y(most) + 4}>
        {most}
      </text>
      {entries.map(([name], at) =>
        isNamed(at) ? (
          <text x={Math.round(x(at) + step / 2)} y={HEIGHT - 6} text-anchor={at === entries.length - 1 && at > NAMED ? 'end' : 'middle'}>
            {name}
          </text>
        ) : null,
      )}
    </svg>
  );
}
