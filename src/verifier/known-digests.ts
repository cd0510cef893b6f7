// Written by `npm run digests`, which adds what is new and takes nothing away. Not edited by hand.

/** `forms/<id>.json`, every version of it. */
export const KNOWN_FORMS: Readonly<Record<string, readonly string[]>> = {
  '2019': [
    'sha256:ff30b8feb1e27d6ab1dd9a3d79aa652431c756c409056e9e184704bd39f0f8d8',
    'sha256:9c1f81797e8b5ad3055c277eb2de47721392187ad1e281f37afc68e09acafbcc',
  ],
  '2021': ['sha256:52884be3c7b59cd7735f1dc255b14d16e7ef4f6ce29623242c9b9ae5fe3fed11'],
  '2014-fujian': ['sha256:ef534027b5f916c8acce1f2792fc4b98410ac554545cc302acb7b7d183e7bba2'],
  '2014-shandong': ['sha256:2dbe3c54c8410170cf12000472519ec6bbddf9c23cdf1302ac984fb42d3552c2'],
};

/**
 * Versions of the rules of counting that the second calculator follows, each with the digests of `rules.json` it was
 * printed with.
 */
export const KNOWN_RULES: Readonly<Record<string, readonly string[]>> = {
  'disclosure-counting/1': [
    'sha256:d777a6800025060ae86b5fc5be464845afa98e4e8acd2341aec1fd53db4bab58',
    'sha256:e689ce3e1824a06278b62e59714d79170c0237d5dcb753c49a7e2848dfa0ad65',
  ],
};
