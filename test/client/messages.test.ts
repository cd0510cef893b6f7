/** The types of messages that the client has are those of the domain; the compiler holds them against each other. */
import { ACT_TYPES, publicType } from '../../src/events/catalog.js';
import type { DataByType as Client } from '../../src/client/messages.js';
import { REFERENCES } from '../../src/client/messages.js';
import type { Message } from '../../src/client/message.js';
import type { ActType, DataByType as Domain } from '../../src/domain/acts.js';
import { dataFields } from '../support/sample-messages.js';

type Short<T extends string> = T extends `disclosure.${infer S}` ? S : never;
type Plain<D> = D extends readonly (infer E)[] ? readonly Plain<E>[] : D extends object ? { readonly [K in keyof D]: Plain<D[K]> } : D;

/** Types that the domain does not have, or whose data it would not take. */
type Wrong = {
  [T in keyof Client]: Short<T> extends ActType ? (Plain<Client[T]> extends Plain<Domain[Short<T>]> ? never : T) : T;
}[keyof Client];
const none: Wrong[] = [];

const envelope = { subject: 'meeting/1', time: '2017-06-01T09:00:00+08:00', agency: 'a', actor: '王主任' };

test('types are told apart by their name', () => {
  const right: Message[] = [
    { ...envelope, type: 'disclosure.meeting.held', data: { title: '会议' } },
    { ...envelope, type: 'disclosure.application.supplemented' },
    { ...envelope, type: 'disclosure.application.supplement-requested' },
  ];
  const wrong: Message[] = [
    // @ts-expect-error a meeting has a title
    { ...envelope, type: 'disclosure.meeting.held', data: { trainees: 3 } },
    // @ts-expect-error and data at all
    { ...envelope, type: 'disclosure.meeting.held' },
    // @ts-expect-error there is no such type
    { ...envelope, type: 'disclosure.meeting.hold', data: { title: '会议' } },
    // @ts-expect-error nor such a channel
    { ...envelope, type: 'disclosure.publication.withdrawn', data: { reason: '误', channel: 'radio' } },
  ];
  expect([right.length, wrong.length, none]).toEqual([3, 4, []]);
});

test('references are those that are validated', () => {
  // What names another case waits for it: test/docs/generated.test.ts holds the file, this that the fields are found.
  const found = ACT_TYPES.map(
    (type) =>
      [
        publicType(type),
        dataFields(type)
          .filter(({ rules }) => rules.has('case'))
          .map(({ path }) => path.slice('data.'.length)),
      ] as const,
  );
  expect(REFERENCES).toEqual(Object.fromEntries(found.filter(([, fields]) => fields.length > 0)));
  expect(Object.keys(REFERENCES).length).toBeGreaterThan(3);
});
