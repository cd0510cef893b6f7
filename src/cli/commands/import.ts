/**
 * `disclosure import`: messages from files through the ordinary door; through the service where one serves the data
 * folder.
 */
import cliProgress from 'cli-progress';
import type { CommandBus } from '@nestjs/cqrs';
import type { Refusal } from '../../domain/decider.js';
import { sure } from '../../encoding/unknown-values.js';
import { NDJSON } from '../../intake/media-types.js';
import { MAX_MESSAGE_BYTES } from '../../intake/message.js';
import { readMessageBytes } from '../../intake/message-reader.js';
import { StoreUnavailable } from '../../log/event-log.js';
import { RecordMessage } from '../../recording/handlers.js';
import { inOrder } from '../../recording/in-order.js';
import { bearing, localSender } from '../local-sender.js';
import type { Receipt } from '../../recording/receipts.js';
import { askService } from '../../runtime/ask-service.js';
import type { ServiceAddress } from '../../runtime/writer-lock.js';
import { withWriter } from '../context.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { messageLines, sizeOf, type MessageLine } from '../message-lines.js';
import { note, print, printJson } from '../render/output.js';

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

/** Messages on their way at once: enough to share every flush to disk. */
const IN_FLIGHT = 1024;
/** Lines sent to a service in one request. */
const SENT_AT_ONCE = 500;

export async function importFiles(files: readonly string[], options: { readonly json?: boolean }): Promise<ExitCode> {
  const result = await runImport(files);
  if (options.json === true) printJson(result);
  else {
    for (const { file, line, id, error } of result.refusals)
      note(`${file}:${line} ${id ?? ''} refused ${error.code}: ${error.message} ${error.hint}`);
    print(`recorded ${result.recorded}, duplicate ${result.duplicate}, refused ${result.refused}`);
  }
  return result.refused > 0 ? EXIT.failed : EXIT.done;
}

/**
 * Errors: `StoreUnavailable` as soon as the store does not take a message; what was recorded stays, and the same import
 * again goes on.
 */
export async function runImport(files: readonly string[]): Promise<ImportResult> {
  const total = sizeOf(files);
  const bar = new cliProgress.SingleBar(
    { format: 'importing {bar} {percentage}% | {recorded} recorded, {refused} refused | ETA {eta_formatted}', stream: process.stderr },
    cliProgress.Presets.shades_classic,
  );
  const result: ImportResult = { recorded: 0, duplicate: 0, refused: 0, refusals: [] };
  const showBar = process.stderr.isTTY && total > 0;
  if (showBar) bar.start(total, 0, { recorded: 0, refused: 0 });
  let bytes = 0;
  const lines = messageLines(files, (read) => {
    bytes += read;
    if (showBar) bar.update(bytes, { recorded: result.recorded, refused: result.refused });
  });
  try {
    await withWriter(
      ({ commands }) => collect(result, recordHere(commands, lines)),
      (service) => collect(result, sendTo(service, lines)),
      { begins: true },
    );
  } finally {
    if (showBar) bar.stop();
  }
  return result;
}

async function collect(
  result: ImportResult,
  receipts: AsyncIterable<{ readonly at: MessageLine; readonly receipt: Receipt }>,
): Promise<void> {
  for await (const { at, receipt } of receipts) {
    if (receipt.error?.code === 'store-unavailable') {
      throw new StoreUnavailable(
        `stopped at ${at.file}:${at.line}: ${receipt.error.message} (recorded ${result.recorded}, duplicate ${result.duplicate}, refused ${result.refused})`,
      );
    }
    result[receipt.status] += 1;
    if (receipt.error !== undefined)
      result.refusals.push({ file: at.file, line: at.line, source: receipt.source, id: receipt.id, error: receipt.error });
  }
}

function recordHere(commands: CommandBus, lines: AsyncIterable<MessageLine>): AsyncGenerator<{ at: MessageLine; receipt: Receipt }> {
  const sender = localSender(process.env);
  return inOrder(lines, IN_FLIGHT, async (at) => ({ at, receipt: await commands.execute(new RecordMessage(at.bytes, sender)) }));
}

async function* sendTo(service: ServiceAddress, lines: AsyncIterable<MessageLine>): AsyncGenerator<{ at: MessageLine; receipt: Receipt }> {
  let batch: MessageLine[] = [];
  for await (const line of lines) {
    batch.push(line);
    if (batch.length === SENT_AT_ONCE) {
      yield* sendBatch(service, batch);
      batch = [];
    }
  }
  if (batch.length > 0) yield* sendBatch(service, batch);
}

/** Lines too large for a message are refused here, as the service would: they would only fill the request. */
async function* sendBatch(service: ServiceAddress, batch: readonly MessageLine[]): AsyncGenerator<{ at: MessageLine; receipt: Receipt }> {
  const parts: Uint8Array[][] = [[]];
  let size = 0;
  for (const { bytes } of batch) {
    if (bytes.length > MAX_MESSAGE_BYTES) continue;
    size += bytes.length + 1;
    if (size > 8 * 1024 * 1024) {
      parts.push([]);
      size = bytes.length + 1;
    }
    parts.at(-1)?.push(bytes);
  }
  const receipts: Receipt[] = [];
  for (const part of parts) if (part.length > 0) receipts.push(...(await post(service, part)));
  let next = 0;
  for (const at of batch) yield { at, receipt: at.bytes.length > MAX_MESSAGE_BYTES ? tooLarge(at.bytes) : sure(receipts[next++]) };
}

async function post(service: ServiceAddress, lines: readonly Uint8Array[]): Promise<Receipt[]> {
  const body = Buffer.concat(lines.flatMap((line) => [line, Buffer.from('\n')]));
  const headers = { 'content-type': NDJSON, ...bearing(process.env) };
  const { status, text } = await askService(service, { path: '/v1/events', method: 'POST', headers, body });
  const { url } = service;
  if (status !== 200) throw new StoreUnavailable(`the service at ${url} answered ${status}: ${text.slice(0, 300)}`);
  const receipts = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Receipt);
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
