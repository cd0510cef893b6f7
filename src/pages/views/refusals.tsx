/** Messages that wait to be mended, and why each was refused. */
import type { RefusalPage } from '../../recording/refusal-list.js';
import { REFUSALS, withAsked, type Asked } from '../addresses.js';
import type { Words } from '../words/words.js';
import type { Shown } from './layout.js';
import { DataTable, NextPage, When } from './parts.js';

export interface RefusalsView {
  readonly words: Words;
  readonly found: RefusalPage;
  readonly asked: Asked;
}

export function refusalsPage({ words, found: { refusals, next }, asked }: RefusalsView): Shown {
  return {
    title: words('refusals'),
    body: (
      <>
        {refusals.length === 0 ? <p>{words('noRefusals')}</p> : null}
        <DataTable
          caption={words('refusals')}
          columns={[
            { head: words('lastAt') },
            { head: words('agency') },
            { head: words('act') },
            { head: words('case') },
            { head: words('source') },
            { head: words('reason') },
            { head: words('times'), numeric: true },
          ]}
          rows={refusals.map(({ lastAt, agency, type, subject, source, id, error, count }) => [
            <When at={lastAt} />,
            agency ?? '–',
            type === null ? '–' : words.act(type),
            subject ?? '–',
            <>
              <bdi>{source}</bdi> <bdi>{id}</bdi>
            </>,
            <>
              <code>{error.code}</code> <bdi>{error.hint}</bdi>
            </>,
            count,
          ])}
        />
        <NextPage words={words} href={next === null ? null : withAsked(REFUSALS, { ...asked, after: next })} />
      </>
    ),
  };
}
