/**
 * Where a case stands, told a second time on purpose: from the folded state, as `standingOf` tells it from one act
 * after the other. Properties over random histories hold the two tellings against each other.
 */
import type { Application } from '../../src/domain/application/state.js';
import { returnedBy } from '../../src/domain/clearance.js';
import { NOT_STANDING, type Standing } from '../../src/domain/facts.js';
import type { Hotspot } from '../../src/domain/small-kinds/hotspot.js';
import type { NormativeDocument } from '../../src/domain/small-kinds/normative-document.js';
import type { Publication } from '../../src/domain/publication/state.js';
import type { Remedy } from '../../src/domain/small-kinds/remedy.js';
import type { Report } from '../../src/domain/report/state.js';

export function describePublication(view: Publication): Standing {
  if (view.status === 'unknown') return NOT_STANDING;
  const { round } = view;
  const state = (() => {
    if (view.closed !== null) return view.closed.code;
    if (view.releases.length > 0) return round.opener.eventId === view.publicVersion ? 'released' : 'released-under-revision';
    if (returnedBy(round) !== undefined) return 'returned';
    if (round.approval !== null) return 'approved';
    return round.clearings.length > 0 ? 'in-clearance' : 'drafted';
  })();
  return { state, title: view.publicTitle };
}

export function describeApplication({ received, round, amendment, closed, remade }: Application): Standing {
  if (received === null) return NOT_STANDING;
  const state = (() => {
    if (closed !== null) return round !== null ? 'being-answered-again' : remade !== null ? 'answered-again' : closed.how;
    if (round === null) return amendment === null ? 'received' : 'amendment-requested';
    if (returnedBy(round) !== undefined) return 'returned';
    if (round.approval !== null) return 'approved';
    return round.clearings.length > 0 ? 'in-clearance' : 'reply-drafted';
  })();
  return { state, title: null };
}

export function describeReport(view: Report): Standing {
  if (view.status === 'unknown') return NOT_STANDING;
  const { round, published, compiled } = view;
  const state = (() => {
    if (published?.opener === round.opener.eventId) return 'published';
    if (published !== null) return 'being-restated';
    if (compiled === null) return 'text-drafted';
    if (returnedBy(round) !== undefined) return 'returned';
    if (round.approval !== null) return 'approved';
    return round.clearings.length > 0 ? 'in-clearance' : 'compiled';
  })();
  return { state, title: `${view.year}` };
}

export function describeRemedy({ filed, decided }: Remedy): Standing {
  return { state: decided !== null ? 'decided' : filed !== null ? 'pending' : 'unknown', title: null };
}

export function describeDocument({ issued, repealed, title }: NormativeDocument): Standing {
  return { state: repealed !== null ? 'repealed' : issued !== null ? 'issued' : 'unknown', title };
}

export function describeHotspot({ topic, answers }: Hotspot): Standing {
  return { state: answers.length === 0 ? 'unknown' : 'answered', title: topic };
}
