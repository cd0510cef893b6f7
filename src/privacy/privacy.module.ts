/**
 * Cases as anybody may read them, and their sealed texts: the handlers of this room. What they work with comes from the
 * runtime (runtime/parts.module.ts).
 */
import { Module } from '@nestjs/common';
import { GetCaseHandler, GetTrailHandler, RevealPersonalDataHandler, ListAccessesHandler } from './handlers.js';

@Module({
  providers: [GetCaseHandler, GetTrailHandler, RevealPersonalDataHandler, ListAccessesHandler],
})
export class PrivacyModule {}
