/** `disclosure refusals`: what was refused, and sending it again. */
import { ListRefusals } from '../../recording/handlers.js';
import { ResendRefusal } from '../../recording/handlers.js';
import { bearing, localSender } from '../local-sender.js';
import type { Receipt } from '../../recording/receipts.js';
import { QueryProblem } from '../../read-models/query-problem.js';
import { StoreUnavailable } from '../../log/event-log.js';
import { withLedger, withWriter } from '../context.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { print, printJson } from '../render/output.js';

export async function refusals(options: { readonly resend?: string; readonly json?: boolean }): Promise<ExitCode> {
  if (options.resend !== undefined) return resend(options.resend, options.json === true);
  const list = await withLedger(({ queries }) => queries.execute(new ListRefusals()));
  if (options.json === true) printJson({ refusals: list.refusals.map(({ agency: _agency, subject: _subject, ...said }) => said) });
  else if (list.refusals.length === 0) print('nothing refused 无未受理报文');
  else
    for (const { refusalId, source, id, error, count, lastAt } of list.refusals)
      print(`${refusalId}  ${lastAt}  ${source} ${id}  ×${count}  ${error.code}: ${error.message}`);
  return EXIT.done;
}

async function resend(refusalId: string, json: boolean): Promise<ExitCode> {
  const receipt = await withWriter(
    ({ commands }) => commands.execute(new ResendRefusal(refusalId, localSender(process.env))),
    (url) => resendTo(url, refusalId),
  );
  if (json) printJson(receipt);
  else
    print(
      `${receipt.status}${receipt.error === undefined ? '' : ` ${receipt.error.code}: ${receipt.error.message} ${receipt.error.hint}`}`,
    );
  return receipt.status === 'refused' ? EXIT.failed : EXIT.done;
}

async function resendTo(url: string, refusalId: string): Promise<Receipt> {
  const response = await fetch(`${url}/v1/refusals/${encodeURIComponent(refusalId)}/resend`, {
    method: 'POST',
    headers: bearing(process.env),
  }).catch((cause: unknown) => {
    throw new StoreUnavailable(`the service at ${url} did not answer`, { cause });
  });
  const body = (await response.json()) as Receipt & { readonly code?: string; readonly detail?: string; readonly hint?: string };
  if (body.code === 'unknown-refusal') throw new QueryProblem('unknown-refusal', body.detail ?? '', body.hint ?? '');
  if (body.code !== undefined) throw new StoreUnavailable(body.detail ?? 'the service refused');
  return body;
}
