/** Tables, reports, lists and trails as files that others open. */
import { Controller, Get, Inject, Param, Query, Res } from '@nestjs/common';
import { IsIn, IsOptional } from 'class-validator';
import { create as contentDisposition } from 'content-disposition';
import type { FastifyReply } from 'fastify';
import type { Permission } from '../../domain/agency/acts.js';
import { Exporter, type ExportQuestion, type ListExport } from '../../exports/exporter.js';
import { EXPORTS, FORMATS, type ExportKind, type Format } from '../../exports/exported.js';
import { CELL_VIEWS, noView, VIEWS_HINT } from '../../tables/year-view.js';
import { Asking, holds, officerIn, requireBelow, type Asker } from '../access/caller.js';
import { Needs, READERS } from '../access/needs.js';
import { streamed } from '../access/streamed.js';
import { trailForReaders } from '../access/without-names.js';
import { AnswersText, AS_OF, Fails, READING, Sends } from '../description/answers.js';
import { ApiOperation, ApiTags } from '../description/describe.js';
import { AgencyPath, AsOf, CasePath, YearPath, YesOrNo } from '../dto/common.js';
import { Parameter, refusedAs } from '../dto/parameter.js';
import { At, Takes } from '../parameters.js';
import { HoldsNoPersonalData, HoldsPersonalData } from '../personal-data-answers.js';
import { ReadModels } from '../read-models.js';
import { CACHE_CONTROL, checkedEachTime } from '../serving/caching.js';

/** Which formats there are of what is said by the exporter, which the command line asks too. */
export class FileParameters {
  @Parameter({ required: true, enum: Object.keys(FORMATS), example: 'xlsx' })
  @IsIn(
    Object.keys(FORMATS),
    refusedAs((value) => `There is no format "${String(value)}".`, {
      code: 'bad-parameter',
      hint: `Write format=${Object.keys(FORMATS).join('|')}.`,
    }),
  )
  readonly format!: Format;

  @YesOrNo('CSV with a byte order mark and no text that a spreadsheet takes for a formula; true without it')
  readonly bom?: boolean;
}

export class TableFileParameters extends FileParameters {
  @Parameter({ description: 'another form than the agency’s of that year' })
  readonly form?: string;

  @AsOf()
  readonly asOf?: string;

  @Parameter({ enum: CELL_VIEWS, description: 'absent = its default view' })
  @IsOptional()
  @IsIn(CELL_VIEWS, refusedAs(noView, { code: 'bad-view', hint: VIEWS_HINT }))
  readonly view?: (typeof CELL_VIEWS)[number];

  @YesOrNo('added up with the agencies below it on 31 December')
  readonly rollup?: boolean;
}

export class MomentFileParameters extends FileParameters {
  @AsOf()
  readonly asOf?: string;
}

export class ReportFileParameters extends MomentFileParameters {
  @YesOrNo('the report of the table with the agencies below it')
  readonly rollup?: boolean;
}

const DISPOSITION = { name: 'Content-Disposition', description: 'attachment, with a name for the file' };

/** Media types of a kind, for who reads the description. */
function filesOf(kind: ExportKind): Readonly<Record<string, string>> {
  return Object.fromEntries(EXPORTS[kind].map((format) => [FORMATS[format].replace(/;.*/, ''), `format=${format}`]));
}

const OF_YEAR = ['unknown-agency', 'unknown-form', 'bad-year', 'bad-parameter', ...AS_OF] as const;
const ACTING: readonly Permission[] = ['act', 'audit'];

/** What an answer rests on. */
interface Shown {
  readonly asker: Asker;
  readonly permissions: readonly Permission[];
}

@ApiTags('exports')
@Controller('v1/agencies/:agency/exports')
export class ExportsController {
  constructor(
    @Inject(Exporter) private readonly exporter: Exporter,
    private readonly readModels: ReadModels,
  ) {}

  @Get('tables/:year')
  @Needs({ agency: READERS, published: 'view' })
  @HoldsNoPersonalData()
  @Takes(TableFileParameters)
  @At(YearPath)
  @ApiOperation({ operationId: 'exportTable', summary: 'The table of a year in official layout 年度统计表文件' })
  @AnswersText(200, 'the file', filesOf('table'))
  @Sends(DISPOSITION, 200)
  @Fails('bad-view', 'no-paper-table', 'no-published-table', ...OF_YEAR)
  async table(
    @Param() path: YearPath,
    @Query() query: TableFileParameters,
    @Asking() asker: Asker,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    if (query.rollup === true && query.view !== 'published') requireBelow(asker, path.agency);
    await this.#ready(query.asOf);
    await this.#send({ kind: 'table', ...path, ...written(query) }, { asker, permissions: READERS }, reply);
  }

