/**
 * Histories whose callers are identified: permissions granted and ended at any place, chains that turn attested and
 * back, acts with a token of the actor's own beside acts without. For tests that hold two ways of counting against each
 * other.
 */
import type { Receipt } from '../../src/recording/receipts.js';
import { NO_IDENTITY, type Sender } from '../../src/recording/sender.js';
import { AGENCIES } from './histories.js';
import type { TestLedger } from './ledger.js';
import { message, setUp, type Message } from './messages.js';

export interface Sent {
  readonly message: Message;
  readonly sender: Sender;
}

const ISSUER = 'https://login.example';
const OFFICERS = ['root', 'drafter', 'office', 'lawyer', 'leader', 'editor', 'clerk', 'auditor'] as const;
const caller = (subject: string): { issuer: string; subject: string } => ({ issuer: ISSUER, subject });
const OPERATOR: Sender = { attestation: 'none', caller: caller('operator'), operator: true, identity: true };
const tokenOf = (subject: string): Sender => ({ attestation: 'none', caller: caller(subject), identity: true });

/** Recorded now, whatever its date. */
const LATE = '2022-12-31T12:00:00+08:00';
const ofAgency = (agency: string, type: string, data: Record<string, unknown>, time = LATE): Message =>
  message(`agency.${type}`, `agency/${agency}`, time, 'root', data, { agency });
const permission = (agency: string, type: 'granted' | 'ended', data: Record<string, unknown>): Sent => ({
  message: ofAgency(agency, `permission-${type}`, data),
  sender: OPERATOR,
});
const bound = (agency: string, name: string): Sent =>
  permission(agency, 'granted', { caller: caller(name), permission: 'act', actor: name });

/** The chain of `setUp` again, but for what it asks of its acts. */
function chain(agency: string, attested: boolean, time: string): Sent {
  const set = setUp(agency).find(({ type }) => type === 'disclosure.agency.clearance-chain-set');
  return { message: ofAgency(agency, 'clearance-chain-set', { ...set?.data, attested }, time), sender: NO_IDENTITY };
}

const isPermission = ({ message: { type } }: Sent): boolean => type.startsWith('disclosure.agency.permission-');

/** Who asks for what at this place besides. */
function interlude(roll: number): Sent[] {
  const agency = AGENCIES[roll % AGENCIES.length] ?? 'reviewing';
  const name = OFFICERS[roll % OFFICERS.length] ?? 'clerk';
  switch (roll % 40) {
    case 0:
      return [permission(agency, 'ended', { caller: caller(name), permission: 'act' })];
    case 1:
    case 2:
      return [bound(agency, name)];
    case 3:
      return [permission(agency, 'granted', { caller: caller('web'), permission: 'emit', sources: ['/test'], until: '2030-01-01' })];
    case 4:
      return [permission(agency, 'granted', { caller: caller(name), permission: 'audit', below: true, from: '2030-01-02' })];
    case 5:
      return [chain('reviewing', roll % 3 !== 0, `201${4 + (roll % 4)}-06-01T09:00:00+08:00`)];
    default:
      return [];
  }
}

/** The same messages with who sends them, among permissions and chains; `dice` decide where. */
export function identified(messages: readonly Message[], dice: readonly number[]): Sent[] {
  const registered = new Set<string>();
  return messages.flatMap((one, nth) => {
    const roll = dice[nth % dice.length] ?? 0;
    const isOwn = registered.size === AGENCIES.length && roll % 4 !== 0 && OFFICERS.some((name) => name === one.actor);
    const sender = isOwn ? tokenOf(one.actor) : NO_IDENTITY;
    const begun = one.type === 'disclosure.agency.registered' ? OFFICERS.map((name) => bound(one.agency, name)) : [];
    if (begun.length > 0) registered.add(one.agency);
    return [{ message: one, sender }, ...begun, ...(registered.size === AGENCIES.length ? interlude(roll) : [])];
  });
}

/** Records in order; behind a permission the read models come after, as rights are read there. */
export async function sendIdentified(ledger: Pick<TestLedger, 'recorder' | 'settled'>, sent: readonly Sent[]): Promise<Receipt[]> {
  const receipts: Promise<Receipt>[] = [];
  for (const [nth, one] of sent.entries()) {
    const before = sent[nth - 1];
    if (isPermission(one) || (before !== undefined && isPermission(before))) {
      await Promise.all(receipts);
      await ledger.settled();
    }
    receipts.push(ledger.recorder.recordValue(one.message, one.sender));
  }
  return Promise.all(receipts);
}

/** An agency with an attested chain, and an item through it under tokens. */
export function attestedItem(agency: string, item: readonly Message[]): Sent[] {
  const begun = setUp(agency).map((one): Sent => ({ message: one, sender: NO_IDENTITY }));
  const acts = item.map((one): Sent => ({ message: { ...one, agency }, sender: tokenOf(one.actor) }));
  return [...begun, ...OFFICERS.map((name) => bound(agency, name)), chain(agency, true, '2010-01-03T09:00:00+08:00'), ...acts];
}
