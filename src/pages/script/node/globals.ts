/** Names that Node has by itself and a browser has not; the build puts them where the ledger's sources ask for them. */
export { Buffer } from './buffer.js';
