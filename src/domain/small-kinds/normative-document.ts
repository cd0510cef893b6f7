/**
 * A normative document (规章, 行政规范性文件): issued, repealed. It counts as a document (件); its publication is a publication
 * case of its own (条). A document issued before the ledger began may be repealed without its issue being recorded here.
 */
import type { ActOf, CommandOf, FactsByType } from '../acts.js';
import { alreadyExists, outOfOrder, refuseClosed, type CaseRules } from '../case.js';
import { accept, type Decision } from '../decider.js';
import type { Rank } from '../publication/acts.js';
import { standingBy } from '../standing.js';
import type { Instant } from '../../time/instant.js';

type DocumentType = 'normative-document.issued' | 'normative-document.repealed';

// ---- state ----------------------------------------------------------------------------------------------------------

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

// ---- evolve ---------------------------------------------------------------------------------------------------------

function evolve(view: NormativeDocument, act: ActOf<DocumentType>): NormativeDocument {
  const { title, rank } = act.data;
  const moment = { eventId: act.eventId, instant: act.instant, at: act.at };
  switch (act.type) {
    case 'normative-document.issued':
      return { ...view, title, issued: { ...moment, rank: rank ?? 'normative' } };
    case 'normative-document.repealed':
      return { ...view, title: view.title ?? title, repealed: moment };
  }
}

// ---- decide ---------------------------------------------------------------------------------------------------------

function decide(view: NormativeDocument, command: CommandOf<DocumentType>): Decision<FactsByType[DocumentType]> {
  const closed = view.repealed === null ? null : { ...view.repealed, code: 'not-open' as const };
  const { rank } = command.data;
  switch (command.type) {
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

export const normativeDocumentRules: CaseRules<NormativeDocument, DocumentType> = {
  kind: 'normative-document',
  ...standingBy({
    'normative-document.issued': (_before, { data }) => ({ state: 'issued', title: data.title ?? null }),
    'normative-document.repealed': ({ title }, { data }) => ({ state: 'repealed', title: title ?? data.title ?? null }),
  }),
  initial: { title: null, issued: null, repealed: null },
  evolve,
  decide,
};
