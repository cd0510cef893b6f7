// Our sources are compiled to CommonJS; packages that are ES modules only are loaded by Node itself, which jest can do on Node 24.9 and
// later with --experimental-vm-modules (package.json, `test`).
const compiled = (parser, transform = {}) => [
  '@swc/jest',
  {
    jsc: {
      parser: { syntax: 'typescript', ...parser },
      transform: { legacyDecorator: true, decoratorMetadata: true, ...transform },
      target: 'es2022',
      keepClassNames: true,
    },
    module: { type: 'commonjs' },
  },
];

module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testRegex: '\\.test\\.ts$',
  // A worker per core: what one worker keeps of two hundred files makes it slower with each.
  maxWorkers: '100%',
  // A worker that holds more behind a file is followed by another: what is compiled of ES modules stays, file by file, until its heap is full.
  workerIdleMemoryLimit: '2GB',
  // The only limit of a test: whatever it waits for is a condition, so that a busy machine makes it slow and not red.
  testTimeout: 1_200_000,
  // A test that fails may leave a ledger open: the run must end and say so all the same.
  forceExit: true,
  globalSetup: '<rootDir>/test/support/global-setup.cjs',
  resolver: '<rootDir>/jest-resolver.cjs',
  transformIgnorePatterns: ['/node_modules/'],
  transform: {
    '^.+\\.(ts|mjs|js)$': compiled({ decorators: true }),
    // What draws pages: markup in it is calls of preact.
    '^.+\\.tsx$': compiled({ tsx: true }, { react: { runtime: 'automatic', importSource: 'preact' } }),
  },
};
