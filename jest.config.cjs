// Jest runs in CommonJS mode: the packages below are ES modules only, so swc compiles them on the fly.
const esm = [
  '@nestjs',
  'content-disposition',
  'cookie',
  'file-type',
  'strtok3',
  'token-types',
  'uint8array-extras',
  '@tokenizer',
  '@borewit',
  'load-esm',
  'canonicalize',
  'string-width',
  'get-east-asian-width',
  'strip-ansi',
  'ansi-regex',
  'emoji-regex',
];
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testRegex: '\\.test\\.ts$',
  testTimeout: 60000,
  // A test that fails may leave a ledger open: the run must end and say so all the same.
  forceExit: true,
  globalSetup: '<rootDir>/test/support/global-setup.cjs',
  resolver: '<rootDir>/jest-resolver.cjs',
  transformIgnorePatterns: [`/node_modules/(?!(.*/)?(${esm.join('|')})/)`],
  transform: {
    '^.+\\.(ts|mjs|js)$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
          target: 'es2022',
          keepClassNames: true,
        },
        module: { type: 'commonjs' },
      },
    ],
  },
};
