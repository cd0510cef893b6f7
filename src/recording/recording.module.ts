/** The write side: the handlers of this room. What they work with comes from the runtime (runtime/parts.module.ts). */
import { Module } from '@nestjs/common';
import { ListRefusalsHandler, OpenTrialHandler, RecordMessageHandler, ResendRefusalHandler } from './handlers.js';

@Module({
  providers: [RecordMessageHandler, ResendRefusalHandler, ListRefusalsHandler, OpenTrialHandler],
})
export class RecordingModule {}
