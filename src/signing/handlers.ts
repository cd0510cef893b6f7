/** What anybody may ask of checkpoints, proofs and witnesses, for the query bus; each handler a line. */
import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { WitnessService, witnessesOf, type Witnesses } from './witness-service.js';
import { type EventProof, type Consistency, ProofReader } from './proof-reader.js';
import { CheckpointTrust } from './checkpoint-trust.js';
import type { VerifierKey } from '../ledger/signed-note.js';
import { ReadStore } from '../read-models/read-store.js';

export class GetCheckpoint extends Query<string> {
  /** `witnessed`: how many witnesses must have signed it. */
  constructor(readonly witnessed?: number) {
    super();
  }
}

export class GetWitnesses extends Query<Witnesses> {}

/** By which checkpoints of the ledger are told; none where this service was told of no key. */
export class GetLedgerKeys extends Query<readonly VerifierKey[]> {}

export class GetEventProof extends Query<EventProof> {
  constructor(readonly eventId: string) {
    super();
  }
}

export class GetProofFile extends Query<string> {
  constructor(readonly eventId: string) {
    super();
  }
}

export class GetConsistency extends Query<Consistency> {
  constructor(
    readonly from: number,
    readonly to: number | undefined,
  ) {
    super();
  }
}

export class GetTile extends Query<Buffer> {
  constructor(readonly path: string) {
    super();
  }
}

@QueryHandler(GetCheckpoint)
export class GetCheckpointHandler implements IQueryHandler<GetCheckpoint> {
  constructor(@Inject(ProofReader) private readonly proofs: ProofReader) {}

  async execute({ witnessed }: GetCheckpoint): Promise<string> {
    return this.proofs.checkpoint(witnessed);
  }
}

@QueryHandler(GetWitnesses)
export class GetWitnessesHandler implements IQueryHandler<GetWitnesses> {
  constructor(
    @Inject(ReadStore) private readonly store: ReadStore,
    @Inject(WitnessService) private readonly witnesses: WitnessService | null,
    @Inject(CheckpointTrust) private readonly trust: CheckpointTrust | null,
  ) {}

  execute(): Promise<Witnesses> {
    return witnessesOf({ store: this.store, witnesses: this.witnesses, trust: this.trust });
  }
}

@QueryHandler(GetLedgerKeys)
export class GetLedgerKeysHandler implements IQueryHandler<GetLedgerKeys> {
  constructor(@Inject(CheckpointTrust) private readonly trust: CheckpointTrust | null) {}

  async execute(): Promise<readonly VerifierKey[]> {
    return this.trust?.keys ?? [];
  }
}

@QueryHandler(GetEventProof)
export class GetEventProofHandler implements IQueryHandler<GetEventProof> {
  constructor(@Inject(ProofReader) private readonly proofs: ProofReader) {}

  async execute({ eventId }: GetEventProof): Promise<EventProof> {
    return this.proofs.proof(eventId);
  }
}

@QueryHandler(GetProofFile)
export class GetProofFileHandler implements IQueryHandler<GetProofFile> {
  constructor(@Inject(ProofReader) private readonly proofs: ProofReader) {}

  async execute({ eventId }: GetProofFile): Promise<string> {
    return this.proofs.proofFile(eventId);
  }
}

@QueryHandler(GetConsistency)
export class GetConsistencyHandler implements IQueryHandler<GetConsistency> {
  constructor(@Inject(ProofReader) private readonly proofs: ProofReader) {}

  async execute({ from, to }: GetConsistency): Promise<Consistency> {
    return this.proofs.consistency(from, to);
  }
}

@QueryHandler(GetTile)
export class GetTileHandler implements IQueryHandler<GetTile> {
  constructor(@Inject(ProofReader) private readonly proofs: ProofReader) {}

  async execute({ path }: GetTile): Promise<Buffer> {
    return this.proofs.tile(path);
  }
}
