/**
 * What does not stand in the log and yet decides figures or what they are called: the verifier knows it by its digest, so a pack cannot bring its own.
 * Packs of older versions stay verifiable: lines are only added.
 */

/** `calendars.json` by the version it names. */
export const KNOWN_CALENDARS: Readonly<Record<string, string>> = {
  'china-2008-2026/1': 'sha256:9b616c0304a6041a60badfb2dd33ca0895614f960c9368af85b38717dea49e48',
};

/** `forms/<id>.json`, every version of it. */
export const KNOWN_FORMS: Readonly<Record<string, readonly string[]>> = {
  '2014-fujian': ['sha256:ef534027b5f916c8acce1f2792fc4b98410ac554545cc302acb7b7d183e7bba2'],
  '2014-shandong': ['sha256:2dbe3c54c8410170cf12000472519ec6bbddf9c23cdf1302ac984fb42d3552c2'],
  '2019': [
    'sha256:ff30b8feb1e27d6ab1dd9a3d79aa652431c756c409056e9e184704bd39f0f8d8',
    // 2.9.1:amount with up to six decimals
    'sha256:9c1f81797e8b5ad3055c277eb2de47721392187ad1e281f37afc68e09acafbcc',
  ],
  '2021': ['sha256:52884be3c7b59cd7735f1dc255b14d16e7ef4f6ce29623242c9b9ae5fe3fed11'],
};

/** Versions of the rules of counting that the second calculator follows, each with the digests of `rules.json` it was printed with. */
export const KNOWN_RULES: Readonly<Record<string, readonly string[]>> = {
  'disclosure-counting/1': [
    'sha256:d777a6800025060ae86b5fc5be464845afa98e4e8acd2341aec1fd53db4bab58',
    // with blank-opening, pending-lost, stock-below-flow, items-below-zero
    'sha256:e689ce3e1824a06278b62e59714d79170c0237d5dcb753c49a7e2848dfa0ad65',
  ],
};

export function isKnownPolicy(policy: string): boolean {
  return Object.hasOwn(KNOWN_RULES, policy);
}
