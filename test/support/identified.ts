/** A service that identifies its callers by the issuer of its own, and what its tests ask of it. */
import { Identity, type Access } from '../../src/access/identity/identity.js';
import { issueToken } from '../../src/access/identity/local-issuer.js';
import { LOCAL_AUDIENCE, LOCAL_ISSUER } from '../../src/config/access.js';
import type { Receipt } from '../../src/recording/receipts.js';
import { TEST_NOW } from './ledger.js';
import { message } from './messages.js';
import { SINGLE, startService, type Answer, type Method, type TestService } from './service.js';

export type Fields = Record<string, unknown>;

/** When the acts of these tests happen. */
export const DAY = '2029-06-01T12:00:00+08:00';

export const callerNamed = (subject: string): Fields => ({ issuer: LOCAL_ISSUER, subject });

export interface Asked {
  readonly method?: Method;
  readonly payload?: string;
  readonly type?: string;
}

export interface Identified {
  readonly service: TestService;
  readonly tokenOf: (subject: string, minutes?: number) => Promise<string>;
  /** Asks as this caller; null = without a token. */
  readonly ask: (subject: string | null, url: string, asked?: Asked) => Promise<Answer>;
  /** Sends and insists that it is recorded. */
  readonly send: (subject: string, type: string, agency: string, data: Fields, more?: Fields) => Promise<Receipt>;
  /** Sends, whatever comes of it. */
  readonly sent: (subject: string, type: string, agency: string, data: Fields, more?: Fields) => Promise<Answer>;
  /** As the operator. */
  readonly grant: (agency: string, subject: string, permission: string, more?: Fields) => Promise<Receipt>;
  readonly end: (agency: string, subject: string, permission: string) => Promise<Receipt>;
  readonly register: (agency: string, more?: Fields) => Promise<void>;
  readonly finish: () => Promise<void>;
}

export interface IdentifiedOptions {
  readonly publishedIsPublic?: boolean;
  readonly rate?: number;
  readonly now?: () => number;
}

export async function startIdentified({
  publishedIsPublic = false,
  rate = 0,
  now = () => TEST_NOW,
}: IdentifiedOptions = {}): Promise<Identified> {
  let identity: Identity | undefined;
  const access = async (folder: string): Promise<Access> => {
    const issuers = [{ issuer: LOCAL_ISSUER, audience: LOCAL_AUDIENCE }];
    identity = await Identity.open({ issuers, folder, now, notice: () => undefined });
    return { identity, operators: [{ issuer: LOCAL_ISSUER, subject: 'operator' }], publishedIsPublic, rate };
  };
  const service = await startService({ now, access });
  let ids = 0;
  const tokens = new Map<string, string>();
  const tokenOf = async (subject: string, minutes = 60): Promise<string> => {
    const name = `${subject} ${minutes}`;
    const token = tokens.get(name) ?? (await issueToken({ folder: service.folder, subject, minutes, now: now() })).token;
    tokens.set(name, token);
    return token;
  };
  const ask: Identified['ask'] = async (subject, url, { method = 'GET', payload, type = SINGLE } = {}) => {
    const bearer: Record<string, string> = subject === null ? {} : { authorization: `Bearer ${await tokenOf(subject)}` };
    const headers = { ...bearer, ...(payload === undefined ? {} : { 'content-type': type }) };
    return service.request({ method, url, headers, ...(payload === undefined ? {} : { payload }) });
  };
  const sent: Identified['sent'] = (subject, type, agency, data, more = {}) => {
    ids += 1;
    const kind = type.slice(0, type.indexOf('.'));
    const about = kind === 'agency' ? `agency/${agency}` : `${kind}/1`;
    const act = { ...message(type, about, DAY, 'root', data, { agency }), id: `sent-${ids}`, ...more };
    return ask(subject, '/v1/events', { method: 'POST', payload: JSON.stringify(act) });
  };
  const send: Identified['send'] = async (...act) => {
    const answer = await sent(...act);
    const receipt = answer.json<Receipt>();
    if (receipt.status !== 'recorded') throw new Error(answer.text);
    return receipt;
  };
  return {
    service,
    tokenOf,
    ask,
    send,
    sent,
    grant: (agency, subject, permission, more = {}) =>
      send('operator', 'agency.permission-granted', agency, { caller: callerNamed(subject), permission, ...more }),
    end: (agency, subject, permission) => send('operator', 'agency.permission-ended', agency, { caller: callerNamed(subject), permission }),
    register: async (agency, more = {}) => {
      await send('operator', 'agency.registered', agency, { name: agency, administrator: 'root', ...more });
      // A parent is looked up where the read models know it.
      await service.settled();
    },
    finish: async () => {
      identity?.stop();
      await service.finish();
    },
  };
}
