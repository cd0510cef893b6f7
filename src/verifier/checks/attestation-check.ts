/**
 * How far names can be trusted, as the log itself says it. Where a chain is attested, each act of review bears a token
 * of the actor's own; who bears one was bound to that name. Packs from before permissions hold neither. On purpose a
 * second telling of what domain/agency and access/ decide by.
 */
import { isObject, membersOf } from '../../encoding/unknown-values.js';
import { isAct } from '../calculator/raw-event.js';
import type { Findings } from '../findings.js';
import type { PackEvent } from '../format/layout.js';
import { parseStream } from '../streams.js';
import { Bindings } from './bindings.js';
import type { EventSink } from './entries-check.js';
import { actOf, Signers } from './sign-off.js';

/** Clearances with any verdict, approvals, rejections, and what takes something back. */
const ATTESTED = /\.(cleared|approved|rejected)$|^record\.(voided|erased)$/;

export class AttestationCheck implements EventSink {
  readonly #findings: Findings;
  readonly #signers = new Map<string, Signers>();
  readonly #bindings = new Bindings();

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  add(event: PackEvent): void {
    const name = parseStream(event.stream);
    if (name === null || !isAct(event.type)) return;
    const ownToken = event.metadata['attestation'] === 'own-token';
    const where = `index ${event.index} ${event.stream}`;
    if (!ownToken && ATTESTED.test(event.type) && this.#isAsked(event, name.agency))
      this.#findings.error(
        'not-attested',
        where,
        `审查链要求本人凭证, 该行为没有 (the chain asks for a token of the actor's own; ${event.type} bears none)`,
      );
    if (ownToken && !this.#isBound(event, name.agency))
      this.#findings.error(
        'not-bound',
        where,
        `凭证未与该姓名绑定 (own-token, and no permission binds the caller to ${String(event.metadata['actor'])})`,
      );
    if (name.kind !== 'agency') return;
    this.#signersOf(name.agency).add(event);
    this.#bindings.add(event, name.agency);
  }

  #signersOf(agency: string): Signers {
    const known = this.#signers.get(agency) ?? new Signers();
    this.#signers.set(agency, known);
    return known;
  }

  /** By the chain in force at the act's time or at its recording: one dated back escapes neither. */
  #isAsked(event: PackEvent, agency: string): boolean {
    const act = actOf(event);
    const signers = this.#signersOf(agency);
    return [act.time, Date.parse(event.recordedAt)].some((time) => signers.chainFor({ ...act, time })?.attested === true);
  }

  #isBound(event: PackEvent, agency: string): boolean {
    const { actor, caller } = event.metadata;
    const { issuer, subject } = membersOf(caller);
    if (!isObject(caller) || typeof issuer !== 'string' || typeof subject !== 'string' || typeof actor !== 'string') return false;
    // An agency that is not there yet is entered in the one above it.
    const entered = event.type === 'agency.registered' ? event.data['parent'] : agency;
    return (
      typeof entered === 'string' && this.#bindings.bound({ caller: JSON.stringify([issuer, subject]), actor, agency: entered, event })
    );
  }
}
