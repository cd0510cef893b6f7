/** The door: every act comes in here as a CloudEvents message. */
import { Body, Controller, HttpCode, Post, Query, Req, Res, UnsupportedMediaTypeException } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { askerOf } from '../access/caller.js';
import { Needs } from '../access/needs.js';
import { Answers, Fails, READING, Sends } from '../description/answers.js';
import { ApiOperation, ApiTags } from '../description/describe.js';
import { TakesMessages } from '../description/messages.js';
import { MAX_BATCH } from '../limits.js';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { cutArray, cutLines } from '../../intake/json/cut-messages.js';
import { isUnreadable, MAX_MESSAGE_BYTES } from '../../intake/message.js';
import { inSlices, nextTurn, paced } from '../../intake/json/slices.js';
import { OpenTrial, RecordMessage } from '../../recording/handlers.js';
import { inOrder } from '../../recording/in-order.js';
import type { Sender } from '../../recording/sender.js';
import type { Receipt } from '../../recording/receipts.js';
import { hasEventId, structuredText } from '../wire/binary-mode.js';
import { mediaTypeOf } from '../wire/body.js';
import { answerReceipt, SCHEMA_LINK } from '../answer-receipt.js';
import type { AnyReceipt } from '../../recording/trial/trial.js';
import { BATCH, JSON_BODY, NDJSON, SINGLE } from '../../intake/media-types.js';
import { ProblemException } from '../problem-details.filter.js';
import { problem } from '../problem.js';
import { Metrics } from '../metrics.js';
import { HoldsPersonalData } from '../personal-data-answers.js';
import { YesOrNo } from '../dto/common.js';
import { Takes } from '../parameters.js';
import { ReadModels } from '../read-models.js';
import { JSON_ANSWER } from '../serving/representations.js';

/**
 * Lines of one request: more than a body full of the shortest messages has, so that only what is no message is turned
 * away.
 */
const MAX_LINES = 100_000;
/** Messages of one request on their way at once. */
const IN_FLIGHT = 512;

export class DryRunParameters {
  @YesOrNo('decided, and nothing recorded: status is would-record, would-duplicate or would-refuse; messages see those before them')
  readonly dryRun?: boolean;
}

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
  @Takes(DryRunParameters)
  @HttpCode(200)
  @ApiOperation({
    operationId: 'sendEvents',
    summary: 'Record disclosure events 报送公开事项',
    description:
      'One CloudEvents 1.0 message, an array of at most 500, or one per line. Each message is decided on its own; the answer is a receipt per message, in order. ' +
      'In binary content mode (application/json) the attributes are percent-encoded ce-* headers and the body is data. ' +
      'Content-Encoding may be gzip; 16 MiB at most, also unpacked.',
  })
  @TakesMessages()
  @Answers<AnyReceipt | readonly AnyReceipt[]>(
    200,
    'duplicate of one message; of an array the receipts in its order; in a dry run what would be answered',
    { [NDJSON]: 'a receipt a line, in the order of the messages' },
  )
  @Answers<Receipt>(201, 'recorded')
  @Sends(SCHEMA_LINK, 200, 409, 422, 503)
  @Answers<Receipt>(409, 'id-reused')
  @Answers<Receipt>(422, 'refused; the header Link and details.schema name the schema of the message')
  @Answers<Receipt>(503, 'conflict or store-unavailable: send the same message again')
  @Fails('malformed', 'not-cloudevents', 'too-large', 'unsupported-media-type', ...READING)
  async record(
    @Query() { dryRun = false }: DryRunParameters,
    @Body() body: Buffer | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const mode = modeOf(request, body);
    await this.readModels.startedOrUnavailable();
    const bytes = body ?? Buffer.alloc(0);
    const decide = await this.#deciding(askerOf(request).sender, dryRun);
    switch (mode) {
      case BATCH: {
        const receipts = await this.#all(await readArray(bytes), decide);
        await reply
          .status(200)
          .header('content-type', JSON_ANSWER)
          .send(`[${receipts.join(',')}]`);
        return;
      }
      case NDJSON: {
        const receipts = await this.#all(await readLines(bytes), decide);
        await reply
          .status(200)
          .header('content-type', NDJSON)
          .send(receipts.map((receipt) => `${receipt}\n`).join(''));
        return;
      }
      case SINGLE:
      case JSON_BODY: {
        const receipt = await decide(mode === SINGLE ? bytes : Buffer.from(structuredText(request.raw, readData(bytes))));
        refuseUnreadable(receipt);
        await answerReceipt(reply, receipt);
        return;
      }
    }
  }

  /** How each message of a request is answered: recorded, or in one trial of them all. Errors: `LedgerBusy`. */
  async #deciding(sender: Sender, dryRun: boolean): Promise<Deciding> {
    if (dryRun) {
      const trial = await this.commands.execute(new OpenTrial());
      return (message) => trial.decide(message, sender);
    }
    return async (message) => {
      const receipt = await this.commands.execute(new RecordMessage(message, sender));
      this.metrics.answered(receipt);
      return receipt;
    };
  }

  /** The receipts as JSON, in order, slice by slice. */
  async #all(messages: readonly Uint8Array[], decide: Deciding): Promise<string[]> {
    const receipts: string[] = [];
    for await (const receipt of inOrder(paced(messages, nextTurn), IN_FLIGHT, decide)) receipts.push(JSON.stringify(receipt));
    return receipts;
  }
}

type Deciding = (message: Uint8Array) => Promise<AnyReceipt>;

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
function refuseUnreadable({ error }: Pick<Receipt, 'error'>): void {
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
