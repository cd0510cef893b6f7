/** What stands around every page. */
import type { ComponentChildren, JSX } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { AGENCIES, LEDGER, REFUSALS, SEARCH, SIGN_OUT } from '../addresses.js';
import { visibleLines } from '../../encoding/visible-text.js';
import type { Words } from '../words/words.js';
import { LiveNews, type Live } from './with-script/live.js';

export interface Crumb {
  readonly text: string;
  readonly href?: string;
}

/** The body of a page, and what is said of it around. */
export interface Shown {
  readonly title: string;
  /** The title as it stands over the page, where a text of somebody is only a part of it. */
  readonly heading?: ComponentChildren;
  /** From the outermost in; the page itself last, without an address. */
  readonly crumbs?: readonly Crumb[];
  readonly body: ComponentChildren;
  readonly status?: number;
  /** Of a page in passing: the address to which a browser goes on at once. It has no other language. */
  readonly onTo?: string;
  /** What does more where script runs; none is needed. */
  readonly scripts?: readonly Script[];
  /** Those that a script starts beside it. */
  readonly workers?: readonly Script[];
}

/** Files of pages/script, which the build makes one file each. */
export type Script = 'page' | 'ledger' | 'pack' | 'packWorker';

/** Who is signed in, as the head of a page says it. */
export interface SignedInAs {
  readonly label: string;
  readonly formToken: string;
}

export interface Around {
  readonly words: Words;
  readonly style: string;
  readonly icon: string;
  readonly addressOf: (script: Script) => string;
  /** The same page in the other language; null where it has none. */
  readonly otherLanguage: string | null;
  readonly path: string;
  /** With what stands behind the `?`. */
  readonly url: string;
  /** null where nothing newer is told of. */
  readonly live: Live | null;
  readonly tryOut: boolean;
  /** null where nobody is signed in. */
  readonly as: SignedInAs | null;
}

/**
 * A whole document as text. What its markup is made of can be seen: a character that steers or hides came in a text of
 * somebody, wherever it stands, and is written out here for all pages. What somebody sends from a field of a form is
 * what he saw there.
 */
export function documentOf(shown: Shown, around: Around): string {
  return `<!doctype html>${visibleLines(renderToString(<Document shown={shown} around={around} />))}`;
}

function Document({ shown, around }: { readonly shown: Shown; readonly around: Around }): JSX.Element {
  const { words, style, icon, addressOf, live, url, tryOut, as } = around;
  const scripts = new Set([...(shown.scripts ?? []), ...(live === null ? [] : ['page' as const])]);
  return (
    <html class="govuk-template" lang={words.tag}>
      <head>
        <meta charset="utf-8" />
        <title>{`${shown.title} – ${words('service')}`}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        {shown.onTo === undefined ? null : <meta http-equiv="refresh" content={`0; url=${shown.onTo}`} />}
        <link rel="stylesheet" href={style} />
        <link rel="icon" href={icon} type="image/svg+xml" />
        {[...scripts].map((script) => (
          <script type="module" src={addressOf(script)} />
        ))}
        {(shown.workers ?? []).map((worker) => (
          <meta name={`worker-${worker}`} content={addressOf(worker)} />
        ))}
      </head>
      <body class="govuk-template__body">
        <a href="#main" class="govuk-skip-link">
          {words('skip')}
        </a>
        <Header around={around} />
        {tryOut ? (
          <aside class="app-try-out" aria-label={words('tryOut')}>
            <div class="govuk-width-container">
              <p>{words('tryOutSaid')}</p>
            </div>
          </aside>
        ) : null}
        <div class="govuk-width-container">
          {as === null ? null : <Places around={around} />}
          <Crumbs crumbs={shown.crumbs ?? []} label={words('home')} />
          {live === null ? null : <LiveNews words={words} live={live} url={url} />}
          <main class="govuk-main-wrapper" id="main">
            <h1 class="govuk-heading-l">{shown.heading ?? shown.title}</h1>
            {shown.body}
          </main>
        </div>
      </body>
    </html>
  );
}

function Header({ around: { words, otherLanguage, as } }: { readonly around: Around }): JSX.Element {
  return (
    <header class="app-header">
      <div class="govuk-width-container app-header__row">
        <a class="app-header__service" href={AGENCIES}>
          {words('service')}
        </a>
        {as === null ? null : <span>{as.label}</span>}
        {otherLanguage === null ? null : (
          <a href={otherLanguage} lang={words.language === 'zh' ? 'en' : 'zh-CN'}>
            {words('otherLanguage')}
          </a>
        )}
        {as === null ? null : (
          <form class="app-header__form" method="post" action={SIGN_OUT}>
            <input type="hidden" name="token" value={as.formToken} />
            <button class="app-header__button" type="submit">
              {words('signOut')}
            </button>
          </form>
        )}
      </div>
    </header>
  );
}

function Places({ around: { words, path } }: { readonly around: Around }): JSX.Element {
  const places = [
    [AGENCIES, words('agencies')],
    [SEARCH, words('search')],
    [REFUSALS, words('refusals')],
    [LEDGER, words('ledger')],
  ] as const;
  return (
    <nav class="app-nav" aria-label={words('service')}>
      <ul>
        {places.map(([href, text]) => (
          <li>
            <a href={href} {...(path === href ? { 'aria-current': 'page' as const } : {})}>
              {text}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Crumbs({ crumbs, label }: { readonly crumbs: readonly Crumb[]; readonly label: string }): JSX.Element | null {
  if (crumbs.length === 0) return null;
  return (
    <nav class="govuk-breadcrumbs" aria-label={label}>
      <ol class="govuk-breadcrumbs__list">
        {crumbs.map(({ text, href }) => (
          <li class="govuk-breadcrumbs__list-item" {...(href === undefined ? { 'aria-current': 'page' as const } : {})}>
            {href === undefined ? (
              text
            ) : (
              <a class="govuk-breadcrumbs__link" href={href}>
                {text}
              </a>
            )}
          </li>
        ))}
      </ol>
    </nav>
  );
}
