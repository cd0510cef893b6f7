/** What can be asked of yearly tables and reports, for the query bus; each handler a line. */
import { Inject } from '@nestjs/common';
import { MomentReader } from '../read-models/journal/as-of.js';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { ReadStore } from '../read-models/read-store.js';
import type { CellQuestion, Table, TableQuestion, Difference, Explanation, History, HistoryQuestion, Behind } from './table.js';
import { TableLister, type TableList, type YearMark } from './table-list.js';
import { isProseCode } from '../statistics/prose/figures.js';
import { StatisticsReader, type Statistics } from './statistics-reader.js';
import { TableReader } from './table-reader.js';
import { type ReportOf, type YearlyReport, ReportReader } from './report-reader.js';
import { ReportTextReader, type ReportText } from './texts/report-text.js';
import type { TextQuestion } from './texts/standing-text.js';
import type { YearQuestion } from './year-view.js';

export class GetTable extends Query<Table> {
  constructor(readonly question: TableQuestion) {
    super();
  }
}

/** What is no longer as it was published. */
export class GetDifference extends Query<Difference> {
  constructor(readonly question: TableQuestion) {
    super();
  }
}

export class ExplainCell extends Query<Explanation> {
  constructor(readonly question: CellQuestion) {
    super();
  }
}

/** The same for who names the events some at a time. */
export class FindBehindCell extends Query<Behind> {
  constructor(readonly question: CellQuestion) {
    super();
  }
}

export class GetReport extends Query<YearlyReport> {
  constructor(
    readonly agency: string,
    readonly of: number | ReportOf,
    readonly asOf?: string,
  ) {
    super();
  }
}

/** Which tables an agency has. Errors: `unknown-agency`. */
export class ListTables extends Query<TableList> {
  constructor(readonly agency: string) {
    super();
  }
}

/** The views of one year. Errors: `unknown-agency`. */
export class ListViews extends Query<string[]> {
  constructor(
    readonly agency: string,
    readonly year: number,
  ) {
    super();
  }
}

/** The years of an agency at a glance: less than their tables, and soon there. Errors: `unknown-agency`. */
export class ListYears extends Query<YearMark[]> {
  constructor(readonly agency: string) {
    super();
  }
}

/** What cells printed after each event that changed them. Errors: as of a table, `unknown-cell`, `bad-parameter`. */
export class GetHistory extends Query<History> {
  constructor(readonly question: HistoryQuestion) {
    super();
  }
}

/** Figures of a year that only the prose of its report has. */
export class GetStatistics extends Query<Statistics> {
  constructor(readonly question: YearQuestion) {
    super();
  }
}

/** The text of a yearly report, its numbers written out. */
export class GetReportText extends Query<ReportText> {
  constructor(readonly question: TextQuestion) {
    super();
  }
}

@QueryHandler(ListTables)
export class ListTablesHandler implements IQueryHandler<ListTables> {
  readonly #lister: TableLister;

  constructor(@Inject(ReadStore) store: ReadStore, @Inject(TableReader) tables: TableReader) {
    this.#lister = new TableLister(store, tables);
  }

  execute({ agency }: ListTables): Promise<TableList> {
    return this.#lister.list(agency);
  }
}

@QueryHandler(ListViews)
export class ListViewsHandler implements IQueryHandler<ListViews> {
  readonly #lister: TableLister;

  constructor(@Inject(ReadStore) store: ReadStore, @Inject(TableReader) tables: TableReader) {
    this.#lister = new TableLister(store, tables);
  }

  async execute({ agency, year }: ListViews): Promise<string[]> {
    return this.#lister.views(agency, year);
  }
}

@QueryHandler(ListYears)
export class ListYearsHandler implements IQueryHandler<ListYears> {
  readonly #lister: TableLister;

  constructor(@Inject(ReadStore) store: ReadStore, @Inject(TableReader) tables: TableReader) {
    this.#lister = new TableLister(store, tables);
  }

  execute({ agency }: ListYears): Promise<YearMark[]> {
    return this.#lister.marks(agency);
  }
}

@QueryHandler(GetHistory)
export class GetHistoryHandler implements IQueryHandler<GetHistory> {
  constructor(@Inject(TableReader) private readonly tables: TableReader) {}

  execute({ question }: GetHistory): Promise<History> {
    return this.tables.history(question);
  }
}

@QueryHandler(GetTable)
export class GetTableHandler implements IQueryHandler<GetTable> {
  constructor(
    @Inject(TableReader) private readonly tables: TableReader,
    @Inject(MomentReader) private readonly moments: MomentReader,
  ) {}

  async execute({ question }: GetTable): Promise<Table> {
    await this.moments.requireIndex(question.asOf);
    return this.tables.table(question);
  }
}

@QueryHandler(GetDifference)
export class GetDifferenceHandler implements IQueryHandler<GetDifference> {
  constructor(
    @Inject(TableReader) private readonly tables: TableReader,
    @Inject(MomentReader) private readonly moments: MomentReader,
  ) {}

  async execute({ question }: GetDifference): Promise<Difference> {
    await this.moments.requireIndex(question.asOf);
    return this.tables.difference(question);
  }
}

class AboutCells {
  constructor(
    @Inject(TableReader) private readonly tables: TableReader,
    @Inject(StatisticsReader) private readonly statistics: StatisticsReader,
    @Inject(MomentReader) private readonly moments: MomentReader,
  ) {}

  /** Who knows the cell. Errors: `bad-as-of`. */
  protected async readerOf({ cell, asOf }: CellQuestion): Promise<TableReader | StatisticsReader> {
    await this.moments.requireIndex(asOf);
    return isProseCode(cell) ? this.statistics : this.tables;
  }
}

@QueryHandler(ExplainCell)
export class ExplainCellHandler extends AboutCells implements IQueryHandler<ExplainCell> {
  async execute({ question }: ExplainCell): Promise<Explanation> {
    return (await this.readerOf(question)).explain(question);
  }
}

@QueryHandler(FindBehindCell)
export class FindBehindCellHandler extends AboutCells implements IQueryHandler<FindBehindCell> {
  async execute({ question }: FindBehindCell): Promise<Behind> {
    return (await this.readerOf(question)).behind(question);
  }
}

@QueryHandler(GetReport)
export class GetReportHandler implements IQueryHandler<GetReport> {
  constructor(
    @Inject(ReportReader) private readonly reports: ReportReader,
    @Inject(MomentReader) private readonly moments: MomentReader,
  ) {}

  async execute({ agency, of, asOf }: GetReport): Promise<YearlyReport> {
    await this.moments.requireIndex(asOf);
    return this.reports.report(agency, of, asOf);
  }
}

@QueryHandler(GetStatistics)
export class GetStatisticsHandler implements IQueryHandler<GetStatistics> {
  constructor(
    @Inject(StatisticsReader) private readonly statistics: StatisticsReader,
    @Inject(MomentReader) private readonly moments: MomentReader,
  ) {}

  async execute({ question }: GetStatistics): Promise<Statistics> {
    await this.moments.requireIndex(question.asOf);
    return this.statistics.statistics(question);
  }
}

@QueryHandler(GetReportText)
export class GetReportTextHandler implements IQueryHandler<GetReportText> {
  constructor(
    @Inject(ReportTextReader) private readonly texts: ReportTextReader,
    @Inject(MomentReader) private readonly moments: MomentReader,
  ) {}

  async execute({ question }: GetReportText): Promise<ReportText> {
    await this.moments.requireIndex(question.asOf);
    return this.texts.text(question);
  }
}
