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
import type { Receipt } from '../../recording/receipts.js';
import { askService } from '../../runtime/ask-service.js';
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
 * Messages on their way at once: enough to share every flush to disk. More would outlive the young part of the heap and
 * fill its old part.
 */
const IN_FLIGHT = 256;
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

/**
 * Errors: `StoreUnavailable` as soon as the store does not take a message; what was recorded stays, and the same import
 * again goes on.
 */
export async function recordFiles(
  files: readonly string[],
  { dryRun, thread }: RecordOptions,
  heard: (progress: ImportProgress) => void,
): Promise<ImportResult> {
  const result: ImportResult = { recorded: 0, duplicate: 0, refused: 0, refusals: [] };
  let bytes = 0;
  const lines = messageLines(files, (read) => {
    bytes += read;
    heard({ bytes, recorded: result.recorded, refused: result.refused });
  });
  await withWriter(
    async ({ commands }) => collect(result, decideHere(await decidingOf(commands, dryRun), lines)),
    (service) => collect(result, sendTo(doorOf(service, dryRun), lines)),
    { begins: !dryRun, thread },
  );
  return result;
}

const COUNTED = {
  recorded: 'recorded',
  duplicate: 'duplicate',
  refused: 'refused',
  'would-record': 'recorded',
  'would-duplicate': 'duplicate',
  'would-refuse': 'refused',
} as const;

interface Answered {
  readonly at: MessageLine;
  readonly receipt: AnyReceipt;
}

async function collect(result: ImportResult, receipts: AsyncIterable<Answered>): Promise<void> {
  for await (const { at, receipt } of receipts) {
    if (receipt.error?.code === 'store-unavailable') {
      throw new StoreUnavailable(
        `stopped at ${at.file}:${at.line}: ${receipt.error.message} (recorded ${result.recorded}, duplicate ${result.duplicate}, refused ${result.refused})`,
      );
    }
    result[COUNTED[receipt.status]] += 1;
    if (receipt.error !== undefined)
      result.refusals.push({ file: at.file, line: at.line, source: receipt.source, id: receipt.id, error: receipt.error });
  }
}

type Deciding = (message: Uint8Array) => Promise<AnyReceipt>;

async function decidingOf(commands: CommandBus, dryRun: boolean): Promise<Deciding> {
  const sender = localSender(process.env);
  if (!dryRun) return (message) => commands.execute(new RecordMessage(message, sender));
  const trial = await commands.execute(new OpenTrial());
  return (message) => trial.decide(message, sender);
}

function decideHere(decide: Deciding, lines: AsyncIterable<MessageLine>): AsyncGenerator<Answered> {
  return inOrder(lines, IN_FLIGHT, async (at) => ({ at, receipt: await decide(at.bytes) }));
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

async function* sendTo(door: Door, lines: AsyncIterable<MessageLine>): AsyncGenerator<Answered> {
  let batch: MessageLine[] = [];
  for await (const line of lines) {
    batch.push(line);
    if (batch.length === door.atOnce) {
      yield* sendBatch(door, batch);
      batch = [];
    }
  }
  if (batch.length > 0) yield* sendBatch(door, batch);
}

/** Lines too large for a message are refused here, as the service would: they would only fill the request. */
async function* sendBatch(door: Door, batch: readonly MessageLine[]): AsyncGenerator<Answered> {
  const parts: Uint8Array[][] = [[]];
  let size = 0;
  for (const { bytes } of batch) {
    if (bytes.length > MAX_MESSAGE_BYTES) continue;
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
  for (const at of batch) yield { at, receipt: at.bytes.length > MAX_MESSAGE_BYTES ? tooLarge(at.bytes) : sure(receipts[next++]) };
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

function tooLarge(bytes: Uint8Array): Receipt {
  const read = readMessageBytes(bytes, Date.now());
  if (read.ok) throw new Error('a line over the limit was read');
  return {
    source: read.source,
    id: read.id,
    status: 'refused',
    stream: null,
    revision: null,
    position: null,
    eventIds: [],
    error: read.refusal,
  };
}
