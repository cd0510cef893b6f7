/** `disclosure table`, `explain`, `trail`: answers from the read models. */
import type { QueryBus } from '@nestjs/cqrs';
import { ExplainCell, GetDifference, GetReport, GetTable } from '../../tables/handlers.js';
import { GetCase, GetTrail } from '../../privacy/handlers.js';
import { GetDeadlines, GetYearSummary } from '../../read-models/handlers.js';
import { readCaseRef } from '../../read-models/cases/case-ref.js';
import { withLedger } from '../context.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { print, printJson } from '../render/output.js';
import { renderDeadlines } from '../render/render-deadlines.js';
import { renderPublication } from '../render/render-report.js';
import { cellLabel } from '../render/render-table.js';
import { renderDifference, renderExplanation, renderSummary, renderTable, renderTrail } from '../render/render.js';

interface Asked {
  readonly agency: string;
  readonly year: number;
  readonly form?: string;
  readonly asOf?: string;
  readonly view?: string;
  readonly rollup?: boolean;
  readonly json?: boolean;
}

/** The name an agency goes by now. */
export async function agencyName(queries: QueryBus, agency: string): Promise<string> {
  return (await queries.execute(new GetCase(agency, { kind: 'agency', number: agency }))).title ?? agency;
}

function answer<T>(json: boolean | undefined, value: T, render: (value: T) => readonly string[]): ExitCode {
  if (json === true) printJson(value);
  else for (const line of render(value)) print(line);
  return EXIT.done;
}

export function table(asked: Asked): Promise<ExitCode> {
  return withLedger(async ({ queries }) => {
    if (asked.view === 'difference') {
      const found = await queries.execute(new GetDifference(asked));
      const published = await queries.execute(new GetTable({ ...asked, view: 'published' }));
      return answer(asked.json, found, (value) => renderDifference(value, (cell) => cellLabel(published, cell)));
    }
    const found = await queries.execute(new GetTable(asked));
    const name = await agencyName(queries, asked.agency);
    const report = asked.view === 'published' ? await queries.execute(new GetReport(asked.agency, asked.year, asked.asOf)) : null;
    return answer(asked.json, found, (value) => [...renderTable(value, name), ...(report === null ? [] : renderPublication(report))]);
  });
}

export function explain(asked: Asked & { readonly cell: string }): Promise<ExitCode> {
  return withLedger(async ({ queries }) => {
    const found = await queries.execute(new ExplainCell(asked));
    const table = await queries.execute(new GetTable(asked));
    return answer(asked.json, found, (value) => renderExplanation(value, (cell) => cellLabel(table, cell)));
  });
}

export function trail(asked: {
  readonly agency: string;
  readonly case?: string;
  readonly year?: number;
  readonly asOf?: string;
  readonly json?: boolean;
}): Promise<ExitCode> {
  return withLedger(async ({ queries }) => {
    if (asked.case === undefined)
      return answer(asked.json, await queries.execute(new GetYearSummary(asked.agency, asked.year ?? 0, asked.asOf)), renderSummary);
    return answer(asked.json, await queries.execute(new GetTrail(asked.agency, readCaseRef(asked.case), asked.asOf)), renderTrail);
  });
}

export function deadlines(asked: {
  readonly agency: string;
  readonly on?: string;
  readonly asOf?: string;
  readonly case?: string;
  readonly json?: boolean;
}): Promise<ExitCode> {
  return withLedger(async ({ queries }) => {
    const { agency, on, asOf, json } = asked;
    const ref = asked.case === undefined ? undefined : readCaseRef(asked.case);
    const found = await queries.execute(new GetDeadlines({ agency, on, asOf, case: ref }));
    const name = await agencyName(queries, agency);
    return answer(json, found, (value) => renderDeadlines(value, name));
  });
}
