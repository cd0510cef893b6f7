/** A line of steps as SVG, without script and without styles of its own. The numbers stand in a table beside it. */
import type { JSX } from 'preact';

const [WIDTH, HEIGHT, LEFT, BOTTOM, TOP] = [640, 180, 48, 24, 12] as const;

/** What a value was from each entry on; entries stand at even distances. */
export function stepChart(label: string, entries: readonly (readonly [at: string, value: number])[]): JSX.Element {
  const values = entries.map(([, value]) => value);
  const [least, most] = [Math.min(0, ...values), Math.max(1, ...values)];
  const x = (at: number): number => LEFT + (at * (WIDTH - LEFT)) / entries.length;
  const y = (value: number): number => TOP + ((most - value) * (HEIGHT - TOP - BOTTOM)) / (most - least);
  return (
    <svg class="app-chart" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
      <line x1={LEFT} y1={y(0)} x2={WIDTH} y2={y(0)} />
      {values.map((value, at) => (
        <rect
          x={x(at)}
          y={Math.min(y(value), y(0))}
          width={Math.max(1, (WIDTH - LEFT) / entries.length - 1)}
          height={Math.abs(y(value) - y(0))}
        />
      ))}
      <text x={0} y={y(most) + 4}>
        {most}
      </text>
      <text x={LEFT} y={HEIGHT - 6}>
        {entries[0]?.[0] ?? ''}
      </text>
      <text x={WIDTH} y={HEIGHT - 6} text-anchor="end">
        {entries.at(-1)?.[0] ?? ''}
      </text>
    </svg>
  );
}
