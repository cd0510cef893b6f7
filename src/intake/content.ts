/** What a repeat of a message is compared by. */
import type { AnyAct } from '../domain/acts.js';
import { caseName } from '../domain/identifiers.js';
import { publicType } from '../events/catalog.js';
import { canonicalJson } from '../encoding/canonical-json.js';

/**
 * RFC 8785 JSON of type, subject, time, agency, actor and data, whose digest is stored. A repeat that writes the same
 * instant in another way is digested with the `time` that was stored: the definition of a digest is for ever.
 */
export function contentOf({ type, subject, agency, actor, data }: AnyAct, time: string): string {
  return canonicalJson({ type: publicType(type), subject: caseName(subject), time, agency, actor, data });
}
