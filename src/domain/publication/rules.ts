/**
 * The rules of a publication (主动公开): one entry of the agency's catalogue, drafted, cleared, approved, released on one
 * or more channels, checked, corrected, withdrawn. 《政府信息公开条例》 2008 art. 14–18, 2019 art. 17, 26; the review chain is
 * the agency's own.
 */
import type { ActOf, CommandOf, FactsByType } from '../acts.js';
import { chainAt, type Agency } from '../agency/state.js';
import { alreadyExists, outOfOrder, refuseClosed, unknownAgency, unknownCase, type CaseRules, type DecisionContext } from '../case.js';
import {
  decideApproved,
  decideCleared,
  isEmptyChain,
  refuseOtherContent,
  refuseReturned,
  requireChain,
  returnedBefore,
  type Signing,
} from '../clearance.js';
import { accept, found, refuse, type Decision, type Found } from '../decider.js';
import { changedFirsts } from '../facts.js';
import type { VoidFacts } from '../small-kinds/acts.js';
import { standingBy } from '../standing.js';
import type { PublicationType, PublicDocument } from './acts.js';
import { evolvePublication, firstRelease, firstsOf, type Item, type Publication } from './state.js';
import { PUBLICATION_STANDING } from './status.js';

type Command = CommandOf<PublicationType>;
type DecisionOn<T extends PublicationType> = Decision<FactsByType[T]>;

/** What this event makes public of the version under review: told clear from then on. Empty where it was erased. */
function documentOf({ title, draft: { documentNumber, indexNumber } }: Item): { readonly document?: PublicDocument } {
  if (title === null) return {};
  const numbers = { ...(documentNumber === undefined ? {} : { documentNumber }), ...(indexNumber === undefined ? {} : { indexNumber }) };
  return { document: { title, ...numbers } };
}

function decide(view: Publication, command: Command, context: DecisionContext): DecisionOn<PublicationType> {
  if (command.type === 'publication.drafted') {
    return view.status === 'unknown' ? accept({ basis: [], role: null }) : alreadyExists(command);
  }
  if (view.status === 'unknown') return unknownCase(command);
  const { agency } = context;
  if (agency === null) return unknownAgency(command);
  const closes =
    command.type === 'publication.rejected' || (command.type === 'publication.withdrawn' && command.data.channel === undefined);
  const refused = refuseClosed(view.closed, command, closes);
  if (refused !== null) return refused;
  switch (command.type) {
    case 'publication.revised':
      return decideRevised(view, command);
    case 'publication.cleared':
      return decideCleared(signingOf(view, command, agency), command);
    case 'publication.approved':
      return decideApproved(signingOf(view, command, agency), command);
    case 'publication.rejected':
      return decideRejected(view, command);
    case 'publication.released':
      return decideReleased(view, command, agency);
    case 'publication.checked':
      return decideChecked(view, command);
    case 'publication.corrected':
      return decideCorrected(view, command, agency);
    case 'publication.withdrawn':
      return decideWithdrawn(view, command);
  }
}

function signingOf(
  { round, drafters }: Item,
  { data }: CommandOf<'publication.cleared' | 'publication.approved'>,
  agency: Agency,
): Signing {
  return { round, drafters, agency, changed: refuseOtherContent(round.contentHash, data.contentHash) };
}

function decideRevised(item: Item, command: CommandOf<'publication.revised'>): DecisionOn<'publication.revised'> {
  const { round } = item;
  if (command.instant < round.opener.instant)
    return outOfOrder(command, 'A revision is not dated before the version it revises', round.opener);
  return accept({ basis: [round.opener.eventId, ...returnedBefore(round, command)], role: null });
}

function decideRejected(item: Item, command: CommandOf<'publication.rejected'>): DecisionOn<'publication.rejected'> {
  if (item.releases.length > 0) {
    return refuse('already-released', 'The item has been released.', 'Withdraw it instead of rejecting it.');
  }
  if (command.instant < item.round.opener.instant)
    return outOfOrder(command, 'A rejection is not dated before the version it rejects', item.round.opener);
  return accept({ basis: [item.round.opener.eventId], role: null });
}

/** What is made public: the approved version, or under an empty chain the drafted one. */
function requireSignedVersion(
  item: Item,
  command: Command,
  agency: Agency,
): Found<{ readonly basis: readonly string[]; readonly approval: string | null }> {
  const required = requireChain(agency, command.instant);
  if (!required.ok) return required;
  const { round } = item;
  if (round.approval === null) {
    const returned = refuseReturned(round);
    if (returned !== null) return returned;
    if (!isEmptyChain(required.value)) {
      return refuse(
        'not-approved',
        'This version is not approved.',
        'Every step of the chain clears it and the approver approves it first; a revision needs its own round.',
      );
    }
    if (command.instant < round.opener.instant)
      return outOfOrder(command, 'A version is not made public before it was written', round.opener);
    return found({ basis: [round.opener.eventId], approval: null });
  }
  if (command.instant < round.approval.instant)
    return outOfOrder(command, 'A version is not made public before its approval', round.approval);
  return found({ basis: [round.approval.eventId], approval: round.approval.eventId });
}

