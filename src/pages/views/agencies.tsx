/** Every agency with its years. */
import type { AgencyList } from '../../read-models/agencies/agency-lister.js';
import { AGENCIES, agencyPage, tablePage, withAsked } from '../addresses.js';
import type { Words } from '../words/words.js';
import type { Shown } from './layout.js';
import { DataTable, NextPage } from './parts.js';

export function agenciesPage({ agencies, next }: AgencyList, words: Words): Shown {
  return {
    title: words('agencies'),
    body: (
      <>
        <DataTable
          caption={words('agencies')}
          columns={[{ head: words('name') }, { head: words('code') }, { head: words('parent') }, { head: words('years') }]}
          rows={agencies.map(({ agency, name, parent, years }) => [
            <a href={agencyPage(agency)}>{name}</a>,
            agency,
            parent ?? '–',
            years.map((year) => (
              <>
                <a href={tablePage(agency, year)}>{year}</a>{' '}
              </>
            )),
          ])}
        />
        <NextPage words={words} href={next === null ? null : withAsked(AGENCIES, { after: next })} />
      </>
    ),
  };
}
