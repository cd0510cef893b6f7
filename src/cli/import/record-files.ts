/** What `disclosure import` does with the lines of its files: decides them here, or sends them to the service. */
import type { CommandBus } from '@nestjs/cqrs';
import type { Refusal } from '../../domain/decider.js';
import { sure } from '../../encoding/unknown-values.js';
import { NDJSON } from '../../intake/media-types.js';
import { MAX_MESSAGE_BYTES } from '../../intake/message.js';
import { readMessageBytes } from '../../intake/message-reader.js';
import { StoreUnavailable } from '../../log/event-log.js';
import { OpenTrial, RecordMessage } from '../../recording/handlers.js';
import type { AnyReceipt } from '../../recording/trial/trial.js';
import { inOrder } from '../../recording/in-order.js';
import { bearing, localSender } from '../local-sender.js';
import { refusedReceipt, type Receipt } from '../../recording/receipts.js';
import { askService } from '../../runtime/ask-service.js';
import { giveWay } from '../../runtime/give-way.js';
import type { ServiceAddress } from '../../runtime/writer-lock.js';
import { withWriter } from '../context.js';
import { messageLines, type MessageLine } from '../message-lines.js';

export interface ImportResult {
  recorded: number;
  duplicate: number;
  refused: number;
  readonly refusals: {
    readonly file: string;
    readonly line: number;
    readonly source: string | null;
    readonly id: string | null;
    readonly error: Refusal;
  }[];
}

/** How many bytes were read, and what came of the messages that were answered. */
export interface ImportProgress {
  readonly bytes: number;
  readonly recorded: number;
  readonly refused: number;
}

/**
 * Messages on their way at once: enough to share every flush to disk. Twice as many cost an eighth more of the
 * processor's time, as they outlive the young part of the heap and fill its old part.
 */
const IN_FLIGHT = 128;
/** Lines sent to a service in one request. */
const SENT_AT_ONCE = 500;
/** Bytes of one request at most, as long as no line is longer. */
const SENT_BYTES = 8 * 1024 * 1024;
/** A dry run sends what a request holds: messages see those before them in the same request only. */
const TRIED_AT_ONCE = 100_000;
const TRIED_BYTES = 15 * 1024 * 1024;

export interface RecordOptions {
  /** Nothing is recorded. */
  readonly dryRun: boolean;
  /** A thread for the read models is worth its start. */
  readonly thread: boolean;
}

type Heard = (progress: ImportProgress) => void;

/**
 * Errors: `StoreUnavailable` as soon as the store does not take a message; what was recorded stays, and the same import
 * again goes on.
 */
export async function recordFiles(files: readonly string[], options: RecordOptions, heard: Heard): Promise<ImportResult> {
  const result = nothingYet();
  const lines = messageLines(files, counting(result, heard));
  await recordLines(result, lines, options);
  return result;
}

export function nothingYet(): ImportResult {
  return { recorded: 0, duplicate: 0, refused: 0, refusals: [] };
}

/** Adds up the bytes that are read, and tells of them with what came of the messages so far. */
export function counting(result: ImportResult, heard: Heard): (read: number) => void {
  let bytes = 0;
  return (read) => {
    bytes += read;
    heard({ bytes, recorded: result.recorded, refused: result.refused });
  };
}

/** `answered` hears of each line, in their order. Errors: as `recordFiles`. */
export async function recordLines<L extends MessageLine>(
  result: ImportResult,
  lines: AsyncIterable<L>,
  { dryRun, thread, answered }: RecordOptions & { readonly answered?: (answer: Answered<L>) => void },
): Promise<void> {
  const collecting = async (receipts: AsyncIterable<Answered<L>>): Promise<void> => {
    for await (const answer of receipts) {
      collect(result, answer);
      answered?.(answer);
    }
  };
  await withWriter(
    async ({ commands }) => collecting(decideHere(await decidingOf(commands, dryRun), lines)),
    (service) => collecting(sendTo(doorOf(service, dryRun), lines)),
    { begins: !dryRun, thread },
  );
}

const COUNTED = {
  recorded: 'recorded',
  duplicate: 'duplicate',
  refused: 'refused',
  'would-record': 'recorded',
  'would-duplicate': 'duplicate',
  'would-refuse': 'refused',
} as const;

export interface Answered<L extends MessageLine = MessageLine> {
  readonly at: L;
  readonly receipt: AnyReceipt;
}

