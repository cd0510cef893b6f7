/** The thread of a replay. commands/replay.ts begins it. */
import { workInThread } from '../heap-thread.js';
import { failureOf } from '../render/output.js';
import { replayed, type Replayed, type ReplayProgress } from './replayed.js';

void workInThread<ReplayProgress, Replayed>(replayed, failureOf);
