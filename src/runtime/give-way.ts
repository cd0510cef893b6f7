/** Work that may wait steps back where all cores are busy: who answers goes first. */
import { getPriority, setPriority } from 'node:os';

/** How far it steps back, of 19: with the cores of two busy it still gets a tenth of one. */
const NICE = 10;

/** Of the thread that calls it, to its end. Only Linux sets it for one thread: elsewhere nothing happens. */
export function giveWay(): void {
  if (process.platform === 'linux') setPriority(Math.min(getPriority() + NICE, 19));
}
