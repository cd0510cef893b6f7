/** A document, whatever format it is written in: pieces from top to bottom. */
import type { PrintedBlock, PrintedTable } from './printed-table.js';

export type Piece =
  | { readonly kind: 'title'; readonly text: string }
  /** `newPage`: it begins on one. */
  | { readonly kind: 'heading'; readonly text: string; readonly newPage?: boolean }
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'table'; readonly block: PrintedBlock }
  /** Small, below a table. */
  | { readonly kind: 'note'; readonly text: string }
  /** Places to be filled in by hand, side by side. */
  | { readonly kind: 'signatures'; readonly texts: readonly string[] }
  | { readonly kind: 'page-break' };

export interface Document {
  readonly title: string;
  readonly pieces: readonly Piece[];
}

/** The pieces of a whole table below its title. */
export function tablePieces({ blocks, notes, signatures }: PrintedTable): Piece[] {
  return [
    ...blocks.flatMap((block): Piece[] => {
      const heading: Piece[] =
        block.title === null
          ? block.newPage
            ? [{ kind: 'page-break' }]
            : []
          : [{ kind: 'heading', text: block.title, newPage: block.newPage }];
      return [...heading, { kind: 'table', block }];
    }),
    ...notes.map((text): Piece => ({ kind: 'note', text })),
    ...(signatures.length === 0 ? [] : [{ kind: 'signatures', texts: signatures } as const]),
  ];
}
