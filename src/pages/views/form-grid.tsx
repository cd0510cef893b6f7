/** The printed form: its blocks under their heads, as headsOf has them. */
import type { JSX } from 'preact';
import { headsOf } from '../../statistics/forms/registry.js';
import { sectionOf, type Head, type SectionHeads } from '../../statistics/heads.js';
import type { Table } from '../../tables/table.js';
import type { Words } from '../words/words.js';

type Row = Table['rows'][number];

/** What is to be seen of a cell beside its value. */
export interface CellMark {
  readonly severity?: string;
  /** What it said when it was published, where it says something else now. */
  readonly published?: string;
}

export interface FormGiven {
  readonly words: Words;
  readonly view: { readonly table: Table; readonly agency: string; readonly formTitle: string };
  readonly markOf: (cell: string) => CellMark;
  readonly linkTo: (cell: string) => string;
}

export function PrintedForm(given: FormGiven): JSX.Element {
  const { view } = given;
  const { table, agency, formTitle } = view;
  const heads = headsOf(table.form);
  const single = table.rows.filter((row) => row.cells === undefined);
  return (
    <section aria-label={formTitle}>
      <h2 class="govuk-heading-m">{`${agency} ${table.year} ${formTitle}`}</h2>
      {single.length === 0 ? null : <Single given={given} rows={single} />}
      {heads.map((section) => {
        const rows = table.rows.filter((row) => row.cells !== undefined && sectionOf(heads, row.code) === section);
        return rows.length === 0 ? null : <Matrix given={given} section={section} rows={rows} />;
      })}
    </section>
  );
}

function Single({ given, rows }: { readonly given: FormGiven; readonly rows: readonly Row[] }): JSX.Element {
  const { words, view } = given;
  return (
    <div class="app-wide" tabIndex={0} role="region" aria-label={view.formTitle}>
      <table class="app-form">
        <thead>
          <tr>
            <th scope="col">{words('indicator')}</th>
            <th scope="col">{words('unit')}</th>
            <th scope="col">{words('value')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr>
              <th scope="row" class={`app-form__label app-form__label--${levelOf(row.code)}`}>
                {row.label}
              </th>
              <td>{row.unit ?? ''}</td>
              {row.basis === null ? <td /> : <Value given={given} cell={row.code} value={row.value ?? null} />}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const levelOf = (code: string): number => Math.min(code.split('.').length - 1, 4);

interface MatrixGiven {
  readonly given: FormGiven;
  readonly section: SectionHeads;
  readonly rows: readonly Row[];
}

function Matrix({ given, section, rows }: MatrixGiven): JSX.Element {
  const { columns, title, rowHead, note } = section;
  const label = title ?? given.view.formTitle;
  return (
    <div class="app-wide" tabIndex={0} role="region" aria-label={label}>
      <table class="app-form">
        <caption>{[label, note].filter((text) => text !== undefined).join(' ')}</caption>
        <thead>
          <tr>
            <th scope="col">{rowHead === '' ? given.words('indicator') : rowHead}</th>
            {columns.map((head) => (
              <th scope="col">{headText(head)}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr>
              <th scope="row" class="app-form__label">
                {row.label}
              </th>
              {columns.map(({ key }) =>
                row.cells !== undefined && Object.hasOwn(row.cells, key) ? (
                  <Value given={given} cell={`${row.code}:${key}`} value={row.cells[key] ?? null} />
                ) : (
                  <td />
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const headText = ({ label, group }: Head): string => (group === undefined ? label : `${group} ${label}`);

interface ValueGiven {
  readonly given: FormGiven;
  readonly cell: string;
  readonly value: string | null;
}

/** A number that leads to its events; what is blank stays blank, and leads there all the same. */
export function Value({ given: { words, markOf, linkTo }, cell, value }: ValueGiven): JSX.Element {
  const { severity, published } = markOf(cell);
  const classes = [
    ...(published === undefined ? [] : ['app-form__differs']),
    ...(severity === 'error' || severity === 'warning' ? [`app-form__${severity}`] : []),
  ];
  return (
    <td class={classes.join(' ')}>
      <a href={linkTo(cell)} aria-label={`${cell}: ${value ?? '–'}`}>
        {value ?? ' '}
      </a>
      {published === undefined ? null : <small>{` (${words('asPublished')} ${published})`}</small>}
    </td>
  );
}
