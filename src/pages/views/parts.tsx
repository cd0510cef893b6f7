/** Pieces that many pages are made of. */
import type { ComponentChildren, JSX } from 'preact';
import type { Words } from '../words/words.js';

export interface Column {
  readonly head: ComponentChildren;
  readonly numeric?: true;
}

/** A table that scrolls by itself where it is wider than the screen; by keyboard too. */
export function DataTable(given: {
  readonly caption: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly ComponentChildren[])[];
}): JSX.Element {
  const { caption, columns, rows } = given;
  const kind = (at: number): string => (columns[at]?.numeric === true ? ' govuk-table__cell--numeric' : '');
  return (
    <div class="app-wide" tabIndex={0} role="region" aria-label={caption}>
      <table class="govuk-table">
        <caption class="govuk-table__caption govuk-table__caption--m">{caption}</caption>
        <thead class="govuk-table__head">
          <tr class="govuk-table__row">
            {columns.map(({ head, numeric }) => (
              <th scope="col" class={`govuk-table__header${numeric === true ? ' govuk-table__header--numeric' : ''}`}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody class="govuk-table__body">
          {rows.map((cells) => (
            <tr class="govuk-table__row">
              {cells.map((cell, at) => (
                <td class={`govuk-table__cell${kind(at)}`}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Facts with their names, one under the other. */
export function Summary({ facts }: { readonly facts: readonly (readonly [name: string, value: ComponentChildren])[] }): JSX.Element {
  return (
    <dl class="govuk-summary-list">
      {facts.map(([name, value]) => (
        <div class="govuk-summary-list__row">
          <dt class="govuk-summary-list__key">{name}</dt>
          <dd class="govuk-summary-list__value">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Large figures side by side. */
export function BigFigures({ figures }: { readonly figures: readonly (readonly [name: string, value: ComponentChildren])[] }): JSX.Element {
  return (
    <dl class="app-figures">
      {figures.map(([name, value]) => (
        <div>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

export function Hash({ of }: { readonly of: string | null }): JSX.Element {
  return of === null ? <>–</> : <span class="app-hash">{of}</span>;
}

export function Note({ children }: { readonly children: ComponentChildren }): JSX.Element {
  return <p class="govuk-inset-text">{children}</p>;
}

export type TagColour = 'red' | 'yellow' | 'green' | 'grey' | 'blue';

export function Tag({ colour, children }: { readonly colour: TagColour; readonly children: ComponentChildren }): JSX.Element {
  return <strong class={`govuk-tag govuk-tag--${colour}`}>{children}</strong>;
}

/** A field of one line in a form that asks. */
export function Field(given: {
  readonly name: string;
  readonly label: string;
  readonly value?: string;
  readonly hint?: string;
}): JSX.Element {
  const { name, label, value, hint } = given;
  const hintId = `${name}-hint`;
  return (
    <div class="govuk-form-group">
      <label class="govuk-label" for={name}>
        {label}
      </label>
      {hint === undefined ? null : (
        <div class="govuk-hint" id={hintId}>
          {hint}
        </div>
      )}
      <input
        class="govuk-input govuk-input--width-20"
        id={name}
        name={name}
        value={value ?? ''}
        {...(hint === undefined ? {} : { 'aria-describedby': hintId })}
      />
    </div>
  );
}

export function Choice(given: {
  readonly name: string;
  readonly label: string;
  readonly chosen: string | undefined;
  readonly options: readonly (readonly [value: string, text: string])[];
}): JSX.Element {
  const { name, label, chosen, options } = given;
  return (
    <div class="govuk-form-group">
      <label class="govuk-label" for={name}>
        {label}
      </label>
      <select class="govuk-select" id={name} name={name}>
        {options.map(([value, text]) => (
          <option value={value} selected={value === (chosen ?? '')}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}

export function Button({ children, secondary }: { readonly children: ComponentChildren; readonly secondary?: true }): JSX.Element {
  return (
    <button class={`govuk-button${secondary === true ? ' govuk-button--secondary' : ''}`} type="submit">
      {children}
    </button>
  );
}

/** The way to what comes behind a page of a list; nothing behind the last. */
export function NextPage({ words, href }: { readonly words: Words; readonly href: string | null }): JSX.Element | null {
  if (href === null) return null;
  return (
    <p>
      <a href={href}>{words('more')}</a>
    </p>
  );
}
