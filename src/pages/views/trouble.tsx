/** What cannot be shown, in words. */
import { AGENCIES } from '../addresses.js';
import type { Trouble } from '../door.js';
import type { Words } from '../words/words.js';
import type { Shown } from './layout.js';

export function troublePage({ status, code, detail, hint }: Trouble, words: Words): Shown {
  return {
    title: words('trouble'),
    status,
    body: (
      <>
        <p>{detail}</p>
        {hint === undefined ? null : <p>{hint}</p>}
        <p>
          <code>{`${status} ${code}`}</code>
        </p>
        <p>
          <a href={AGENCIES}>{words('agencies')}</a>
        </p>
      </>
    ),
  };
}
