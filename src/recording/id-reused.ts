/**
 * A message whose source and id were recorded with other content: what differs, as far as the caller may know. Told
 * from the stored event, so that it is the same whichever way the message was recognised.
 */
import { refuse, type Refusal } from '../domain/decider.js';
import { caseName, streamOf } from '../domain/identifiers.js';
import { sameInstant } from '../time/instant.js';
import { holdsSealed, sealedTexts, toAct, type Opener, type ReadShape } from '../events/envelope.js';
import { splitSealed } from '../events/sealed-fields.js';
import type { AcceptedMessage } from '../intake/message.js';
import { canonicalJson } from '../encoding/canonical-json.js';
import type { EventLog } from '../log/event-log.js';
import type { KnownMessage } from '../read-models/journal/message-index.js';

interface Stored {
  readonly act: ReturnType<typeof toAct>;
  /** Its sealed fields cannot be opened any more: the act is without them. */
  readonly sealed: boolean;
}

/** Errors: `StoreUnavailable`. */
export async function reusedId(
  log: Pick<EventLog, 'readStream'>,
  open: Opener,
  message: AcceptedMessage,
  known: KnownMessage,
): Promise<Refusal> {
  const [event] = await log.readStream(known.stream, known.revision, 1);
  const stored = event === undefined ? null : readable(event, open);
  // Of another agency's message nothing is told but that the id is taken.
  // An agency is registered by who may know nothing of its cases.
  const { command } = message;
  const isPlace = command.type !== 'agency.registered' || known.stream === streamOf(command.agency, command.subject);
  const own = stored !== null && stored.act.agency === command.agency && isPlace;
  return refuse(
    'id-reused',
    'A message of this source and id was recorded with other content.',
    'Give a new message an id of its own; to repeat a message send it unchanged.',
    own ? { fields: differing(message, stored), stream: known.stream, revision: known.revision } : undefined,
  ).refusal;
}

/** null for an event of a type or version that this program does not know. */
function readable(event: ReadShape, open: Opener): Stored | null {
  try {
    return { act: toAct(event, open), sealed: holdsSealed(event) && sealedTexts(event, open) === null };
  } catch {
    return null;
  }
}

function differing({ command }: AcceptedMessage, stored: Stored): string[] {
  const { act } = stored;
  const fields = [
    ...(command.type === act.type ? [] : ['type']),
    ...(caseName(command.subject) === caseName(act.subject) ? [] : ['subject']),
    ...(sameInstant(command.at, act.at) ? [] : ['time']),
    ...(command.actor === act.actor ? [] : ['actor']),
  ];
  // Where nothing else differs it is the data, also where its sealed part cannot be compared.
  return fields.length === 0 || differentData(command, stored) ? [...fields, 'data'] : fields;
}

/** What cannot be opened any more is not said to differ: only what is clear is compared then. */
function differentData({ type, subject, data }: AcceptedMessage['command'], { act, sealed }: Stored): boolean {
  const said = sealed ? splitSealed(type, subject.kind, data).clear : data;
  return canonicalJson(said) !== canonicalJson(act.data);
}
