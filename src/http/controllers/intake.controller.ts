/** The door: every act comes in here as a CloudEvents message. */
import { Body, Controller, HttpCode, Post, Req, Res, UnsupportedMediaTypeException } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { askerOf } from '../access/caller.js';
import { Needs } from '../access/needs.js';
import { ApiBody, ApiConsumes, ApiOperation, ApiResponse, ApiTags } from '../describe.js';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { cutArray, cutLines } from '../../intake/json/cut-messages.js';
import { isUnreadable, MAX_MESSAGE_BYTES } from '../../intake/message.js';
import { inSlices, nextTurn, paced } from '../../intake/json/slices.js';
import { RecordMessage } from '../../recording/handlers.js';
import { inOrder } from '../../recording/in-order.js';
import type { Sender } from '../../recording/sender.js';
import type { Receipt } from '../../recording/receipts.js';
import { hasEventId, structuredText } from '../wire/binary-mode.js';
import { mediaTypeOf } from '../wire/body.js';
import { BATCH, JSON_BODY, NDJSON, SINGLE } from '../../intake/media-types.js';
import { ProblemException } from '../problem-details.filter.js';
import { problem, receiptStatus } from '../problem.js';
import { Metrics } from '../metrics.js';
import { HoldsPersonalData } from '../personal-data-answers.js';
import { ReadModels } from '../read-models.js';

export const MAX_BATCH = 500;
/**
 * Lines of one request: more than a body full of the shortest messages has, so that only what is no message is turned
 * away.
 */
const MAX_LINES = 100_000;
/** Messages of one request on their way at once. */
const IN_FLIGHT = 512;

@ApiTags('intake')
@Controller('v1')
export class IntakeController {
  constructor(
    private readonly commands: CommandBus,
    private readonly readModels: ReadModels,
    private readonly metrics: Metrics,
  ) {}

  @Post('events')
  @Needs('send')
  @HoldsPersonalData()
  @HttpCode(200)
  @ApiOperation({
    summary: 'Record disclosure events 报送公开事项',
    description:
      'One CloudEvents 1.0 message, an array of at most 500, or one per line. Each message is decided on its own; the answer is a receipt per message, in order. ' +
      'In binary content mode (application/json) the attributes are percent-encoded ce-* headers and the body is data. ' +
      'Content-Encoding may be gzip; 16 MiB at most, also unpacked.',
  })
  @ApiConsumes(SINGLE, BATCH, NDJSON, JSON_BODY)
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
  async record(@Body() body: Buffer | undefined, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { sender } = askerOf(request);
    const mode = modeOf(request, body);
    await this.readModels.startedOrUnavailable();
    const bytes = body ?? Buffer.alloc(0);
    switch (mode) {
      case BATCH: {
        const receipts = await this.#all(await readArray(bytes), sender);
        await reply
          .status(200)
          .header('content-type', 'application/json; charset=utf-8')
          .send(`[${receipts.join(',')}]`);
        return;
      }
      case NDJSON: {
        const receipts = await this.#all(await readLines(bytes), sender);
        await reply
          .status(200)
          .header('content-type', NDJSON)
          .send(receipts.map((receipt) => `${receipt}\n`).join(''));
        return;
      }
      case SINGLE:
      case JSON_BODY: {
        const receipt = await this.#one(mode === SINGLE ? bytes : Buffer.from(structuredText(request.raw, readData(bytes))), sender);
        refuseUnreadable(receipt);
        await reply.status(receiptStatus(receipt)).header('content-type', 'application/json; charset=utf-8').send(JSON.stringify(receipt));
        return;
      }
    }
  }

  async #one(message: Uint8Array, sender: Sender): Promise<Receipt> {
    const receipt = await this.commands.execute(new RecordMessage(message, sender));
    this.metrics.answered(receipt);
    return receipt;
  }

  /** The receipts as JSON, in order, slice by slice. */
  async #all(messages: readonly Uint8Array[], sender: Sender): Promise<string[]> {
    const receipts: string[] = [];
    for await (const receipt of inOrder(paced(messages, nextTurn), IN_FLIGHT, (message) => this.#one(message, sender)))
      receipts.push(JSON.stringify(receipt));
    return receipts;
  }
}

type Mode = typeof SINGLE | typeof BATCH | typeof NDJSON | typeof JSON_BODY;

/**
 * How the body is to be read. JSON alone is no message: its attributes must be in the headers, and then it need not
 * have data.
 */
function modeOf(request: FastifyRequest, body: Buffer | undefined): Mode {
  const type = mediaTypeOf(request.headers['content-type']);
  if (type === SINGLE || type === BATCH || type === NDJSON) {
    if (body !== undefined) return type;
  } else if ((type === JSON_BODY || (type === null && body === undefined)) && hasEventId(request.raw)) return JSON_BODY;
  throw new UnsupportedMediaTypeException();
}

/** Where no message could be read at all there is no receipt, only a problem. */
function refuseUnreadable({ error }: Receipt): void {
  if (error !== undefined && isUnreadable(error)) throw new ProblemException(problem(400, error.code, error.message, error.hint));
}

async function readArray(body: Uint8Array): Promise<readonly Uint8Array[]> {
  const cut = await inSlices(cutArray(body, MAX_BATCH), nextTurn);
  if (!cut.ok && cut.why === 'malformed')
    throw new ProblemException(problem(400, 'malformed', 'This is no JSON in UTF-8.', 'Send an array of CloudEvents objects.'));
  if (!cut.ok) throw new ProblemException(problem(400, 'not-cloudevents', 'A batch is an array.', `Send one message as ${SINGLE}.`));
  if (cut.count <= MAX_BATCH) return cut.elements;
  throw new ProblemException(
    problem(
      413,
      'too-large',
      `The batch has ${cut.count} messages, more than ${MAX_BATCH}; nothing was decided.`,
      `Send at most ${MAX_BATCH} at once, or ${NDJSON}.`,
    ),
  );
}

async function readLines(body: Uint8Array): Promise<readonly Uint8Array[]> {
  const lines = await inSlices(cutLines(body, MAX_LINES), nextTurn);
  if (lines !== null) return lines;
  throw new ProblemException(
    problem(413, 'too-large', `More than ${MAX_LINES} lines; nothing was decided.`, 'Send fewer messages at once.'),
  );
}

/**
 * The data of a message in binary mode, as it was written; empty where there is none. It must be one JSON value by
 * itself.
 */
function readData(body: Uint8Array): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body);
    if (body.length > 0 && body.length <= MAX_MESSAGE_BYTES) JSON.parse(text);
    return text;
  } catch {
    throw new ProblemException(
      problem(400, 'malformed', 'The data is no JSON in UTF-8.', 'Send the data of one event, complete and in UTF-8.'),
    );
  }
}
