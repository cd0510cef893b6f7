/** The control that compares a file with the hashes on the page, for pages/script/file-hash.ts. */
import type { JSX } from 'preact';
import type { Words } from '../../words/words.js';
import { FileField, Part, Slot, Status, Tag, WithScript } from '../parts.js';

export function FileHash({ words }: { readonly words: Words }): JSX.Element {
  return (
    <WithScript name="file-hash">
      <section class="app-drop" aria-label={words('compareFile')}>
        <FileField id="file" label={words('chooseFile')} hint={words('fileStays')} />
        <Status />
        <Part name="reading">
          <p>
            {words('fileReading')} <Slot name="name" />
          </p>
        </Part>
        <Part name="unreadable">
          <p>
            {words('fileUnreadable')} <Slot name="name" />
          </p>
        </Part>
        <Part name="same">
          <p>
            <Slot name="name" /> <span class="app-hash" data-slot="hash" />
          </p>
          <p>
            <Tag colour="green">
              {words('fileSame')} <Slot name="count" />
            </Tag>
          </p>
        </Part>
        <Part name="other">
          <p>
            <Slot name="name" /> <span class="app-hash" data-slot="hash" />
          </p>
          <p>
            <Tag colour="red">{words('fileOther')}</Tag>
          </p>
        </Part>
        <Part name="insecure">
          <p>{words('fileInsecure')}</p>
        </Part>
        <Part name="mark-same">
          <span data-mark="">
            {' '}
            <Tag colour="green">{words('sameContent')}</Tag>
          </span>
        </Part>
        <Part name="mark-other">
          <span data-mark="">
            {' '}
            <Tag colour="red">{words('otherContent')}</Tag>
          </span>
        </Part>
      </section>
    </WithScript>
  );
}
