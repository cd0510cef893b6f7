/** Looking for a case, or for an agency. */
import type { AgencyEntry } from '../../read-models/agencies/agency-lister.js';
import { agencyPage, casePage, SEARCH } from '../addresses.js';
import type { Words } from '../words/words.js';
import type { Shown } from './layout.js';
import { Button, Choice, DataTable, Field } from './parts.js';

export interface FoundCase {
  readonly agency: string;
  readonly case: string;
  readonly kind: string;
  readonly number: string;
  readonly title: string | null;
  readonly state: string;
}

export interface SearchView {
  readonly words: Words;
  readonly asked: string;
  readonly agency: string | undefined;
  readonly agencies: readonly Pick<AgencyEntry, 'agency' | 'name'>[];
  /** Those that bear what is asked for in their name. */
  readonly named: readonly Pick<AgencyEntry, 'agency' | 'name'>[];
  /** null before anything is asked. */
  readonly found: readonly FoundCase[] | null;
}

export function searchPage({ words, asked, agency, agencies, named, found }: SearchView): Shown {
  return {
    title: words('search'),
    body: (
      <>
        <form method="get" action={SEARCH} class="app-filters">
          <Field name="q" label={words('searchFor')} hint={words('searchHint')} value={asked} />
          {agencies.length < 2 ? null : (
            <Choice
              name="agency"
              label={words('agency')}
              chosen={agency}
              options={[['', words('all')], ...agencies.map((one) => [one.agency, one.name] as const)]}
            />
          )}
          <Button>{words('search')}</Button>
        </form>
        {named.length === 0 ? null : (
          <DataTable
            caption={words('agencies')}
            columns={[{ head: words('name') }, { head: words('code') }]}
            rows={named.map((one) => [<a href={agencyPage(one.agency)}>{one.name}</a>, one.agency])}
          />
        )}
        {found === null || (found.length === 0 && named.length > 0) ? null : found.length === 0 ? (
          <p>{words('nothingFound')}</p>
        ) : (
          <DataTable
            caption={words('found')}
            columns={[{ head: words('case') }, { head: words('title') }, { head: words('state') }, { head: words('agency') }]}
            rows={found.map((one) => [
              <a href={casePage(one.agency, one.case)}>{`${words.kind(one.kind)} ${one.number}`}</a>,
              one.title ?? words('notPublic'),
              words.state(one.state),
              one.agency,
            ])}
          />
        )}
      </>
    ),
  };
}
