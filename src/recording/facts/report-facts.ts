/**
 * What a decision on a yearly report needs beside its case. The recorder asks for it; who knows of tables and
 * checkpoints gives it (tables/report-facts.ts).
 */
import type { Command } from '../../domain/acts.js';
import type { DecisionContext } from '../../domain/case.js';

/** The table that a compilation freezes, the checkpoint that a publication names. */
export type ReportFacts = Pick<DecisionContext, 'compiling' | 'checkpoint'>;

export interface ReportFactsSource {
  /**
   * Everything the log held when this was asked is looked at. Errors: `StoreUnavailable` where the read models do not
   * come so far in time.
   */
  factsFor(command: Command, view: unknown): Promise<ReportFacts>;
  /** To be told of every act that was recorded. */
  recorded(act: Pick<Command, 'type' | 'eventId'>): void;
}