function decideReleased(item: Item, command: CommandOf<'publication.released'>, agency: Agency): DecisionOn<'publication.released'> {
  const { channel, contentHash } = command.data;
  const attribute = item.draft.attribute ?? 'proactive';
  if (attribute !== 'proactive') {
    return refuse(
      'not-approved',
      `The item was drafted as ${attribute}.`,
      'Only items of the attribute proactive (主动公开) are released.',
    );
  }
  const signed = requireSignedVersion(item, command, agency);
  if (!signed.ok) return signed;
  const changed = refuseOtherContent(item.round.contentHash, contentHash);
  if (changed !== null) return changed;
  const allowed = item.round.approval?.channels;
  if (allowed !== null && allowed !== undefined && !allowed.includes(channel)) {
    return refuse(
      'channel-not-approved',
      `The approval does not name the channel ${channel}.`,
      'Release on a channel the approval names, or have another approval.',
      { channels: allowed },
    );
  }
  if (item.releases.some((release) => release.channel === channel)) {
    return refuse('already-released', `The item was already released on ${channel}.`, 'Each channel once; a change is a correction.');
  }
  const before = firstRelease(item);
  const isFirst = before === undefined || command.instant < before.instant;
  const after = isFirst ? command.on : before.on;
  return accept({
    basis: signed.value.basis,
    approval: signed.value.approval,
    role: null,
    rank: item.draft.normative ?? null,
    documentNumber: item.draft.documentNumber ?? null,
    ...documentOf(item),
    firsts: changedFirsts(before && new Map([['release', before.on]]), new Map([['release', after]])),
  });
}

function decideChecked(item: Item, command: CommandOf<'publication.checked'>): DecisionOn<'publication.checked'> {
  const first = firstRelease(item);
  if (first === undefined)
    return refuse(
      'not-released',
      'The item has not been released.',
      'A check follows a release; the daily check of a whole site is site.checked.',
    );
  if (command.instant < first.instant) return outOfOrder(command, 'A check is not dated before the first release', first);
  return accept({ basis: [], role: null });
}

function decideCorrected(item: Item, command: CommandOf<'publication.corrected'>, agency: Agency): DecisionOn<'publication.corrected'> {
  const first = firstRelease(item);
  if (first === undefined) return refuse('not-released', 'The item has not been released.', 'Before a release send a revision instead.');
  if (command.instant < first.instant) return outOfOrder(command, 'A correction is not dated before the first release', first);
  const version = item.round.opener.eventId;
  const pending = item.correctedVersion !== version && item.releases.some((release) => release.version !== version);
  const chain = chainAt(agency, command.instant);
  if (chain !== null && isEmptyChain(chain) && !pending) {
    // Nothing waits to be approved under an empty chain: the correction itself brings the new content.
    return accept({ basis: [version], approval: null, role: null, ...documentOf(item) });
  }
  const signed = requireSignedVersion(item, command, agency);
  if (!signed.ok) return signed;
  if (!pending) {
    return refuse(
      'not-approved',
      'No revision was approved since the release.',
      'Send a revision with the corrected content and take it through its own round first.',
    );
  }
  const changed = refuseOtherContent(item.round.contentHash, command.data.contentHash);
  return changed ?? accept({ basis: signed.value.basis, approval: signed.value.approval, role: null, ...documentOf(item) });
}

function decideWithdrawn(item: Item, command: CommandOf<'publication.withdrawn'>): DecisionOn<'publication.withdrawn'> {
  const { channel } = command.data;
  if (channel !== undefined) {
    const release = item.releases.find((candidate) => candidate.channel === channel);
    if (release === undefined)
      return refuse('not-released', `The item was not released on ${channel}.`, 'Name a channel it was released on.');
    if (release.withdrawn) return refuse('withdrawn', `The item was already withdrawn from ${channel}.`, 'Nothing to do.');
    if (command.instant < release.instant) return outOfOrder(command, 'A withdrawal is not dated before the release', release);
    return accept({ basis: [release.eventId], role: null });
  }
  const first = firstRelease(item);
  if (first === undefined) return refuse('not-released', 'The item has not been released.', 'Reject it instead of withdrawing it.');
  const last = item.releases.reduce((latest, release) => (release.instant > latest.instant ? release : latest), first);
  if (command.instant < last.instant) return outOfOrder(command, 'A withdrawal of the item is not dated before its last release', last);
  return accept({ basis: [], role: null });
}

/** A correction or a withdrawal of the whole item needs a release to stand, though not any particular one. */
function dependent(standing: readonly ActOf<PublicationType>[], target: ActOf<PublicationType>): ActOf<PublicationType> | undefined {
  if (target.type !== 'publication.released') return undefined;
  if (standing.some((act) => act.type === 'publication.released' && act.eventId !== target.eventId)) return undefined;
  return standing.find(
    (act) => act.type === 'publication.corrected' || (act.type === 'publication.withdrawn' && act.data.channel === undefined),
  );
}

function voidFacts(before: Publication): VoidFacts {
  return before.status === 'unknown' ? {} : { rank: before.draft.normative ?? null };
}

export const publicationRules: CaseRules<Publication, PublicationType> = {
  kind: 'publication',
  ...standingBy(PUBLICATION_STANDING),
  initial: { status: 'unknown' },
  evolve: evolvePublication,
  decide,
  firsts: firstsOf,
  dependent,
  refuseErasure: () => null,
  voidFacts,
};
