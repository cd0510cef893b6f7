/** Sealed texts of a case: the form that asks for them, and what is given once the access is recorded. */
import { readCaseRef } from '../../read-models/cases/case-ref.js';
import { readAsking } from '../../privacy/asking.js';
import { GetTrail } from '../../privacy/handlers.js';
import { refuseUnsealed } from '../../privacy/personal-data-service.js';
import { casePage } from '../addresses.js';
import { FormTrouble } from '../trouble.js';
import { isErased, revealedPage, revealForm, type RevealView } from '../views/cases/reveal.js';
import type { Crumb, Shown } from '../views/layout.js';
import type { Visit } from '../visit.js';
import { agencyAsked, caseNameOf, crumbsTo } from './asked.js';

/** Asking records nothing. Errors: `unknown-agency`, `unknown-case`, `bad-parameter`. */
export async function askForTexts(visit: Visit): Promise<Shown> {
  const view = await viewOf(visit);
  const ref = readCaseRef(view.case);
  refuseUnsealed(ref);
  const trail = await visit.door.queries.execute(new GetTrail(view.agency, ref, { officer: null }));
  return revealForm({ ...view, erased: isErased(trail) });
}

/** By POST alone: what reads or reloads the page records another access, or is shown nothing. Errors: `FormTrouble`. */
export async function reveal(visit: Visit): Promise<Shown> {
  const view = await viewOf(visit);
  const { agency, bound, actor, reason } = view;
  const ref = readCaseRef(view.case);
  try {
    const asking = readAsking({ actor: bound ?? actor, reason });
    const found = await visit.visitor.reveal({ agency, ref, ...asking });
    return revealedPage({ ...view, actor: asking.actor, found });
  } catch (error) {
    throw new FormTrouble(error, (trouble) => revealForm({ ...view, trouble }));
  }
}

async function viewOf(visit: Visit): Promise<RevealView> {
  const { words, visitor, body, formToken } = visit;
  const name = caseNameOf(visit);
  const agency = await agencyAsked(visit);
  const code = agency.agency;
  const { kind, number } = readCaseRef(name);
  const crumbs: Crumb[] = [{ text: `${words.kind(kind)} ${number}`, href: casePage(code, name) }, { text: words('sealedTexts') }];
  return {
    words,
    agency: code,
    case: name,
    formToken,
    // Who acts under no name is refused whatever he types.
    bound: visitor.identified ? (visitor.officerIn(code) ?? '') : null,
    actor: body['actor'] ?? '',
    reason: body['reason'] ?? '',
    crumbs: crumbsTo(visit, agency, crumbs),
  };
}
