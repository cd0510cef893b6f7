/**
 * Headers of answers, told once where they are set: of that /openapi.json describes them. What stands on many answers
 * is told with those it stands on; what a single route says stands at the route (`@Sends`, answers.ts).
 */

/** An answer as it is described. */
export interface Answered {
  /** In lower case. */
  readonly method: string;
  /** As `/v1/agencies/{agency}`. */
  readonly path: string;
  readonly status: number;
}

export interface SaidHeader {
  readonly name: string;
  readonly description: string;
}

interface OnMany extends SaidHeader {
  readonly on: (answer: Answered) => boolean;
}

const said: OnMany[] = [];

/** Tells of a header that hooks set; gives its name, to be set by. */
export function saidOn(name: string, description: string, on: OnMany['on'] = () => true): string {
  said.push({ name, description, on });
  return name;
}

/** Whether the answer is what a read of the ledger says, or why it says nothing. */
export function isRead({ method, path }: Answered): boolean {
  return method === 'get' && path.startsWith('/v1/');
}

/** For an answer of the description, by name; `own`: what its route says beside. */
export function headersOf(answer: Answered, own: readonly SaidHeader[]): Readonly<Record<string, object>> {
  const all = [...own, ...said.filter(({ on }) => on(answer))];
  return Object.fromEntries(all.map(({ name, description }) => [name, { description, schema: { type: 'string' } }]));
}
