/** Eight senders that write while a test reads. */
import { NO_IDENTITY } from '../../src/recording/sender.js';
import type { Recording } from './histories.js';
import type { Message } from './messages.js';
import { until } from './until.js';

const SENDERS = 8;

interface Sending extends Recording {
  settled(): Promise<void>;
}

export interface WhileSent {
  /** What a sender sends in its nth turn, one after the other; refusals are part of it. */
  readonly turn: (sender: number, nth: number) => readonly Message[];
  readonly turns: number;
  /**
   * Asked again and again; `last` = nothing is sent any more, and the read models hold everything. `more` returns when
   * something was recorded since, or nothing is sent any more.
   */
  readonly look: (last: boolean, more: () => Promise<unknown>) => Promise<void>;
}

/** Returns after a last look. Each look has the writing of some turns before it. */
export async function whileEightSend(ledger: Sending, { turn, turns, look }: WhileSent): Promise<void> {
  let [writing, recorded] = [true, 0];
  const more = (): Promise<unknown> => {
    const before = recorded;
    return until(() => !writing || recorded > before, 0);
  };
  const send = async (sender: number): Promise<void> => {
    for (let nth = 0; nth < turns; nth += 1) {
      for (const one of turn(sender, nth)) {
        await ledger.recorder.recordValue(one, NO_IDENTITY);
        recorded += 1;
      }
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  };
  const senders = Promise.all(Array.from({ length: SENDERS }, (_, sender) => send(sender))).finally(() => (writing = false));
  while (writing) {
    await look(false, more);
    await more();
  }
  await senders;
  await ledger.settled();
  await look(true, more);
}
