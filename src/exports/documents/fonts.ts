/**
 * The font that PDF files carry: Noto Sans Hans of @embedpdf/fonts-sc, under the SIL Open Font License, which stands in
 * that package. It is the one whole file a weight among the packages: all of GBK in 8 MB. A file carries of it what it
 * prints.
 */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const FOLDER = join(dirname(createRequire(import.meta.url).resolve('@embedpdf/fonts-sc')), '../fonts');

export const REGULAR = join(FOLDER, 'NotoSansHans-Regular.otf');
export const BOLD = join(FOLDER, 'NotoSansHans-Bold.otf');
