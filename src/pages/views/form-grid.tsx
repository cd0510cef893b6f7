/** The printed form, drawn from its layout: blocks of merged cells in which each number leads to its events. */
import type { JSX } from 'preact';
import type { HeadCell, LayoutBlock, LayoutCell, TableLayout, ValueCell } from '../../statistics/layout/layout.js';
import type { Words } from '../words/words.js';

/** What is to be seen of a cell beside its value. */
export interface CellMark {
  /** Places of the findings about it in their list, from 1, with the gravest one's severity. */
  readonly severity?: string;
  readonly findings?: readonly number[];
  /** What it said when it was published, where it says something else now. */
  readonly published?: string;
}

export interface FormGiven {
  readonly words: Words;
  readonly layout: TableLayout;
  /** Over the whole, behind the name of the agency. */
  readonly title: string;
  readonly agency: string;
  /** As printed; null where it is blank. */
  readonly valueOf: (cell: string) => string | null;
  readonly markOf: (cell: string) => CellMark;
  readonly linkTo: (cell: string) => string;
}

export function PrintedForm(given: FormGiven): JSX.Element {
  const { layout, agency, title } = given;
  return (
    <section class="app-printed">
      <h2 class="govuk-heading-m">
        <bdi>{agency}</bdi>
        {title}
      </h2>
      {layout.blocks.map((block) => (
        <Block given={given} block={block} />
      ))}
      {layout.notes.map((note) => (
        <p>{note}</p>
      ))}
      {layout.signatures.length === 0 ? null : (
        <ul class="app-signatures">
          {layout.signatures.map((line) => (
            <li>{`${line}：`}</li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Block({ given, block }: { readonly given: FormGiven; readonly block: LayoutBlock }): JSX.Element {
  const { title, headRows, widths, newPage, rows } = block;
  const Row = ({ cells }: { readonly cells: readonly LayoutCell[] }): JSX.Element => (
    <tr>
      {cells.map((cell) => (
        <Cell given={given} cell={cell} />
      ))}
    </tr>
  );
  return (
    <div
      class={`app-wide${newPage ? ' app-new-page' : ''}`}
      tabIndex={0}
      role="region"
      aria-label={title ?? `${given.agency}${given.title}`}
    >
      <table class={`app-form${widths.length > 6 ? ' app-form--wide' : ''}`}>
        {title === null ? null : <caption>{title}</caption>}
        <colgroup>
          {widths.map((width) => (
            <col width={`${width}%`} />
          ))}
        </colgroup>
        {headRows === 0 ? null : (
          <thead>
            {rows.slice(0, headRows).map((cells) => (
              <Row cells={cells} />
            ))}
          </thead>
        )}
        <tbody>
          {rows.slice(headRows).map((cells) => (
            <Row cells={cells} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Only what is more than one is written. */
function spans({ colspan, rowspan }: LayoutCell): { readonly colSpan?: number; readonly rowSpan?: number } {
  return { ...(colspan > 1 ? { colSpan: colspan } : {}), ...(rowspan > 1 ? { rowSpan: rowspan } : {}) };
}

function Cell({ given, cell }: { readonly given: FormGiven; readonly cell: LayoutCell }): JSX.Element {
  switch (cell.kind) {
    case 'head':
      return <Head cell={cell} />;
    case 'unit':
      return <td {...spans(cell)}>{cell.text}</td>;
    case 'value':
      return <Value given={given} cell={cell} />;
  }
}

function Head({ cell }: { readonly cell: HeadCell }): JSX.Element {
  const { text, scope, align, indent } = cell;
  // A head without a text heads nothing.
  if (text === '') return <td {...spans(cell)} />;
  const classes = [...(align === 'start' ? ['app-form__label'] : []), ...(indent > 0 ? [`app-form__label--${Math.min(indent, 4)}`] : [])];
  return (
    <th scope={scope} class={classes.join(' ')} {...spans(cell)}>
      {text}
    </th>
  );
}

/** Where a cell with findings stands on its page, and where a finding stands below it: each links to the other. */
export const placeOf = (cell: string): string => `at-${cell}`;
export const findingAt = (nth: number): string => `finding-${nth}`;

function FindingMarks({ words, findings }: { readonly words: Words; readonly findings: readonly number[] }): JSX.Element | null {
  if (findings.length === 0) return null;
  return (
    <sup class="app-marks">
      {findings.map((nth) => (
        <a href={`#${findingAt(nth)}`} aria-label={`${words('findings')} ${nth}`}>{`[${nth}]`}</a>
      ))}
    </sup>
  );
}

function Value({ given: { words, valueOf, markOf, linkTo }, cell }: { readonly given: FormGiven; readonly cell: ValueCell }): JSX.Element {
  const { cell: name } = cell;
  if (name === null) return <td {...spans(cell)} />;
  const value = valueOf(name);
  const { severity, published, findings = [] } = markOf(name);
  const classes = [
    ...(published === undefined ? [] : ['app-form__differs']),
    ...(severity === 'error' || severity === 'warning' ? [`app-form__${severity}`] : []),
  ];
  return (
    <td
      {...(findings.length > 0 ? { id: placeOf(name) } : {})}
      {...(classes.length > 0 ? { class: classes.join(' ') } : {})}
      {...spans(cell)}
    >
      {/* What is blank stays blank in print, and leads to what stands behind it all the same. */}
      <a href={linkTo(name)} {...(value === null ? { 'aria-label': `${name} –`, class: 'app-form__blank' } : {})}>
        {value ?? '·'}
      </a>
      <FindingMarks words={words} findings={findings} />
      {published === undefined ? null : <small>{` (${words('asPublished')} ${published})`}</small>}
    </td>
  );
}
