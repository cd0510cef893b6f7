/** Pieces that many pages are made of. */
import type { ComponentChildren, JSX } from 'preact';
import type { AsOf } from '../../read-models/journal/as-of.js';
import type { Severity } from '../../statistics/finding-rules.js';
import { formatInstant, parseInstant } from '../../time/instant.js';
import { parseDuration } from '../../time/duration.js';
import type { Trouble } from '../door.js';
import type { Words } from '../words/words.js';

export interface Column {
  readonly head: ComponentChildren;
  readonly numeric?: true;
}

export interface TableGiven {
  readonly caption: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly ComponentChildren[])[];
  /** By row what a link to it names. */
  readonly ids?: readonly string[];
}

/** A table; where it has no rows its caption as a heading, and what is to be said then. */
export function TableOr({ nothing, ...table }: TableGiven & { readonly nothing: string }): JSX.Element {
  if (table.rows.length > 0) return <DataTable {...table} />;
  return (
    <>
      <h2 class="govuk-heading-m">{table.caption}</h2>
      <p>{nothing}</p>
    </>
  );
}

/** A table that scrolls by itself where it is wider than the screen; by keyboard too. */
export function DataTable(given: TableGiven): JSX.Element {
  const { caption, columns, rows, ids } = given;
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
          {rows.map((cells, nth) => (
            <tr class="govuk-table__row" {...(ids?.[nth] === undefined ? {} : { id: ids[nth] })}>
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

/**
 * Texts of somebody and words of ours in one line. A text that is written from right to left, or ends so, turns nothing
 * around beside it: each stands isolated, and the browser finds its direction in itself.
 */
export function InLine({ parts, by = ' · ' }: { readonly parts: readonly ComponentChildren[]; readonly by?: string }): JSX.Element {
  const said = parts.filter((part) => part !== null && part !== undefined && part !== '');
  return (
    <>
      {said.map((part, at) => (
        <>
          {at === 0 ? '' : by}
          <bdi>{part}</bdi>
        </>
      ))}
    </>
  );
}

/** `ofFile`: it is made of the bytes of a file, which a script can compare. */
export function Hash({ of, ofFile = false }: { readonly of: string | null; readonly ofFile?: boolean }): JSX.Element {
  if (of === null) return <>–</>;
  return (
    <span class="app-hash" data-content-hash={ofFile ? of : undefined}>
      {of}
    </span>
  );
}

/** A moment to the minute in Asia/Shanghai, whole in its title; a day, and what is no moment, as it is. */
export function When({ at }: { readonly at: string | null | undefined }): JSX.Element {
  const instant = parseInstant(at);
  if (at == null || instant === null) return <>{at ?? '–'}</>;
  return (
    <time class="app-nowrap" dateTime={at} title={at}>
      {formatInstant(instant).slice(0, 16).replace('T', ' ')}
    </time>
  );
}

/** The moment that a table is as of: its event, and when that was recorded. */
export function Moment({ of }: { readonly of: AsOf }): JSX.Element {
  return (
    <>
      {`index:${of.index ?? '–'} · `}
      <When at={of.recordedAt} />
    </>
  );
}

/** A span of time in days, hours and minutes; as it is where it is none. */
export function Span({ of, words }: { readonly of: string | null; readonly words: Words }): JSX.Element {
  const ms = of === null ? null : parseDuration(of);
  if (of === null || ms === null) return <>{of ?? '–'}</>;
  const minutes = Math.floor(ms / 60_000);
  const counts = [
    [Math.floor(minutes / 1440), 'days'],
    [Math.floor((minutes % 1440) / 60), 'hours'],
    [minutes % 60, 'minutes'],
  ] as const;
  const said = counts.flatMap(([count, unit]) => (count > 0 ? [`${count} ${words(unit)}`] : []));
  return <time dateTime={of}>{said.length === 0 ? `0 ${words('minutes')}` : said.join(' ')}</time>;
}

/** A cell by its label, which leads to what stands behind it; its code beside. */
export function CellLink(given: { readonly href: string; readonly cell: string; readonly label: string | null }): JSX.Element {
  const { href, cell, label } = given;
  if (label === null) return <a href={href}>{cell}</a>;
  return (
    <>
      <a href={href}>{label}</a> <small class="app-code">{cell}</small>
    </>
  );
}

export type TagColour = 'red' | 'yellow' | 'green' | 'grey' | 'blue';

export function Tag({ colour, children }: { readonly colour: TagColour; readonly children: ComponentChildren }): JSX.Element {
  return <strong class={`govuk-tag govuk-tag--${colour}`}>{children}</strong>;
}

const COLOURS = { error: 'red', warning: 'yellow', info: 'grey' } as const satisfies Readonly<Record<Severity, TagColour>>;

/** How grave a finding is. */
export function SeverityTag({ words, severity }: { readonly words: Words; readonly severity: Severity }): JSX.Element {
  return <Tag colour={COLOURS[severity]}>{words(severity)}</Tag>;
}

/** A field of one line in a form that asks. */
export function Field(given: {
  readonly name: string;
  readonly label: string;
  readonly value?: string;
  readonly hint?: string;
  /** For a sentence. */
  readonly wide?: true;
}): JSX.Element {
  const { name, label, value, hint, wide } = given;
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
        class={wide === true ? 'govuk-input' : 'govuk-input govuk-input--width-20'}
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

/** Over a form that was sent and refused: why, and what would be right. */
export function TroubleSummary({ words, trouble }: { readonly words: Words; readonly trouble: Trouble }): JSX.Element {
  const { status, code, detail, hint } = trouble;
  return (
    <div class="govuk-error-summary">
      <div role="alert">
        <h2 class="govuk-error-summary__title">{words('refused')}</h2>
        <p>{detail}</p>
        {hint === undefined ? null : <p>{hint}</p>}
        <p>
          <code>{`${status} ${code}`}</code>
        </p>
      </div>
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

/** Shown where script runs, by the script that looks for this name; nothing where none does. */
export function WithScript({ name, children }: { readonly name: string; readonly children: ComponentChildren }): JSX.Element {
  return <template data-with-script={name}>{children}</template>;
}

/** What such a control says at some time. */
export function Part({ name, children }: { readonly name: string; readonly children: ComponentChildren }): JSX.Element {
  return <template data-part={name}>{children}</template>;
}

/** Of such a control: chooses a file that stays where it is. */
export function FileField(given: {
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
  /** Kinds of files that are offered first. */
  readonly accept?: string;
}): JSX.Element {
  const { id, label, hint, accept } = given;
  const hintId = hint === undefined ? undefined : `${id}-hint`;
  return (
    <div class="govuk-form-group">
      <label class="govuk-label" for={id}>
        {label}
      </label>
      {hint === undefined ? null : (
        <div class="govuk-hint" id={hintId}>
          {hint}
        </div>
      )}
      <input class="govuk-file-upload" type="file" id={id} accept={accept} aria-describedby={hintId} />
    </div>
  );
}

/** Filled by the script. What is filled in may turn the direction around: it turns nothing beside it. */
export function Slot({ name }: { readonly name: string }): JSX.Element {
  return <bdi data-slot={name} />;
}

/** Where such a control says it; read out when it changes. */
export function Status(): JSX.Element {
  return <div role="status" aria-live="polite" />;
}
