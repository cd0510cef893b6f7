/**
 * A normative document (规章, 行政规范性文件): issued, repealed. It counts as a document (件); its publication is a publication case of its own (条).
 * A document issued before the ledger began may be repealed without its issue being recorded here.
 */
import { alreadyExists, outOfOrder, refuseClosed, type Act, type CaseRules, type Command } from './case.js';
import { accept, type Decision } from './decider.js';
import type { Rank } from './publication/rules.js';
import type { Instant } from './values.js';

// ---- events -------------------------------------------------------------------------------------------------------------------------

export type NormativeDocumentType = 'normative-document.issued' | 'normative-document.repealed';

interface DocumentData {
  readonly documentNumber: string;
  readonly title: string;
  readonly rank?: Rank;
}

// ---- state --------------------------------------------------------------------------------------------------------------------------

interface Moment {
  readonly eventId: string;
  readonly instant: Instant;
  readonly at: string;
}

export interface NormativeDocument {
  readonly title: string | null;
  readonly issued: (Moment & { readonly rank: Rank }) | null;
  readonly repealed: Moment | null;
}

// ---- evolve -------------------------------------------------------------------------------------------------------------------------

function evolve(view: NormativeDocument, act: Act): NormativeDocument {
  const { title, rank } = act.data as unknown as DocumentData;
  const moment = { eventId: act.eventId, instant: act.instant, at: act.at };
  switch (act.type as NormativeDocumentType) {
    case 'normative-document.issued':
      return { ...view, title, issued: { ...moment, rank: rank ?? 'normative' } };
    case 'normative-document.repealed':
      return { ...view, title: view.title ?? title, repealed: moment };
  }
}

// ---- decide -------------------------------------------------------------------------------------------------------------------------

function decide(view: NormativeDocument, command: Command): Decision {
  const closed = view.repealed === null ? null : { ...view.repealed, code: 'not-open' as const };
  const { rank } = command.data as unknown as DocumentData;
  switch (command.type as NormativeDocumentType) {
    case 'normative-document.issued':
      if (view.issued !== null) return alreadyExists(command);
      return refuseClosed(closed, command, false) ?? accept({ basis: [], role: null, rank: rank ?? 'normative' });
    case 'normative-document.repealed': {
      const refused = refuseClosed(closed, command, true);
      if (refused !== null) return refused;
      if (view.issued === null) return accept({ basis: [], role: null, rank: rank ?? 'normative' });
      if (command.instant < view.issued.instant) return outOfOrder(command, 'A repeal is not dated before the issue', view.issued);
      return accept({ basis: [view.issued.eventId], role: null, rank: view.issued.rank });
    }
  }
}

export const normativeDocumentRules: CaseRules<NormativeDocument> = {
  kind: 'normative-document',
  types: ['normative-document.issued', 'normative-document.repealed'],
  initial: { title: null, issued: null, repealed: null },
  evolve,
  decide,
  describe: (view) => ({ state: view.repealed !== null ? 'repealed' : view.issued !== null ? 'issued' : 'unknown', title: view.title }),
  standingAfter: (before, act) =>
    act.type === 'normative-document.issued'
      ? { state: 'issued', title: act.data['title'] as string }
      : { state: 'repealed', title: before.title ?? (act.data['title'] as string) },
};
