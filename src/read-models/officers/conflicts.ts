/**
 * Where the duties of an officer were not kept apart: remarks for auditors, with the acts that show it. Nothing that
 * was taken back, and no refusal, is one.
 */
import { spansOf, type RoleChange, type RoleSpan } from '../../domain/agency/state.js';
import { LATEST } from '../agencies/agency-reader.js';
import { isSameOffice, isSoundName } from '../../domain/names.js';
import { WRITING_ACTS, type OwnDraftRule } from '../../domain/next-acts/own-draft.js';
import { one, type Preparing } from '../../sqlite/statements.js';
import { dateInShanghai } from '../../time/instant.js';
import { chainsOf, type SetChain } from '../agencies/agency-setup.js';
import { KeptActs, type KeptAct } from '../cases/case-acts.js';
import { idText } from '../journal/journal.js';
import { casesOf } from './officer-cases.js';

export type ConflictRule = OwnDraftRule | 'signed-without-role' | 'several-roles' | 'doubtful-name';

export interface Conflict {
  readonly rule: ConflictRule;
  /** `kind/number`; null where it is about no case. */
  readonly case: string | null;
  readonly eventIds: readonly string[];
  readonly message: string;
}

/** An officer, and the changes of his roles. */
export interface OfficerRow {
  readonly officerId: number;
  readonly name: string;
  readonly changes: readonly (RoleChange & { readonly idx: number })[];
}

/** A conflict by the rows it stands on. */
interface Noted {
  readonly rule: ConflictRule;
  readonly streamId: number | null;
  readonly indexes: readonly number[];
  readonly more: string;
}

interface Signature {
  readonly actor: string;
  readonly streamId: number;
  readonly signed: number;
  readonly change: number;
}

/** docs/contract/addresses.md is printed from this table. */
export const CONFLICTS: Readonly<Record<ConflictRule, string>> = {
  'released-own-draft': '公开了本人起草的信息 (released what he wrote himself)',
  'replied-own-draft': '未经审查答复了本人起草的内容 (sent an answer that he wrote himself and nobody reviewed)',
  'signed-without-role': '签批时职责已被终止 (signed in a role that was later ended with an earlier date)',
  'several-roles': '同日兼任审查审批链中的多项职责 (held several roles of the chain on one day)',
  'doubtful-name': '姓名写法可疑 (a name spelled so that one person may look like two)',
};

/** Of one agency, for as many of its officers as are asked about. */
export class Conflicts {
  readonly #db: Preparing;
  readonly #kept: KeptActs;
  readonly #chains: readonly SetChain[];
  /** By actor. */
  readonly #signatures = new Map<string, Signature[]>();

  constructor(db: Preparing, agencyId: number) {
    this.#db = db;
    this.#kept = new KeptActs(db);
    this.#chains = [...chainsOf(db, agencyId, LATEST)].sort((a, b) => a.instant - b.instant);
    const flagged = db.prepare<unknown[], Signature>(
      `SELECT t.actor, w.stream_id AS streamId, w.signed_idx AS signed, w.change FROM signed_without_role w
         CROSS JOIN trail t ON t.stream_id = w.stream_id AND t.idx = w.signed_idx WHERE w.agency_id = ?`,
    );
    for (const row of flagged.all(agencyId)) this.#signatures.set(row.actor, [...(this.#signatures.get(row.actor) ?? []), row]);
  }

  countOf(officer: OfficerRow): number {
    const { own } = this.#queries();
    return (
      own.all(officer.officerId).length +
      this.#unsupported(officer).size +
      this.#severalRoles(officer).length +
      (isSoundName(officer.name, 'person') ? 0 : this.#casesOf(officer).length)
    );
  }

  /** By case in the order in which the cases began, those about no case last. */
  of(officer: OfficerRow): Conflict[] {
    const noted = [
      ...this.#ownDrafts(officer),
      ...[...this.#unsupported(officer)].map(([streamId, indexes]): Noted => ({
        rule: 'signed-without-role',
        streamId,
        indexes,
        more: '',
      })),
      ...this.#doubtful(officer),
      ...this.#severalRoles(officer),
    ];
    const place = ({ streamId }: Noted): number => streamId ?? Number.MAX_SAFE_INTEGER;
    return noted.sort((a, b) => place(a) - place(b)).map((one) => this.#told(one));
  }

