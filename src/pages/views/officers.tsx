/** Officers: their roles, how much they did, where duties were not kept apart. */
import type { JSX } from 'preact';
import type { Officer, OfficerList } from '../../read-models/officers/officer-reader.js';
import { casePage, officerPage, officersPage, withAsked } from '../addresses.js';
import type { Words } from '../words/words.js';
import type { Crumb, Shown } from './layout.js';
import { DataTable, NextPage, Tag } from './parts.js';

interface OfficersView {
  readonly words: Words;
  readonly agency: string;
  readonly found: OfficerList;
  /** Whether names are shown. */
  readonly named: boolean;
  readonly crumbs: readonly Crumb[];
}

type Roles = Officer['roles'];

function RolesOf({ words, roles }: { readonly words: Words; readonly roles: Roles }): JSX.Element {
  if (roles.length === 0) return <>–</>;
  return (
    <>
      {roles.map(({ role, from, until }) => (
        <div>
          <bdi>{words.role(role)}</bdi>
          {` (${from} – ${until ?? words('now')})`}
        </div>
      ))}
    </>
  );
}

export function officersPageOf({ words, agency, found, named, crumbs }: OfficersView): Shown {
  const { officers, next } = found;
  return {
    title: words('officers'),
    crumbs,
    body: (
      <>
        <DataTable
          caption={words('officers')}
          columns={[
            ...(named ? [{ head: words('name') }] : []),
            { head: words('role') },
            { head: words('acts'), numeric: true },
            { head: words('conflicts'), numeric: true },
          ]}
          rows={officers.map(({ actor, roles, acts, conflicts }) => [
            ...(named ? [<a href={officerPage(agency, actor)}>{actor}</a>] : []),
            <RolesOf words={words} roles={roles} />,
            acts,
            conflicts === 0 ? 0 : <Tag colour="red">{conflicts}</Tag>,
          ])}
        />
        <NextPage words={words} href={next === null ? null : withAsked(officersPage(agency), { after: next })} />
      </>
    ),
  };
}

interface OfficerView {
  readonly words: Words;
  readonly agency: string;
  readonly found: Officer;
  readonly crumbs: readonly Crumb[];
}

export function officerPageOf({ words, agency, found, crumbs }: OfficerView): Shown {
  return {
    title: found.actor,
    crumbs,
    body: (
      <>
        <h2 class="govuk-heading-m">{words('role')}</h2>
        <RolesOf words={words} roles={found.roles} />
        <DataTable
          caption={words('acts')}
          columns={[{ head: words('act') }, { head: words('count'), numeric: true }, { head: words('first') }, { head: words('last') }]}
          rows={found.acts.map(({ type, count, firstOn, lastOn }) => [words.act(type), count, firstOn, lastOn])}
        />
        <h2 class="govuk-heading-m">{words('conflicts')}</h2>
        {found.conflicts.length === 0 ? <p>{words('noConflicts')}</p> : null}
        <ul class="govuk-list govuk-list--bullet">
          {found.conflicts.map((conflict) => (
            <li>
              <bdi>{conflict.message}</bdi> {conflict.case === null ? null : <a href={casePage(agency, conflict.case)}>{conflict.case}</a>}
            </li>
          ))}
        </ul>
      </>
    ),
  };
}
