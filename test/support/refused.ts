/** Messages with something wrong in them, and what must hold of every refusal. */
import type { Receipt } from '../../src/recording/receipts.js';
import { message } from './messages.js';
import { asLines, expectProblem, expectRefusal, NDJSON, type TestService } from './service.js';
import { budget } from './budget.js';

export type Plain = Record<string, unknown>;

let serial = 0;
let asked = 0;

/** A meeting that is recorded as it is. */
export function good(subject = `meeting/good-${(serial += 1)}`, more: Plain = {}): Plain {
  return { ...message('meeting.held', subject, '2017-03-02T09:00:00+08:00', 'office', { title: '会议' }), ...more };
}

/** Any act of `root` with any data. */
export function of(type: string, subject: string, data: unknown): Plain {
  return { ...message(type, subject, '2017-03-02T09:00:00+08:00', 'root'), data };
}

/** A message as text, with a piece of raw JSON where the text `"@"` stands in it. */
export function raw(sent: Plain, json: string): string {
  return JSON.stringify(sent).replace('"@"', json);
}

type ExpectRefused = (sent: unknown, ...codes: readonly string[]) => Promise<NonNullable<Receipt['error']>>;

/**
 * Sends one message alone and (with the long budget each, else every eighth) again in NDJSON between good ones; insists
 * both times on one of the codes, alone on 422 or, where it is malformed, on a problem, and that nothing of it is in
 * the log. Gives the error.
 */
export function refusedBy(service: () => TestService): ExpectRefused {
  return async (sent, ...codes) => {
    const text = typeof sent === 'string' ? sent : JSON.stringify(sent);
    const before = await service().head();
    const single = await service().post(text);
    const malformed = single.status === 400;
    expect({ status: single.status, text: single.text }).toMatchObject({ status: malformed ? 400 : 422 });
    if (malformed) expectProblem(single, 400, 'malformed');
    const alone = malformed ? null : expectRefusal(single.json<Receipt>());
    const found = alone?.code ?? 'malformed';
    expect({ codes, found: codes.includes(found) ? codes : single.text }).toEqual({ codes, found: codes });
    // A refusal that is kept is an event of its own; nothing else may have been written.
    expect((await service().eventsAfter(before)).filter(({ type }) => !type.startsWith('refusal.'))).toEqual([]);
    // A problem document holds no receipt: what is malformed is always sent again.
    if (alone !== null && (asked += 1) % budget(8, 1) !== 0) return alone;
    const lines = await service().post(`${asLines([good()])}${text}\n${asLines([good()])}`, NDJSON);
    const [first, own, last] = lines.lines<Receipt>();
    expect([lines.status, first?.status, last?.status]).toEqual([200, 'recorded', 'recorded']);
    const error = expectRefusal(own as Receipt);
    expect(error.code).toBe(found);
    return error;
  };
}