  #queries() {
    return {
      own: this.#db.prepare<unknown[], { streamId: number; rule: OwnDraftRule }>(
        'SELECT DISTINCT stream_id AS streamId, rule FROM own_drafts WHERE officer_id = ? ORDER BY stream_id, rule',
      ),
      sent: this.#db.prepare<unknown[], { idx: number }>('SELECT idx FROM own_drafts WHERE stream_id = ? AND officer_id = ? AND rule = ?'),
      kind: this.#db.prepare<unknown[], { kind: string }>('SELECT kind FROM cases WHERE stream_id = ?'),
      subject: this.#db.prepare<unknown[], { subject: string }>('SELECT subject FROM streams WHERE stream_id = ?'),
      eventId: this.#db.prepare<unknown[], { eventId: Buffer }>('SELECT event_id AS eventId FROM events WHERE idx = ?'),
    };
  }

  #casesOf({ officerId }: OfficerRow): readonly number[] {
    return casesOf(this.#db, officerId)(0, Infinity);
  }

  /** His standing acts in a case. */
  #actsIn({ name }: OfficerRow, streamId: number): KeptAct[] {
    const { kind } = one(this.#queries().kind.get(streamId));
    return this.#kept.of({ streamId, kind }).filter(({ actor }) => actor === name);
  }

  #ownDrafts(officer: OfficerRow): Noted[] {
    const { officerId } = officer;
    const { own, sent } = this.#queries();
    return own.all(officerId).map(({ streamId, rule }) => {
      const written = this.#actsIn(officer, streamId).filter(({ type }) => WRITING_ACTS.has(type));
      return { rule, streamId, indexes: [...written, ...sent.all(streamId, officerId, rule)].map(({ idx }) => idx), more: '' };
    });
  }

  /** Signatures that lost their role and stand, by case. */
  #unsupported({ name }: OfficerRow): Map<number, number[]> {
    const bySignature = new Map<number, { streamId: number; flags: number }>();
    for (const { streamId, signed, change } of this.#signatures.get(name) ?? [])
      bySignature.set(signed, { streamId, flags: (bySignature.get(signed)?.flags ?? 0) + change });
    const byCase = new Map<number, number[]>();
    for (const [signed, { streamId, flags }] of bySignature) if (flags > 0) byCase.set(streamId, [...(byCase.get(streamId) ?? []), signed]);
    return byCase;
  }

  #doubtful(officer: OfficerRow): Noted[] {
    if (isSoundName(officer.name, 'person')) return [];
    return this.#casesOf(officer).map((streamId) => {
      const indexes = this.#actsIn(officer, streamId).map(({ idx }) => idx);
      return { rule: 'doubtful-name', streamId, indexes, more: '' };
    });
  }

  /** Each two roles of a chain that were held on one day while it was in force; with the first such day. */
  #severalRoles({ changes }: OfficerRow): Noted[] {
    const pairs = new Map<string, Noted>();
    for (const [at, chain] of this.#chains.entries()) {
      const next = this.#chains[at + 1];
      const inForce = { from: dateInShanghai(chain.instant), until: next === undefined ? null : dateInShanghai(next.instant) };
      const roles = [...chain.steps.map(({ role }) => role), ...(chain.approver === null ? [] : [chain.approver.role])];
      const held = rolesHeld(changes).filter(({ role }) => roles.some((one) => isSameOffice(one, role)));
      for (const [first, second] of twoByTwo(held)) {
        const on = firstCommonDay([first, second, inForce]);
        const key = [first.role, second.role].sort().join('\n');
        if (on === null || isSameOffice(first.role, second.role) || pairs.has(key)) continue;
        const given = changes.filter(({ kind, role }) => kind === 'assigned' && (role === first.role || role === second.role));
        const more = `: ${first.role}, ${second.role}, ${on}`;
        pairs.set(key, { rule: 'several-roles', streamId: null, indexes: given.map(({ idx }) => idx), more });
      }
    }
    return [...pairs.values()];
  }

  #told({ rule, streamId, indexes, more }: Noted): Conflict {
    const { subject, eventId } = this.#queries();
    const eventIds = [...new Set(indexes)]
      .sort((a, b) => a - b)
      .flatMap((idx) => {
        const row = eventId.get(idx);
        return row === undefined ? [] : [idText(row.eventId)];
      });
    const name = streamId === null ? null : (subject.get(streamId)?.subject ?? null);
    return { rule, case: name, eventIds, message: `${CONFLICTS[rule]}${more}` };
  }
}

/** Every role with its days, by the first of them. */
export function rolesHeld(changes: readonly RoleChange[]): RoleSpan[] {
  const roles = new Set(changes.map(({ role }) => role));
  const spans = [...roles].flatMap((role) => spansOf(changes.filter((change) => change.role === role)));
  return spans.sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : a.role < b.role ? -1 : 1));
}

function* twoByTwo<T>(all: readonly T[]): Generator<readonly [T, T]> {
  for (const [at, first] of all.entries()) for (const second of all.slice(at + 1)) yield [first, second];
}

/** null where they have none. */
function firstCommonDay(spans: readonly Pick<RoleSpan, 'from' | 'until'>[]): string | null {
  const from = spans.map((span) => span.from).reduce((a, b) => (a > b ? a : b));
  return spans.every(({ until }) => until === null || from <= until) ? from : null;
}
