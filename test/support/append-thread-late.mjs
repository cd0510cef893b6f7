// The thread that appends to EventStoreDB, on a machine so busy that it begins late.
import { setTimeout } from 'node:timers/promises';

await setTimeout(3000);
await import('../../dist/log/append-thread/entry.js');
