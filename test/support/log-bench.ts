/** What a test of the event log contract is given, and what an adapter gives to be tested. */
import type { EventLog } from '../../src/log/event-log.js';

/** How a process of its own opens the same log: the argument of test/support/log-writer.mjs. */
export type LogTarget =
  | { readonly adapter: 'sqlite'; readonly options: { readonly file: string } }
  | { readonly adapter: 'eventstoredb'; readonly options: { readonly url: string; readonly namespace: string } };

/** Where one log lives; empty before the first `open`. */
export interface LogPlace {
  readonly target: LogTarget;
  open(now: () => number): EventLog;
  /** After the last close. */
  remove(): Promise<void>;
}

/** A new place, which no other test sees. */
export type LogHarness = () => Promise<LogPlace>;

export interface LogBench {
  /** The log, open. */
  readonly log: EventLog;
  readonly target: LogTarget;
  /** The clock of the log; a test may set another. */
  now: () => number;
  close(): Promise<void>;
  /** Closes the log and opens it again. */
  reopen(): Promise<EventLog>;
}

/** Title of the test → the test. */
export type LogTests = Readonly<Record<string, (bench: LogBench) => Promise<void>>>;
