/**
 * The text of a yearly report from the ledger: the parts that officers wrote, the template of its form for the others,
 * with every number written out of the table and of the figures that only the prose has, as of a moment.
 */
import { profileOn } from '../../domain/agency/state.js';
import { QueryProblem } from '../../read-models/query-problem.js';
import { cellOf } from '../../statistics/form.js';
import { findForm } from '../../statistics/forms/registry.js';
import { parseOfficerText } from '../../prose/officer-text.js';
import { groupOf, headOf, isProseCode } from '../../statistics/prose/figures.js';
import { REPORT_TEMPLATES, type PartTemplate, type ReportTemplate } from '../../statistics/prose/report-templates.js';
import { termsOf, type Template, type Term } from '../../statistics/prose/template.js';
import { writeTemplate, type Printed, type Sources } from '../../statistics/prose/words.js';
import { valuesOf } from '../../statistics/table.js';
import type { StatisticsReader } from '../statistics-reader.js';
import type { TableReader } from '../table-reader.js';
import type { PlainTable, Table } from '../table.js';
import type { YearQuestion } from '../year-view.js';
import type { PrintedCheckpoint, StandingText, StandingTexts, TextQuestion } from './standing-text.js';

export interface ReportPart {
  /** 一、二、… */
  readonly number: string;
  readonly title: string;
  /** Paragraphs; a heading within the part is one of them, with its number. */
  readonly paragraphs: readonly string[];
  /** Codes of the rows of the table that the part prints; absent where it prints none. */
  readonly rows?: readonly string[];
}

/** About a part: what its form wants otherwise. */
export interface TextWarning {
  /** 一、二、… */
  readonly part: string;
  readonly message: string;
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
  /** The text of officers, by its hash; null where all of it is the template's. */
  readonly text: Pick<StandingText, 'textHash' | 'status'> | null;
  readonly warnings: readonly TextWarning[];
  /** Outside what `textHash` covers; null where nothing is signed. */
  readonly checkpoint: PrintedCheckpoint | null;
  /** Whose cells the text refers to: the table it is signed with, else the default view of the year. */
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
  readonly #standing: StandingTexts | null;

  /** `standing` is left out where only the template is asked for. */
  constructor(tables: TableReader, statistics: StatisticsReader, standing: StandingTexts | null = null) {
    this.#tables = tables;
    this.#statistics = statistics;
    this.#standing = standing;
  }

  /** Errors: as of a table; `unknown-form` where the form of the year has no template. */
  async text(question: TextQuestion): Promise<ReportText> {
    const { text, checkpoint } = (await this.#standing?.of(question)) ?? { text: null, checkpoint: null };
    const table = await this.#tableFor(question, text);
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
    return {
      ...writeReport(template, { table, name, figures, parts: text?.form === form ? text.parts : {} }),
      text: shownOf(text),
      checkpoint,
    };
  }

  /**
   * A text is printed with the table that it is signed with: as it was published, or as of the index it is compiled.
   */
  #tableFor({ agency, year, asOf, rollup }: TextQuestion, text: StandingText | null): Promise<Table> {
    const of = { agency, year, ...(rollup === true ? { rollup } : {}) };
    if (text?.table == null) return this.#tables.table({ ...of, asOf, ...(text === null ? {} : { form: text.form }) });
    const { index, hash } = text.table;
    if (text.status === 'published') return this.#tables.table({ ...of, asOf, view: 'published', hash });
    return this.#tables.table({ ...of, form: text.form, asOf: `index:${index}` });
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

  /**
   * Of a year known from paper nobody knows what only its prose said: there such figures are blank. So they are of a
   * roll-up, as they are of one agency.
   */
  async #year(question: YearQuestion, table: PlainTable): Promise<Year> {
    const { statistics } = await this.#statistics.statistics(question);
    const known = table.members === undefined && !table.rows.some(({ basis }) => basis === 'paper');
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

/** A code of a year that has no figures at all is blank, like its cells; a group in which nothing fell is 0. */
function figureOf(code: string, codes: Year['codes']): Printed | null {
  if (codes.size === 0) return { value: null, unit: null };
  const known = codes.get(code);
  const isKnown = [...codes.values()].some(({ value }) => value !== null);
  if (known !== undefined || groupOf(code) === null) return known ?? null;
  return { value: isKnown ? '0' : null, unit: headOf(code)?.unit ?? null };
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
  /** What officers wrote, by the numbers of the parts. */
  readonly parts: Readonly<Record<string, string>>;
}

/** Sources of what is written in a part: those of officers have no headings of the template. */
function partsOf(template: ReportTemplate, own: Written['parts']): PartTemplate[] {
  return template.parts.map((part, at) => {
    const text = own[String(at + 1)];
    return text === undefined ? part : { ...part, sections: [{ heading: null, paragraphs: [parseOfficerText(text).template] }] };
  });
}

function shownOf(text: StandingText | null): ReportText['text'] {
  return text === null ? null : { textHash: text.textHash, status: text.status };
}

type WithoutStanding = Omit<ReportText, 'text' | 'checkpoint'>;

function writeReport(template: ReportTemplate, { table, name, figures, parts: own }: Written): WithoutStanding {
  const { agency, year } = table;
  const parts = partsOf(template, own);
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
  const all = [...template.opening, ...parts.flatMap(({ sections }) => sections.flatMap(({ paragraphs }) => paragraphs))];
  const statistics = new Set(all.flatMap(termsOf).flatMap(({ code }) => (isProseCode(code) ? [code] : [])));
  const printed = parts.map((part, at) => writePart(part, at, { write, table }));
  return {
    agency,
    year,
    title: `${name}${year}年度${template.title}`,
    opening: write(template.opening),
    parts: printed,
    annex: template.annex === null ? null : `${name}${year}年度${template.annex}`,
    statistics: [...statistics].sort(),
    warnings: parts.flatMap((part, at) => tooLong(part, printed[at])),
    table,
  };
}

function tooLong({ atMost }: PartTemplate, part: ReportPart | undefined): TextWarning[] {
  const length = [...(part?.paragraphs.join('') ?? '')].length;
  if (part === undefined || atMost === undefined || length <= atMost) return [];
  return [
    { part: part.number, message: `${part.title}共${length}字, 要求约${atMost}字以内 (${length} characters, about ${atMost} at most)` },
  ];
}

function writePart(
  { title, sections, rows }: PartTemplate,
  at: number,
  { write, table }: { readonly write: (texts: readonly Template[]) => string[]; readonly table: Table },
): ReportPart {
  const paragraphs = sections.flatMap(({ heading, paragraphs: texts }, place) => [
    ...(heading === null ? [] : [`(${NUMBERS[place] ?? ''})${heading}`]),
    ...write(texts)
      .flatMap((text) => text.split(/\r\n|\r|\n/))
      .filter((text) => text.trim() !== ''),
  ]);
  const printed = rows === null ? {} : { rows: table.rows.flatMap(({ code }) => (code.startsWith(rows) ? [code] : [])) };
  return { number: NUMBERS[at] ?? '', title, paragraphs, ...printed };
}