function collect(result: ImportResult, { at, receipt }: Answered): void {
  const { error, source, id } = receipt;
  if (error?.code === 'store-unavailable') {
    throw new StoreUnavailable(
      `stopped at ${at.file}:${at.line}: ${error.message} (recorded ${result.recorded}, duplicate ${result.duplicate}, refused ${result.refused})`,
    );
  }
  result[COUNTED[receipt.status]] += 1;
  if (error !== undefined) result.refusals.push({ file: at.file, line: at.line, source, id, error });
}

type Deciding = (message: Uint8Array) => Promise<AnyReceipt>;

async function decidingOf(commands: CommandBus, dryRun: boolean): Promise<Deciding> {
  const sender = localSender(process.env);
  if (!dryRun) return (message) => commands.execute(new RecordMessage(message, sender));
  const trial = await commands.execute(new OpenTrial());
  return (message) => trial.decide(message, sender);
}

function decideHere<L extends MessageLine>(decide: Deciding, lines: AsyncIterable<L>): AsyncGenerator<Answered<L>> {
  return inOrder(lines, IN_FLIGHT, async (at) => ({ at, receipt: refusedHere(at) ?? (await decide(at.bytes)) }));
}

/** What messages are posted to, and how many at once: in a dry run a request is a trial of its own. */
interface Door {
  readonly service: ServiceAddress;
  readonly path: string;
  readonly atOnce: number;
  readonly bytes: number;
}

function doorOf(service: ServiceAddress, dryRun: boolean): Door {
  const path = '/v1/events';
  if (!dryRun) return { service, path, atOnce: SENT_AT_ONCE, bytes: SENT_BYTES };
  return { service, path: `${path}?dryRun=true`, atOnce: TRIED_AT_ONCE, bytes: TRIED_BYTES };
}

/** Beside others who ask the same service: a file can wait for them. */
async function* sendTo<L extends MessageLine>(door: Door, lines: AsyncIterable<L>): AsyncGenerator<Answered<L>> {
  giveWay();
  let batch: L[] = [];
  for await (const line of lines) {
    batch.push(line);
    if (batch.length === door.atOnce) {
      yield* sendBatch(door, batch);
      batch = [];
    }
  }
  if (batch.length > 0) yield* sendBatch(door, batch);
}

/** Lines that are refused here are not sent. */
async function* sendBatch<L extends MessageLine>(door: Door, batch: readonly L[]): AsyncGenerator<Answered<L>> {
  const here = batch.map(refusedHere);
  const parts: Uint8Array[][] = [[]];
  let size = 0;
  for (const [at, { bytes }] of batch.entries()) {
    if (here[at] !== null) continue;
    size += bytes.length + 1;
    if (size > door.bytes) {
      parts.push([]);
      size = bytes.length + 1;
    }
    parts.at(-1)?.push(bytes);
  }
  const receipts: AnyReceipt[] = [];
  for (const part of parts) if (part.length > 0) receipts.push(...(await post(door, part)));
  let next = 0;
  for (const [place, at] of batch.entries()) yield { at, receipt: here[place] ?? sure(receipts[next++]) };
}

async function post({ service, path }: Door, lines: readonly Uint8Array[]): Promise<AnyReceipt[]> {
  const body = Buffer.concat(lines.flatMap((line) => [line, Buffer.from('\n')]));
  const headers = { 'content-type': NDJSON, ...bearing(process.env) };
  const { status, text } = await askService(service, { path, method: 'POST', headers, body });
  const { url } = service;
  if (status !== 200) throw new StoreUnavailable(`the service at ${url} answered ${status}: ${text.slice(0, 300)}`);
  const receipts = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as AnyReceipt);
  if (receipts.length !== lines.length)
    throw new StoreUnavailable(`the service at ${url} answered ${receipts.length} of ${lines.length} messages`);
  return receipts;
}

/**
 * null where the line is to be decided. A line too large for a message is refused as the service would: it would only
 * fill the request.
 */
function refusedHere({ bytes, refused }: MessageLine): Receipt | null {
  if (refused !== undefined) return refusedReceipt({ source: refused.source, id: null }, refused.refusal);
  if (bytes.length <= MAX_MESSAGE_BYTES) return null;
  const read = readMessageBytes(bytes, Date.now());
  if (read.ok) throw new Error('a line over the limit was read');
  return refusedReceipt(read, read.refusal);
}