  @Get('reports/:year')
  @Needs({ agency: READERS })
  @HoldsPersonalData()
  @Takes(ReportFileParameters)
  @At(YearPath)
  @ApiOperation({ operationId: 'exportReport', summary: 'The yearly report with its tables 年度报告文件' })
  @AnswersText(200, 'the file; with a text that is under way for who reviews it', filesOf('report'))
  @Sends(DISPOSITION, 200)
  @Fails(...OF_YEAR)
  async report(
    @Param() path: YearPath,
    @Query() query: ReportFileParameters,
    @Asking() asker: Asker,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    if (query.rollup === true) requireBelow(asker, path.agency);
    await this.#ready(query.asOf);
    // A text that is not published yet is shown to those who review it.
    const officer = officerIn(asker, path.agency);
    await this.#send({ kind: 'report', ...path, officer, ...written(query) }, { asker, permissions: READERS }, reply);
  }

  @Get('catalogue')
  @Needs({ agency: ACTING })
  @HoldsNoPersonalData()
  @Takes(FileParameters)
  @At(AgencyPath)
  @ApiOperation({ operationId: 'exportCatalogue', summary: 'The published items 主动公开目录文件' })
  @AnswersText(200, 'the file', filesOf('catalogue'))
  @Sends(DISPOSITION, 200)
  @Fails('unknown-agency', 'bad-parameter', ...READING)
  catalogue(@Param() path: AgencyPath, @Query() query: FileParameters, @Asking() asker: Asker, @Res() reply: FastifyReply): Promise<void> {
    return this.#list('catalogue', { ...path, ...written(query) }, { asker, permissions: ACTING }, reply);
  }

  @Get('register')
  @Needs({ agency: ACTING })
  @HoldsNoPersonalData()
  @Takes(FileParameters)
  @At(AgencyPath)
  @ApiOperation({ operationId: 'exportRegister', summary: 'The applications, without who applied 依申请公开登记文件' })
  @AnswersText(200, 'the file', filesOf('register'))
  @Sends(DISPOSITION, 200)
  @Fails('unknown-agency', 'bad-parameter', ...READING)
  register(@Param() path: AgencyPath, @Query() query: FileParameters, @Asking() asker: Asker, @Res() reply: FastifyReply): Promise<void> {
    return this.#list('register', { ...path, ...written(query) }, { asker, permissions: ACTING }, reply);
  }

  @Get('cases')
  @Needs({ agency: ACTING })
  @HoldsNoPersonalData()
  @Takes(FileParameters)
  @At(AgencyPath)
  @ApiOperation({ operationId: 'exportCases', summary: 'All cases and whom they wait for 事项清单文件' })
  @AnswersText(200, 'the file', filesOf('cases'))
  @Sends(DISPOSITION, 200)
  @Fails('unknown-agency', 'bad-parameter', ...READING)
  cases(@Param() path: AgencyPath, @Query() query: FileParameters, @Asking() asker: Asker, @Res() reply: FastifyReply): Promise<void> {
    return this.#list('cases', { ...path, ...written(query) }, { asker, permissions: ACTING }, reply);
  }

  @Get('trails/:kind/:number')
  @Needs({ agency: ['act', 'audit', 'read'] })
  @HoldsPersonalData()
  @Takes(MomentFileParameters)
  @At(CasePath)
  @ApiOperation({ operationId: 'exportTrail', summary: 'Review and sign-off trail of a case 审查审批轨迹文件' })
  @AnswersText(200, 'the file; without names for who may read only', filesOf('trail'))
  @Sends(DISPOSITION, 200)
  @Fails('unknown-agency', 'unknown-case', 'bad-parameter', ...AS_OF)
  async trail(
    @Param() path: CasePath,
    @Query() query: MomentFileParameters,
    @Asking() asker: Asker,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.#ready(query.asOf);
    const { agency, ref } = path;
    const shown = holds(asker, agency, ACTING) ? {} : { shown: trailForReaders };
    const question = { kind: 'trail', agency, ref, officer: officerIn(asker, agency), ...written(query), ...shown } as const;
    await this.#send(question, { asker, permissions: READERS }, reply);
  }

  async #list(
    kind: ListExport['kind'],
    asked: Pick<ListExport, 'agency' | 'format' | 'bom'>,
    shown: Shown,
    reply: FastifyReply,
  ): Promise<void> {
    await this.readModels.caughtUp();
    await this.#send({ kind, ...asked }, shown, reply);
  }

  async #ready(asOf: string | undefined): Promise<void> {
    await this.readModels.started();
    await this.readModels.waitForMoment(asOf);
  }

  /** Piece by piece, as fast as the client reads. */
  async #send(question: ExportQuestion, { asker, permissions }: Shown, reply: FastifyReply): Promise<void> {
    const { name, mediaType, bytes } = await this.exporter.export(question);
    void reply.header('content-type', mediaType).header('content-disposition', contentDisposition(name));
    if (question.kind !== 'trail' && question.kind !== 'report') void reply.header(CACHE_CONTROL, checkedEachTime(asker));
    await reply.send(streamed(asker, permissions, bytes));
  }
}

function written<Q extends FileParameters>({ bom = true, ...query }: Q): Omit<Q, 'bom'> & { readonly bom: boolean } {
  return { ...query, bom };
}
