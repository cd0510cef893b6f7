/**
 * Checkpoints, proofs and witnesses: the handlers of this room. What they work with comes from the runtime
 * (runtime/parts.module.ts).
 */
import { Module } from '@nestjs/common';
import {
  GetCheckpointHandler,
  GetWitnessesHandler,
  GetLedgerKeysHandler,
  GetEventProofHandler,
  GetProofFileHandler,
  GetConsistencyHandler,
  GetTileHandler,
} from './handlers.js';

@Module({
  providers: [
    GetCheckpointHandler,
    GetWitnessesHandler,
    GetLedgerKeysHandler,
    GetEventProofHandler,
    GetProofFileHandler,
    GetConsistencyHandler,
    GetTileHandler,
  ],
})
export class SigningModule {}
