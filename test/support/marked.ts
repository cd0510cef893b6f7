/**
 * One history with a text of its own in every field that is sealed: whatever of it is found anywhere was not sealed.
 */
import { textHashOf } from '../../src/domain/report/text.js';
import { splitSealed } from '../../src/events/sealed-fields.js';
import { AGENCY, at, hashOf, message, setUp, type Message } from './messages.js';

export interface Marked {
  readonly messages: readonly Message[];
  /** `type field` → the text that stands there. */
  readonly marks: ReadonlyMap<string, string>;
}

/** A report is of a year: two histories of one agency have each another one. */
const yearOf = (tag: string): number => 2000 + ([...tag].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % 25);

/** `tag` keeps the marks of two histories apart. */
export function markedHistory(tag: string, year = yearOf(tag)): Marked {
  const marks = new Map<string, string>();
  const mark = (field: string): string => {
    const text = `标${marks.size}记·${tag}·${field.replace(/[^a-z]/gi, '').slice(-12)}·甲乙${(marks.size * 7919 + 104729).toString(36)}`;
    marks.set(field, text);
    return text;
  };
  const hash = hashOf(`content ${tag}`);
  const act = (type: string, number: string, day: string, actor: string, data: Record<string, unknown> = {}): Message =>
    message(type, `${type.slice(0, type.indexOf('.'))}/${tag}-${number}`, at(day), actor, data, {
      id: `${tag}-${type}-${number}-${day}-${actor}`,
    });
  const marked = (type: string, number: string, day: string, actor: string, data: Record<string, unknown>, ...fields: string[]): Message =>
    act(type, number, day, actor, { ...data, ...Object.fromEntries(fields.map((field) => [field, mark(`${type} ${field}`)])) });
  const kind = 'natural-person';
  const answer = { outcome: 'granted', contentHash: hash };
  const voidOf = (target: Message, field: string): Message =>
    message('record.voided', target.subject, at('2018-02-01'), 'auditor', {
      message: { id: target.id },
      reason: mark(`record.voided ${field}`),
      approvedBy: 'leader',
    });
  const texted = (way: 'drafted' | 'revised', day: string): Message => {
    const text = { year, form: '2014-shandong', parts: { '1': `《${mark(`report.text-${way} parts`)}》` } };
    const type = `report.text-${way}`;
    return message(type, `report/${year}`, at(day), 'drafter', { ...text, textHash: textHashOf(text) }, { id: `${tag}-${type}` });
  };
  const withdrawn = marked('application.withdrawn', '2', '2017-03-05', 'clerk', {}, 'note');
  const rejected = marked('publication.rejected', '2', '2017-03-02', 'office', {}, 'reason');
  const decided = marked('complaint.decided', '1', '2017-08-20', 'clerk', { result: 'other' }, 'note');
  const messages = [
    ...setUp(),
    marked(
      'application.received',
      '1',
      '2017-03-01',
      'clerk',
      {
        channel: 'letter',
        law: '2008',
        applicant: {
          kind,
          name: mark('application.received applicant.name'),
          idNumber: mark('application.received applicant.idNumber'),
          contact: mark('application.received applicant.contact'),
        },
      },
      'request',
    ),
    marked('application.third-party-consulted', '1', '2017-03-07', 'clerk', {}, 'party'),
    act('application.third-party-answered', '1', '2017-03-10', 'clerk', {
      answer: 'objected',
      party: marks.get('application.third-party-consulted party'),
    }),
    marked('application.extended', '1', '2017-03-13', 'clerk', { days: 15, approvedBy: 'leader' }, 'reason'),
    marked('application.fee-waived', '1', '2017-03-14', 'clerk', { amountFen: 100 }, 'reason'),
    act('application.reply-drafted', '1', '2017-03-15', 'clerk', answer),
    marked('application.cleared', '1', '2017-03-16', 'office', { step: 'office', verdict: 'passed', contentHash: hash }, 'opinion'),
    act('application.cleared', '1', '2017-03-16', 'lawyer', { step: 'regulations', verdict: 'passed', contentHash: hash }),
    act('application.approved', '1', '2017-03-17', 'leader', { contentHash: hash }),
    act('application.replied', '1', '2017-03-20', 'clerk', answer),
    act('application.received', '2', '2017-03-01', 'clerk', {
      channel: 'online',
      applicant: { kind },
      request: mark('application.received again'),
    }),
    withdrawn,
    act('application.received', '3', '2017-03-01', 'clerk', { channel: 'online', applicant: { kind }, request: '预算' }),
    marked('application.abandoned', '3', '2017-03-05', 'clerk', { reason: 'other' }, 'note'),
    marked('reconsideration.filed', '1', '2017-04-20', 'clerk', { application: `application/${tag}-1` }, 'caseNumber'),
    marked('reconsideration.decided', '1', '2017-06-19', 'clerk', { result: 'upheld' }, 'note'),
    marked(
      'lawsuit.filed',
      '1',
      '2017-07-03',
      'clerk',
      { route: 'after-reconsideration', application: `application/${tag}-1` },
      'court',
      'caseNumber',
    ),
    marked('lawsuit.decided', '1', '2017-12-01', 'clerk', { result: 'upheld' }, 'note'),
    marked('complaint.received', '1', '2017-08-01', 'clerk', {}, 'topic'),
    decided,
    marked('publication.drafted', '1', '2017-03-01', 'drafter', { contentHash: hash }, 'title', 'documentNumber', 'indexNumber'),
    marked('publication.cleared', '1', '2017-03-02', 'office', { step: 'office', verdict: 'returned', contentHash: hash }, 'opinion'),
    marked('publication.revised', '1', '2017-03-03', 'drafter', { contentHash: hash }, 'title'),
    marked('publication.drafted', '2', '2017-03-01', 'drafter', { contentHash: hash, title: mark('publication.drafted of the rejected') }),
    rejected,
    // Released: its title is public from then on, what was said of it is not.
    act('publication.drafted', '3', '2017-03-01', 'drafter', { contentHash: hash, title: `公开的标题 ${tag}` }),
    act('publication.cleared', '3', '2017-03-02', 'office', { step: 'office', verdict: 'passed', contentHash: hash }),
    act('publication.cleared', '3', '2017-03-02', 'lawyer', { step: 'regulations', verdict: 'passed', contentHash: hash }),
    act('publication.approved', '3', '2017-03-03', 'leader', { contentHash: hash }),
    act('publication.released', '3', '2017-03-04', 'editor', { contentHash: hash, channel: 'website' }),
    marked('publication.checked', '3', '2017-03-05', 'office', { finding: 'fault' }, 'note'),
    act('publication.revised', '3', '2017-03-06', 'drafter', { contentHash: hash }),
    act('publication.cleared', '3', '2017-03-07', 'office', { step: 'office', verdict: 'passed', contentHash: hash }),
    act('publication.cleared', '3', '2017-03-07', 'lawyer', { step: 'regulations', verdict: 'passed', contentHash: hash }),
    act('publication.approved', '3', '2017-03-08', 'leader', { contentHash: hash }),
    marked('publication.corrected', '3', '2017-03-09', 'editor', { contentHash: hash }, 'reason'),
    marked('publication.withdrawn', '3', '2017-03-10', 'editor', {}, 'reason'),
    texted('drafted', '2017-03-01'),
    texted('revised', '2017-03-02'),
    voidOf(withdrawn, 'application'),
    voidOf(rejected, 'publication'),
    voidOf(decided, 'complaint'),
  ];
  return { messages, marks };
}

/** The fields that the history has sealed, as `type field`. */
export function sealedIn({ messages }: Marked): Set<string> {
  return new Set(
    messages.flatMap(({ type, subject, data = {} }) => {
      const stored = type.slice('disclosure.'.length);
      const { sealed } = splitSealed(stored, subject.slice(0, subject.indexOf('/')), data);
      return fieldsOf(sealed ?? {}).map((field) => `${stored} ${field}`);
    }),
  );
}

function fieldsOf(value: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(value).flatMap(([name, inner]) =>
    inner !== null && typeof inner === 'object' && name !== 'parts'
      ? fieldsOf(inner as Record<string, unknown>).map((field) => `${name}.${field}`)
      : [name],
  );
}

/** The same messages as they are refused: to an agency that nobody registered. */
export function refusedCopies({ messages }: Marked): Message[] {
  return messages.slice(setUp().length).map((one) => ({ ...one, id: `refused-${one.id}`, agency: 'nobody' }));
}

export const MARKED_AGENCY = AGENCY;
