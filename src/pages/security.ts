/** The headers of every page: what a browser may load for it, and who may keep it. */

/**
 * Nothing but what this service serves itself, and nothing inline: a text that found its way into a page as markup
 * would run nothing. Source: Content Security Policy Level 3.
 */
const POLICY = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "worker-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': POLICY,
  // Addresses name cases: they are told to nobody a reader goes on to.
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  // What is shown is for who is signed in at the moment, also behind the button that goes back.
  'cache-control': 'no-store',
};

/**
 * Of a script by itself. A worker is bound by these and not by those of its page: what verifies a pack asks nothing of
 * anybody, so that the pack stays where it is.
 */
export const SCRIPT_POLICY = "default-src 'none'";
