/**
 * Tamper evidence: checkpoint, proofs, tiles. Under this prefix the addresses are those of C2SP tlog-tiles, so that any
 * client of it can read the ledger.
 */
import { Controller, Get, Headers, Inject, Param, Query, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { IsInt, IsOptional } from 'class-validator';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Asking, askerOf, type Asker } from '../access/caller.js';
import { seesProof } from '../access/visitor.js';
import { Needs } from '../access/needs.js';
import { GetCheckpoint, GetConsistency, GetEventProof, GetProofFile, GetTile, GetWitnesses } from '../../signing/handlers.js';
import { Answers, AnswersText, Fails, READING, Sends } from '../description/answers.js';
import { ApiOperation, ApiTags } from '../description/describe.js';
import type { Consistency, EventProof } from '../../signing/proof-reader.js';
import type { Witnesses } from '../../signing/witness-service.js';
import { Parameter, refusedAs, wholeNumber, type Description } from '../dto/parameter.js';
import { At, Takes } from '../parameters.js';
import { HoldsNoPersonalData } from '../personal-data-answers.js';
import { ReadModels } from '../read-models.js';
import { QueryProblem } from '../../read-models/query-problem.js';
import { ReadStore } from '../../read-models/read-store.js';
import { CACHE_CONTROL, checkedEachTime, keptForEver } from '../serving/caching.js';
import { JSON_ANSWER } from '../serving/representations.js';

const PREFIX = '/v1/ledger/';
const TEXT = 'text/plain; charset=utf-8';
const BYTES = 'application/octet-stream';

/** A number of entries or of witnesses, exact in a double as far as there are any. */
const Whole =
  (hint: string, description: Description): PropertyDecorator =>
  (target, property) => {
    Parameter({ type: 'integer', ...description }, wholeNumber(16))(target, property);
    if (description.required !== true) IsOptional()(target, property);
    IsInt(refusedAs(`${String(property)} is no whole number.`, { code: 'bad-parameter', hint }))(target, property);
  };
const SIZES = 'Sizes are those of checkpoints: numbers of entries.';

export class EventPath {
  @Parameter({ description: 'of a receipt' })
  readonly eventId!: string;
}

export class TilePath {
  @Parameter({ description: 'LEVEL/N, with .p/WIDTH behind a partial one', example: '0/000' })
  readonly path!: string;
}

export class EntriesPath {
  @Parameter({ description: 'N, with .p/WIDTH behind a partial one', example: '000' })
  readonly path!: string;
}

export class CheckpointParameters {
  @Whole('Give a whole number of witnesses.', { description: 'Instead the last that so many witnesses signed' })
  readonly witnessed?: number;
}

export class ConsistencyParameters {
  @Whole(SIZES, { required: true, description: 'Number of entries of an earlier checkpoint' })
  readonly from!: number;

  @Whole(SIZES, { description: 'default: that of the last checkpoint' })
  readonly to?: number;
}

/** Entries are of every agency: who reads them audits the whole ledger. Errors: `not-permitted`. */
function requireWhole({ identity, rights }: Asker): void {
  if (identity && rights?.whole !== true) throw notAudited();
}

function notAudited(): QueryProblem {
  return new QueryProblem(
    'not-permitted',
    'The caller lacks audit for this.',
    'Of an event: audit in its agency. Of entries: audit with below in every agency that has no parent.',
  );
}

const FILE_NAME = { name: 'Content-Disposition', description: 'of the proof file: its name' };

@ApiTags('ledger')
@Controller('v1/ledger')
export class LedgerController {
  constructor(
    private readonly queries: QueryBus,
    private readonly readModels: ReadModels,
    @Inject(ReadStore) private readonly store: ReadStore,
  ) {}

  @Get('checkpoint')
  @Needs('published')
  @HoldsNoPersonalData()
  @ApiOperation({
    operationId: 'getCheckpoint',
    summary: 'The last signed checkpoint 检查点',
    description: 'A C2SP signed note: name, number of entries, root, signed by the ledger and, as far as they have, by its witnesses.',
  })
  @Takes(CheckpointParameters)
  @AnswersText(200, 'the note', { 'text/plain': 'a C2SP signed note' })
  @Fails('no-checkpoint', ...READING)
  async checkpoint(@Query() { witnessed }: CheckpointParameters, @Asking() asker: Asker, @Res() reply: FastifyReply): Promise<void> {
    await this.readModels.started();
    const note = await this.queries.execute(new GetCheckpoint(witnessed));
    await reply.header('content-type', TEXT).header(CACHE_CONTROL, checkedEachTime(asker)).send(note);
  }

