// Our sources import './x.js' as TypeScript's nodenext wants; under jest that file is './x.ts' or './x.tsx'. Packages are left alone, but for those that
// export an ES module only: jest asks for the `require` condition, and Node loads what `import` gives.
module.exports = (path, options) => {
  if (/^\.{1,2}\/.*\.js$/.test(path) && !options.basedir.includes('node_modules')) {
    for (const ending of ['.ts', '.tsx']) {
      try {
        return options.defaultResolver(path.replace(/\.js$/, ending), options);
      } catch {
        // a real .js file: resolve it as written
      }
    }
  }
  try {
    return options.defaultResolver(path, options);
  } catch (error) {
    if (path.startsWith('.')) throw error;
    return options.defaultResolver(path, { ...options, conditions: [...(options.conditions ?? []), 'import'] });
  }
};
