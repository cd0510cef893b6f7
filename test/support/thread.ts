/**
 * Whether ledgers of tests fill their read models in a thread of their own: `npm test -- FILE --globals
 * '{"readModelsThread":true}'` runs any file so. The thread itself is of dist/.
 */
import { membersOf } from '../../src/encoding/unknown-values.js';

export const THREAD = membersOf(globalThis)['readModelsThread'] === true;
