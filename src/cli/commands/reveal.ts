/**
 * `disclosure reveal`: sealed texts of a case, noted in the ledger before they are shown. And the lines of who asked
 * before.
 */
import { readCaseRef } from '../../read-models/cases/case-ref.js';
import { StoreUnavailable } from '../../log/event-log.js';
import { RevealPersonalData } from '../../privacy/handlers.js';
import { readAsking } from '../../privacy/asking.js';
import type { Access, PersonalData } from '../../privacy/personal-data-service.js';
import { isQueryCode, QueryProblem } from '../../read-models/query-problem.js';
import { bearing, localSender } from '../local-sender.js';
import { askService } from '../../runtime/ask-service.js';
import type { ServiceAddress } from '../../runtime/writer-lock.js';
import { withWriter } from '../context.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { print, printJson } from '../render/output.js';

export interface Asked {
  readonly agency: string;
  readonly case: string;
  readonly actor: string;
  readonly reason: string;
  readonly json?: boolean;
}

export async function reveal({ agency, case: name, actor, reason, json }: Asked): Promise<ExitCode> {
  const ref = readCaseRef(name);
  const asking = readAsking({ actor, reason });
  const found = await withWriter(
    ({ commands }) => commands.execute(new RevealPersonalData({ agency, ref, ...asking, caller: localSender(process.env).caller })),
    (service) =>
      ask(service, `/v1/agencies/${encodeURIComponent(agency)}/cases/${ref.kind}/${encodeURIComponent(ref.number)}/personal-data`, asking),
  );
  if (json === true) printJson(found);
  else for (const line of renderTexts(found)) print(line);
  return EXIT.done;
}

async function ask(
  service: ServiceAddress,
  path: string,
  asking: { readonly actor: string; readonly reason: string },
): Promise<PersonalData> {
  const headers = { 'content-type': 'application/json', ...bearing(process.env) };
  const { status, text } = await askService(service, { path, method: 'POST', headers, body: JSON.stringify(asking) });
  const body: unknown = JSON.parse(text);
  if (status === 200) return body as PersonalData;
  const { code = '', detail = '', hint = '' } = body as { code?: string; detail?: string; hint?: string };
  if (isQueryCode(code)) throw new QueryProblem(code, detail, hint);
  throw new StoreUnavailable(detail === '' ? `the service answered ${status}` : detail);
}

/** Who asked, newest first, given or not. */
export function renderAccesses(accesses: readonly Access[]): string[] {
  if (accesses.length === 0) return ['无查看记录 nobody asked'];
  return accesses.map(
    ({ recordedAt, case: of, actor, reason, granted }) =>
      `${recordedAt}  ${granted ? '已提供 given  ' : '未准许 refused'}  ${of}  ${actor}  ${reason}`,
  );
}

function renderTexts({ case: name, events }: PersonalData): string[] {
  const lines = [`${name} 封存内容 sealed texts`];
  for (const { type, at, texts } of events) {
    lines.push(`${at}  ${type}`);
    for (const [field, value] of Object.entries(texts)) lines.push(...renderField(field, value));
  }
  if (events.length === 0) lines.push('无 (none)');
  return lines;
}

function renderField(field: string, value: unknown): string[] {
  if (value === null || typeof value !== 'object') return [`  ${field}: ${String(value)}`];
  return Object.entries(value).flatMap(([inner, of]) => renderField(`${field}.${inner}`, of));
}