  @Get('witnesses')
  @Needs('any')
  @HoldsNoPersonalData()
  @ApiOperation({
    operationId: 'listWitnesses',
    summary: 'Who is asked to cosign, what each signed last, and how far it is behind 见证',
    description: 'Empty where this service asks nobody; failing says why one did not sign when it was last asked.',
  })
  @Answers<Witnesses>(200, 'the last checkpoint, and each witness')
  @Fails(...READING)
  async witnesses(@Res() reply: FastifyReply): Promise<void> {
    await this.readModels.started();
    await reply.header('content-type', JSON_ANSWER).send(JSON.stringify(await this.queries.execute(new GetWitnesses())));
  }

  @Get('events/:eventId/proof')
  @Needs({ anywhere: ['audit'] })
  @HoldsNoPersonalData()
  @ApiOperation({
    operationId: 'proveEvent',
    summary: 'The proof that an event is in the ledger 存证',
    description: 'JSON, or a C2SP proof file with Accept: text/plain. 503 until a checkpoint is behind the event.',
  })
  @At(EventPath)
  @Sends(FILE_NAME, 200)
  @Answers<EventProof>(200, 'the proof', { 'text/plain': 'a C2SP proof file' })
  @Fails('unknown-event', 'no-checkpoint', ...READING)
  async proof(
    @Param() { eventId }: EventPath,
    @Headers('accept') accept: string | undefined,
    @Asking() asker: Asker,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.readModels.started();
    if (!seesProof(asker, eventId, this.store)) throw notAudited();
    if (accept?.includes('text/plain') === true) {
      const file = await this.queries.execute(new GetProofFile(eventId));
      await reply.header('content-type', TEXT).header(FILE_NAME.name, `attachment; filename="${eventId}.tlog-proof"`).send(file);
      return;
    }
    await reply.header('content-type', JSON_ANSWER).send(JSON.stringify(await this.queries.execute(new GetEventProof(eventId))));
  }

  @Get('consistency')
  @Needs('published')
  @HoldsNoPersonalData()
  @ApiOperation({ operationId: 'proveConsistency', summary: 'The proof that the ledger only grew from one size to another' })
  @Takes(ConsistencyParameters)
  @Answers<Consistency>(200, 'the proof')
  @Fails('no-checkpoint', ...READING)
  async consistency(@Query() { from, to }: ConsistencyParameters, @Res() reply: FastifyReply): Promise<void> {
    await this.readModels.started();
    const answer = await this.queries.execute(new GetConsistency(from, to));
    await reply.header('content-type', JSON_ANSWER).send(JSON.stringify(answer));
  }

  @Get('tile/*')
  @Needs('published')
  @HoldsNoPersonalData()
  @At(TilePath)
  @ApiOperation({
    operationId: 'getTile',
    summary: 'Tiles of the tree',
    description: 'C2SP tlog-tiles: tile/LEVEL/N, .p/WIDTH behind a partial one.',
  })
  @AnswersText(200, 'the tile', { [BYTES]: 'hashes of 32 bytes' })
  @Fails('unknown-tile', 'no-checkpoint', ...READING)
  async tile(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.#tile(request, reply);
  }

  @Get('tile/entries/*')
  @Needs('whole')
  @HoldsNoPersonalData()
  @At(EntriesPath)
  @ApiOperation({
    operationId: 'getEntries',
    summary: 'Bundles of entries',
    description: 'C2SP tlog-tiles: tile/entries/N, .p/WIDTH behind a partial one.',
  })
  @AnswersText(200, 'the bundle', { [BYTES]: 'entries behind their length' })
  @Fails('unknown-tile', 'no-checkpoint', ...READING)
  async entries(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.#tile(request, reply);
  }

  async #tile(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    await this.readModels.started();
    const asker = askerOf(request);
    const path = request.url.slice(request.url.indexOf(PREFIX) + PREFIX.length).replace(/\?.*$/, '');
    // The address names the entries here, however the router took it.
    if (path.startsWith('tile/entries/')) requireWhole(asker);
    const bytes = await this.queries.execute(new GetTile(path));
    await reply
      .header('content-type', BYTES)
      // A tile never changes once it can be named.
      .header(CACHE_CONTROL, keptForEver(asker))
      .send(bytes);
  }
}
