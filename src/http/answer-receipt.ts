/** A receipt as the answer of a request. */
import type { FastifyReply } from 'fastify';
import type { AnyReceipt } from '../recording/trial/trial.js';
import { receiptStatus } from './problem.js';
import { JSON_ANSWER } from './serving/representations.js';

/** On the receipt of a refusal. */
export const SCHEMA_LINK = { name: 'Link', description: 'rel="describedby": the schema of such a message, where its type is known' };

/** The receipt of one message; of a refusal a link says what such a message must be. */
export async function answerReceipt(reply: FastifyReply, receipt: AnyReceipt): Promise<void> {
  const schema = receipt.error?.details?.['schema'];
  if (typeof schema === 'string') void reply.header(SCHEMA_LINK.name, `<${schema}>; rel="describedby"`);
  await reply.status(receiptStatus(receipt)).header('content-type', JSON_ANSWER).send(JSON.stringify(receipt));
}
