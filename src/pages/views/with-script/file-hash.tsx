/** The control that compares a file with the hashes on the page, for pages/script/file-hash.ts. */
import type { JSX } from 'preact';
import type { Words } from '../../words/words.js';
import { Part, Slot, Status, Tag, WithScript } from '../parts.js';

export function FileHash({ words }: { readonly words: Words }): JSX.Element {
  return (
    <WithScript name="file-hash">
      <section class="app-drop" aria-label={words('compareFile')}>
        <div class="govuk-form-group">
          <label class="govuk-label" for="file">
            {words('chooseFile')}
          </label>
          <div class="govuk-hint" id="file-hint">
            {words('fileStays')}
          </div>
          <input class="govuk-file-upload" type="file" id="file" aria-describedby="file-hint" />
        </div>
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
