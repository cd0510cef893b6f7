/** Acts on applications for tests, each at nine in the morning of its day unless an hour is given. */
import { at, hashOf, message, type Message } from './messages.js';

export function application(type: string, number: string, day: string, data: Record<string, unknown> = {}, hour = 9): Message {
  return message(`application.${type}`, `application/${number}`, at(day, hour), 'clerk', data);
}

export function received(number: string, day: string, more: Record<string, unknown> = {}): Message {
  return application('received', number, day, { channel: 'online', applicant: { kind: 'natural-person' }, request: '预算', ...more });
}

export function replied(number: string, day: string, outcome = 'granted'): Message {
  return application('replied', number, day, { outcome, contentHash: hashOf(number) }, 16);
}

export function extended(number: string, day: string, days: number): Message {
  return application('extended', number, day, { days, reason: '案情复杂', approvedBy: 'leader' });
}

/** Under an empty chain an administrator approves a void. */
export function taken(back: Message, day: string): Message {
  const data = { message: { id: back.id }, reason: '错', approvedBy: 'second-root' };
  return message('record.voided', back.subject, at(day, 17), 'auditor', data);
}

/** The calendar of a year, announced by an administrator. */
export function announced(agency: string, year: number, off: readonly string[], worked: readonly string[] = []): Message {
  const data = { year, off, worked, notice: `${agency} ${year}` };
  return message('calendar.announced', `calendar/${year}`, at('2026-11-10'), 'root', data, { agency });
}
