/** Bars as SVG, without script and without styles of their own. The numbers stand in a table beside them. */
import type { JSX } from 'preact';

const [WIDTH, HEIGHT, LEFT, BOTTOM, TOP] = [640, 180, 48, 24, 12] as const;
/** With more bars only the first and the last have room for their names. */
const NAMED = 12;

/** A bar for each entry, at even distances. */
export function barChart(label: string, entries: readonly (readonly [name: string, value: number])[]): JSX.Element {
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
