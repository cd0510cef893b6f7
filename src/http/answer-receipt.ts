/** A receipt as the answer of a request. */
import type { FastifyReply } from 'fastify';
import type { AnyReceipt } from '../recording/trial/trial.js';
import { receiptStatus } from './problem.js';

/** The receipt of one message; of a refusal a link says what such a message must be. */
export async function answerReceipt(reply: FastifyReply, receipt: AnyReceipt): Promise<void> {
  const schema = receipt.error?.details?.['schema'];
  if (typeof schema === 'string') void reply.header('link', `<${schema}>; rel="describedby"`);
  await reply.status(receiptStatus(receipt)).header('content-type', 'application/json; charset=utf-8').send(JSON.stringify(receipt));
}
