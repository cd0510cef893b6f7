/** Names that Node has by itself and a browser has not; the build puts them where the ledger's sources ask for them. */
import { Buffer as OfBrowsers } from 'buffer';

export const Buffer = OfBrowsers;
