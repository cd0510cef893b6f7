/**
 * The text of a yearly report from the ledger: the template of its form with every number written out of the table and
 * of the figures that only the prose has, as of a moment.
 */
import { profileOn } from '../../domain/agency/state.js';
import { QueryProblem } from '../../read-models/query-problem.js';
import { cellOf } from '../../statistics/form.js';
import { findForm } from '../../statistics/forms/registry.js';
import { isProseCode } from '../../statistics/prose/figures.js';
import { REPORT_TEMPLATES, type PartTemplate, type ReportTemplate } from '../../statistics/prose/report-templates.js';
import { termsOf, type Template, type Term } from '../../statistics/prose/template.js';
import { writeTemplate, type Printed, type Sources } from '../../statistics/prose/words.js';
import { valuesOf } from '../../statistics/table.js';
import type { StatisticsReader } from '../statistics-reader.js';
import type { TableReader } from '../table-reader.js';
import type { PlainTable, Table } from '../table.js';
import type { YearQuestion } from '../year-view.js';

export interface ReportPart {
  /** 一、二、… */
  readonly number: string;
  readonly title: string;
  /** Paragraphs; a heading within the part is one of them, with its number. */
  readonly paragraphs: readonly string[];
  /** Codes of the rows of the table that the part prints; absent where it prints none. */
  readonly rows?: readonly string[];
}

export interface ReportText {
  readonly agency: string;
  readonly year: number;
  /** With every paragraph in Chinese, as it is printed. */
  readonly title: string;
  readonly opening: readonly string[];
  readonly parts: readonly ReportPart[];
  /** Title of the whole table behind the parts; null where these print it. */
  readonly annex: string | null;
  /** Codes the text refers to that are in no table and no pack: they rest on this ledger alone. */
  readonly statistics: readonly string[];
  /** The default view of the year, whose cells the text refers to. */
  readonly table: Table;
}

/** What a text is written from: values of both years, by cell and by code. */
interface Figures {
  readonly of: (term: Term) => Printed | null;
}

interface Year {
  readonly cells: ReadonlyMap<string, string | null>;
  readonly codes: ReadonlyMap<string, Printed>;
}

const NO_YEAR: Year = { cells: new Map(), codes: new Map() };

const NUMBERS = ['一', '二', '三', '四', '五', '六', '七', '八', '九', '十', '十一', '十二'];

export class ReportTextReader {
  readonly #tables: TableReader;
  readonly #statistics: StatisticsReader;

  constructor(tables: TableReader, statistics: StatisticsReader) {
    this.#tables = tables;
    this.#statistics = statistics;
  }

  /** Errors: as of a table; `unknown-form` where the form of the year has no template. */
  async text(question: YearQuestion): Promise<ReportText> {
    const table = await this.#tables.table(question);
    const { agency, year, form } = table;
    const template = REPORT_TEMPLATES[form];
    if (template === undefined)
      throw new QueryProblem(
        'unknown-form',
        `The form ${form} has no report text.`,
        `There are texts of ${Object.keys(REPORT_TEMPLATES).join(', ')}.`,
      );
    // What came in between the two answers is in neither.
    const asOf = table.asOf.index === null ? question.asOf : `index:${table.asOf.index}`;
    const name = profileOn(this.#tables.agencyAsOf({ agency, year, asOf }), `${year}-12-31`).name;
    const figures = await this.#figures({ agency, year, asOf }, table);
    return writeReport(template, { table, name, figures });
  }

  async #figures(question: YearQuestion, table: PlainTable): Promise<Figures> {
    const years = [await this.#year(question, table), await this.#lastYear({ ...question, year: question.year - 1 }, table.form)];
    return {
      of: ({ code, last }) => {
        const { cells, codes } = years[last ? 1 : 0] ?? NO_YEAR;
        return isProseCode(code) ? figureOf(code, codes) : cellIn(table.form, code, cells);
      },
    };
  }

  /** Of a year known from paper nobody knows what only its prose said: there such figures are blank. */
  async #year(question: YearQuestion, table: PlainTable): Promise<Year> {
    const { statistics } = await this.#statistics.statistics(question);
    const known = table.view !== 'paper';
    return {
      cells: valuesOf(table.rows),
      codes: new Map(statistics.map(({ code, value, unit }) => [code, { value: known ? value : null, unit }])),
    };
  }

  /** One code is another row in another form, so that no cell is compared there. */
  async #lastYear(question: YearQuestion, form: string): Promise<Year> {
    try {
      const { table } = this.#tables.plain(question);
      const { cells, codes } = await this.#year(question, table);
      return { cells: table.form === form ? cells : new Map(), codes };
    } catch (error) {
      if (error instanceof QueryProblem && (error.code === 'unknown-form' || error.code === 'bad-year')) return NO_YEAR;
      throw error;
    }
  }
}

/** A code of a year that has no figures at all is blank, like its cells. */
function figureOf(code: string, codes: Year['codes']): Printed | null {
  return codes.size === 0 ? { value: null, unit: null } : (codes.get(code) ?? null);
}

function cellIn(form: string, cell: string, values: Year['cells']): Printed | null {
  const known = findForm(form);
  const found = known === undefined ? undefined : cellOf(known, cell);
  return found === undefined ? null : { value: values.get(cell) ?? null, unit: found.unit };
}

interface Written {
  readonly table: Table;
  readonly name: string;
  readonly figures: Figures;
}

function writeReport(template: ReportTemplate, { table, name, figures }: Written): ReportText {
  const { agency, year } = table;
  const sources: Sources = {
    printed: figures.of,
    named: {
      year: String(year),
      'last-year': String(year - 1),
      period: `${year}年1月1日起至${year}年12月31日`,
      agency: name,
    },
  };
  const write = (texts: readonly Template[]): string[] =>
    texts.map((text) => {
      const { text: written, unknown } = writeTemplate(text, sources);
      if (unknown.length > 0) throw new Error(`a text refers to what form ${table.form} has not: ${unknown.join(', ')}`);
      return written;
    });
  const all = [...template.opening, ...template.parts.flatMap(({ sections }) => sections.flatMap(({ paragraphs }) => paragraphs))];
  const statistics = new Set(all.flatMap(termsOf).flatMap(({ code }) => (isProseCode(code) ? [code] : [])));
  return {
    agency,
    year,
    title: `${name}${year}年度${template.title}`,
    opening: write(template.opening),
    parts: template.parts.map((part, at) => writePart(part, at, { write, table })),
    annex: template.annex === null ? null : `${name}${year}年度${template.annex}`,
    statistics: [...statistics].sort(),
    table,
  };
}

function writePart(
  { title, sections, rows }: PartTemplate,
  at: number,
  { write, table }: { readonly write: (texts: readonly Template[]) => string[]; readonly table: Table },
): ReportPart {
  const paragraphs = sections.flatMap(({ heading, paragraphs: texts }, place) => [
    ...(heading === null ? [] : [`(${NUMBERS[place] ?? ''})${heading}`]),
    ...write(texts).filter((text) => text !== ''),
  ]);
  const printed = rows === null ? {} : { rows: table.rows.flatMap(({ code }) => (code.startsWith(rows) ? [code] : [])) };
  return { number: NUMBERS[at] ?? '', title, paragraphs, ...printed };
}
