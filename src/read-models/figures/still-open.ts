/** Which acts a balance stands for: those that opened a case and were not ended by the moment asked about. */

/** A contribution to a balance: +1 opens a case, −1 ends it; a void of either does the opposite. */
export interface BalanceRow {
  /** Index of its event. */
  readonly index: number;
  readonly amount: number;
  readonly stream: number;
  /** Stored type of its event. */
  readonly type: string;
}

/**
 * A close ends the act that opened the case; a void of the close brings that act back, so the act itself is listed and
 * never its void. The amounts given add up to those of all rows.
 */
export function stillOpen(rows: readonly BalanceRow[]): BalanceRow[] {
  const cases = new Map<number, { standing: BalanceRow[]; ended: BalanceRow[] }>();
  for (const row of [...rows].sort((a, b) => a.index - b.index)) {
    const { standing, ended } = cases.get(row.stream) ?? { standing: [], ended: [] };
    cases.set(row.stream, { standing, ended });
    if (row.amount < 0) {
      const opened = standing.pop();
      if (opened === undefined) throw new Error(`event ${row.index} ends what nothing opened`);
      ended.push(opened);
    } else {
      const back = row.type === 'record.voided' ? ended.pop() : undefined;
      standing.push(back ?? row);
    }
  }
  return [...cases.values()].flatMap(({ standing }) => standing);
}
