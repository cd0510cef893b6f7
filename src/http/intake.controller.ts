/** The door: every act comes in here as a CloudEvents message. */
import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query, Res, UnsupportedMediaTypeException } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiBody, ApiConsumes, ApiOperation, ApiResponse, ApiTags } from './describe.js';
import type { FastifyReply } from 'fastify';
import { ListRefusals } from '../use-cases/queries.js';
import { RecordMessage, ResendRefusal } from '../use-cases/commands.js';
import { inOrder } from '../use-cases/in-order.js';
import { NO_IDENTITY, type Receipt } from '../use-cases/record-message.js';
import { NDJSON, splitLines } from './lines.js';
import { ProblemException } from './problem-details.filter.js';
import { problem, receiptStatus } from './problem.js';
import { Metrics } from './metrics.js';
import { readParameters } from './parameters.js';
import { ReadModels } from './read-models.js';

export const SINGLE = 'application/cloudevents+json';
export const BATCH = 'application/cloudevents-batch+json';
export { NDJSON };
/** Bodies of requests that are no messages. */
export const JSON_BODY = 'application/json';
export const MAX_BATCH = 500;
/** Lines of one request: more than a body full of the shortest messages has, so that only what is no message is turned away. */
const MAX_LINES = 100_000;
/** Messages of one request on their way at once. */
const IN_FLIGHT = 512;

@ApiTags('intake')
@Controller('v1')
export class IntakeController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly readModels: ReadModels,
    private readonly metrics: Metrics,
  ) {}

  @Post('events')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Record disclosure events 报送公开事项',
    description:
      'One CloudEvents 1.0 message, an array of at most 500, or one per line. Each message is decided on its own; the answer is a receipt per message, in order.',
  })
  @ApiConsumes(SINGLE, BATCH, NDJSON)
  @ApiBody({ schema: { $ref: '#/components/schemas/DisclosureEvent' } })
  @ApiResponse({ status: 201, description: 'recorded', schema: { $ref: '#/components/schemas/Receipt' } })
  @ApiResponse({
    status: 200,
    description: 'duplicate of one message; or the receipts of a batch',
    schema: { $ref: '#/components/schemas/Receipt' },
  })
  @ApiResponse({ status: 409, description: 'id-reused', schema: { $ref: '#/components/schemas/Receipt' } })
  @ApiResponse({ status: 422, description: 'refused', schema: { $ref: '#/components/schemas/Receipt' } })
  @ApiResponse({
    status: 503,
    description: 'conflict or store-unavailable: send the same message again',
    schema: { $ref: '#/components/schemas/Receipt' },
  })
  async record(
    @Body() body: Buffer | undefined,
    @Headers('content-type') contentType: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    if (body === undefined || contentType === undefined) throw new UnsupportedMediaTypeException();
    await this.readModels.started();
    switch ((contentType.split(';')[0] ?? '').trim().toLowerCase()) {
      case BATCH: {
        const receipts = await this.#all(readArray(body).map((value) => ({ value })));
        await reply.status(200).header('content-type', 'application/json; charset=utf-8').send(JSON.stringify(receipts));
        return;
      }
      case NDJSON: {
        const lines = splitLines(body, MAX_LINES);
        if (lines === null) {
          throw new ProblemException(
            problem(413, 'too-large', `More than ${MAX_LINES} lines; nothing was decided.`, 'Send fewer messages at once.'),
          );
        }
        const receipts = await this.#all(lines);
        await reply
          .status(200)
          .header('content-type', NDJSON)
          .send(receipts.map((receipt) => `${JSON.stringify(receipt)}\n`).join(''));
        return;
      }
      case SINGLE: {
        const receipt = await this.#one(body);
        refuseUnreadable(receipt);
        await reply.status(receiptStatus(receipt)).header('content-type', 'application/json; charset=utf-8').send(JSON.stringify(receipt));
        return;
      }
      default:
        throw new UnsupportedMediaTypeException();
    }
  }

  async #one(message: Uint8Array | { readonly value: unknown }): Promise<Receipt> {
    const receipt = await this.commands.execute(new RecordMessage(message, NO_IDENTITY));
    this.metrics.answered(receipt);
    return receipt;
  }

  async #all(messages: readonly (Uint8Array | { readonly value: unknown })[]): Promise<Receipt[]> {
    const receipts: Receipt[] = [];
    for await (const receipt of inOrder(messages, IN_FLIGHT, (message) => this.#one(message))) receipts.push(receipt);
    return receipts;
  }

  @Get('refusals')
  @ApiOperation({ summary: 'Refused messages, newest first 未受理的报文' })
  @ApiResponse({ status: 200, description: '{refusals: [{refusalId, source, id, type, error, count, lastAt}]}' })
  async refusals(@Query() query: Record<string, unknown>): Promise<unknown> {
    readParameters(query, []);
    await this.readModels.started();
    return this.queries.execute(new ListRefusals());
  }

  @Post('refusals/:refusalId/resend')
  @ApiOperation({ summary: 'Send a refused message again, as it was' })
  @ApiResponse({ status: 201, description: 'recorded', schema: { $ref: '#/components/schemas/Receipt' } })
  async resend(@Param('refusalId') refusalId: string, @Res() reply: FastifyReply): Promise<void> {
    await this.readModels.started();
    const receipt = await this.commands.execute(new ResendRefusal(refusalId, NO_IDENTITY));
    await reply.status(receiptStatus(receipt)).header('content-type', 'application/json; charset=utf-8').send(JSON.stringify(receipt));
  }
}

/** Where no message could be read at all there is no receipt, only a problem. */
function refuseUnreadable({ source, id, error }: Receipt): void {
  const nothingRead = error?.code === 'malformed' || error?.message === 'A message is a JSON object.';
  if (error !== undefined && nothingRead && source === null && id === null)
    throw new ProblemException(problem(400, error.code, error.message, error.hint));
}

function readArray(body: Uint8Array): unknown[] {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw new ProblemException(problem(400, 'malformed', 'This is no JSON in UTF-8.', 'Send an array of CloudEvents objects.'));
  }
  if (!Array.isArray(value))
    throw new ProblemException(problem(400, 'not-cloudevents', 'A batch is an array.', `Send one message as ${SINGLE}.`));
  if (value.length > MAX_BATCH) {
    throw new ProblemException(
      problem(
        413,
        'too-large',
        `The batch has ${value.length} messages, more than ${MAX_BATCH}; nothing was decided.`,
        `Send at most ${MAX_BATCH} at once, or ${NDJSON}.`,
      ),
    );
  }
  return value;
}
