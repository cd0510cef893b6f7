/** On every page that has something for it. */
import { compareFiles } from './file-hash.js';
import { followChanges } from './live.js';

compareFiles();
followChanges();
