/**
 * The grammar of `traceparent` and `tracestate` (W3C Trace Context): both are kept beside the event and handed on to
 * whoever traces a request.
 */

/** Ids of zeros are none. */
const IDS_AND_FLAGS = '(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}';
/** Version, ids, flags. Version ff is none; a later one than 00 may say more behind them. */
const TRACEPARENT = new RegExp(`^(?:00-${IDS_AND_FLAGS}|(?!00|ff)[0-9a-f]{2}-${IDS_AND_FLAGS}(?:-[!-~]*)?)$`);

export function isTraceparent(text: string): boolean {
  return TRACEPARENT.test(text);
}

const MEMBER = /^(?:[a-z][a-z0-9_*/-]{0,255}|[a-z0-9][a-z0-9_*/-]{0,240}@[a-z][a-z0-9_*/-]{0,13})=[ !-+\--<>-~]{0,255}[!-+\--<>-~]$/;
const MEMBERS = 32;

/** At most 32 members key=value, separated by commas. */
export function isTracestate(text: string): boolean {
  const members = text.split(',').map((member) => member.replace(/^[ \t]+|[ \t]+$/g, ''));
  const named = members.filter((member) => member !== '');
  return named.length > 0 && named.length <= MEMBERS && named.every((member) => MEMBER.test(member));
}
