// What the bench can be asked for, each loaded only when it is: the other modes have packages of their own.
import { inTemporaryFolder } from './setting.mjs';

/** Each gives the exit code. */
export const MODES = {
  ratios: async () => inTemporaryFolder(async (temporary) => (await import('./ratios.mjs')).ratios(temporary)),
  curves: async (options) => inTemporaryFolder(async (temporary) => (await import('./curves/curves.mjs')).curves(temporary, options)),
  compare: async (options) => inTemporaryFolder(async (temporary) => (await import('./compare/compare.mjs')).compare(temporary, options)),
  baseline: async (options) => inTemporaryFolder(async (temporary) => (await import('./compare/compare.mjs')).baseline(temporary, options)),
  soak: async (options) => inTemporaryFolder(async (temporary) => (await import('./soak/soak.mjs')).soak(temporary, options)),
};
