/**
 * What can be asked to happen, for the command bus, and what was refused; each handler a line. Facts go through the
 * log, never through an event bus.
 */
import { Inject } from '@nestjs/common';
import { Command, CommandHandler, Query, QueryHandler, type IQueryHandler, type ICommandHandler } from '@nestjs/cqrs';
import { RefusalService } from './refusal-service.js';
import type { RefusalPage, RefusalQuestion, RefusalSight } from './refusal-list.js';
import type { Receipt } from './receipts.js';
import type { Sender } from './sender.js';
import { MessageRecorder } from './message-recorder.js';
import { LedgerBusy, QueryProblem } from '../read-models/query-problem.js';

export class RecordMessage extends Command<Receipt> {
  /** `message`: the bytes of one JSON message, or a parsed value. */
  constructor(
    readonly message: Uint8Array | { readonly value: unknown },
    readonly sender: Sender,
  ) {
    super();
  }
}

export class ResendRefusal extends Command<Receipt> {
  /** `sight`: what the sender may see of refusals; absent = all of them. */
  constructor(
    readonly refusalId: string,
    readonly sender: Sender,
    readonly sight?: RefusalSight,
  ) {
    super();
  }
}

export class ListRefusals extends Query<RefusalPage> {
  constructor(readonly question: RefusalQuestion = {}) {
    super();
  }
}

/** Errors: `LedgerBusy` where another process writes this ledger. */
function requireRecorder(recorder: MessageRecorder | null): MessageRecorder {
  if (recorder === null) throw new LedgerBusy();
  return recorder;
}

@CommandHandler(RecordMessage)
export class RecordMessageHandler implements ICommandHandler<RecordMessage> {
  constructor(@Inject(MessageRecorder) private readonly recorder: MessageRecorder | null) {}

  execute({ message, sender }: RecordMessage): Promise<Receipt> {
    const recorder = requireRecorder(this.recorder);
    return message instanceof Uint8Array ? recorder.recordBytes(message, sender) : recorder.recordValue(message.value, sender);
  }
}

@CommandHandler(ResendRefusal)
export class ResendRefusalHandler implements ICommandHandler<ResendRefusal> {
  constructor(
    @Inject(MessageRecorder) private readonly recorder: MessageRecorder | null,
    @Inject(RefusalService) private readonly refusals: RefusalService,
  ) {}

  async execute({ refusalId, sender, sight }: ResendRefusal): Promise<Receipt> {
    const recorder = requireRecorder(this.recorder);
    const message = this.refusals.message(refusalId);
    if (message === null) {
      // Whether there is such a refusal is told to who might see it.
      if (sight !== undefined && !this.refusals.isSeen(refusalId, sight)) throw notHis();
      throw new QueryProblem(
        'unknown-refusal',
        `No refusal ${refusalId} waits to be sent again.`,
        'Ids are those of the list of refusals.',
      );
    }
    const receipt = await recorder.recordBytes(Buffer.from(message), sender);
    // Of a message that the caller may not send nothing is told: not its name, its agency or its officer.
    if (receipt.error?.code === 'not-permitted') throw notHis();
    if (receipt.status !== 'refused') await this.refusals.settle(refusalId);
    return receipt;
  }
}

function notHis(): QueryProblem {
  return new QueryProblem(
    'not-permitted',
    'The caller may not send this refused message.',
    'It is sent again by who may send it: with emit or act in its agency.',
  );
}

@QueryHandler(ListRefusals)
export class ListRefusalsHandler implements IQueryHandler<ListRefusals> {
  constructor(@Inject(RefusalService) private readonly refusals: RefusalService) {}

  async execute({ question }: ListRefusals): Promise<RefusalPage> {
    return this.refusals.list(question);
  }
}
