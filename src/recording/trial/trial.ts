/**
 * Messages decided as they would be, and nothing of it kept: the recorder itself, around a log, keys and indexes that
 * forget. Messages of one trial see those before them. What only the read models know - figures of a table, permissions
 * of callers - is that of the ledger alone.
 */
import type { MessageIndex, KnownMessage } from '../../read-models/journal/message-index.js';
import type { RemedyIndex } from '../../read-models/cases/remedy-index.js';
import { CaseStore } from '../facts/case-store.js';
import type { ReportFactsSource } from '../facts/report-facts.js';
import { MessageRecorder, type RecorderParts } from '../message-recorder.js';
import type { Receipt } from '../receipts.js';
import type { Sender } from '../sender.js';
import { TrialLog } from './trial-log.js';

/** What a message would be answered with. */
export interface DryReceipt extends Omit<Receipt, 'status'> {
  readonly status: 'would-record' | 'would-duplicate' | 'would-refuse';
  readonly revision: null;
  readonly position: null;
}

/** What a message is or would be answered with. */
export type AnyReceipt = Receipt | DryReceipt;

const WOULD = { recorded: 'would-record', duplicate: 'would-duplicate', refused: 'would-refuse' } as const;

function asDry(receipt: Receipt): DryReceipt {
  return { ...receipt, status: WOULD[receipt.status], revision: null, position: null, eventIds: [] };
}

/** A trial: messages handed in one after the other, or at once. */
export class Trial {
  readonly #recorder: MessageRecorder;

  constructor(parts: RecorderParts) {
    this.#recorder = new MessageRecorder(trialParts(parts));
  }

  /** A message as bytes of JSON. Never rejects. */
  async decide(bytes: Uint8Array, sender: Sender): Promise<DryReceipt> {
    return asDry(await this.#recorder.recordBytes(bytes, sender));
  }
}

/** Opens trials over what a recorder records with. */
export class Trials {
  readonly #parts: RecorderParts;

  constructor(parts: RecorderParts) {
    this.#parts = parts;
  }

  open(): Trial {
    return new Trial(this.#parts);
  }
}

/** The same parts, of which none keeps anything. */
function trialParts(parts: RecorderParts): RecorderParts {
  const log = new TrialLog(parts.log, parts.now);
  const keys = parts.keys.forTrial();
  return {
    ...parts,
    log,
    keys,
    cases: new CaseStore(log, keys),
    index: trialIndex(parts.index),
    remedies: trialRemedies(parts.remedies),
    room: () => null,
    refusals: { keep: async () => Promise.resolve() },
    reports: trialReports(parts.reports),
  };
}

function trialIndex(index: Pick<MessageIndex, 'find'>): RecorderParts['index'] {
  const recent = new Map<string, KnownMessage>();
  return {
    find: (eventId) => recent.get(eventId) ?? index.find(eventId),
    remember: (eventId, message) => void recent.set(eventId, message),
  };
}

function trialRemedies(remedies: Pick<RemedyIndex, 'naming'>): RecorderParts['remedies'] {
  const recent = new Map<string, string[]>();
  return {
    naming: (agency, application) => [
      ...new Set([...remedies.naming(agency, application), ...(recent.get(`${agency} ${application}`) ?? [])]),
    ],
    remember: (agency, application, remedy) => {
      const key = `${agency} ${application}`;
      recent.set(key, [...(recent.get(key) ?? []), remedy]);
    },
  };
}

/** No checkpoint is signed for a trial: which one a publication would name is known when it is published. */
function trialReports(reports: ReportFactsSource): ReportFactsSource {
  return {
    factsFor: async (command, report) => (command.type === 'report.published' ? { checkpoint: null } : reports.factsFor(command, report)),
    recorded: () => undefined,
  };
}
