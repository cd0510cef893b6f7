/** What can be asked to happen, for Nest's command bus; each handler a line. Facts go through the log, never through an event bus. */
import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { PARTS, type Parts } from './parts.js';
import type { Asking, PersonalData } from '../privacy/personal-data-service.js';
import { LedgerBusy, QueryProblem } from '../read-models/query-problem.js';
import type { MessageRecorder, Receipt, Sender } from '../recording/message-recorder.js';

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
  constructor(
    readonly refusalId: string,
    readonly sender: Sender,
  ) {
    super();
  }
}

/** Notes who asks for the sealed texts of a case, then gives them. */
export class RevealPersonalData extends Command<PersonalData> {
  constructor(readonly asking: Asking) {
    super();
  }
}

function recorderOf(ledger: Parts): MessageRecorder {
  if (ledger.writer === null) throw new LedgerBusy();
  return ledger.writer.recorder;
}

@CommandHandler(RecordMessage)
export class RecordMessageHandler implements ICommandHandler<RecordMessage> {
  constructor(@Inject(PARTS) private readonly ledger: Parts) {}

  execute({ message, sender }: RecordMessage): Promise<Receipt> {
    const recorder = recorderOf(this.ledger);
    return message instanceof Uint8Array ? recorder.recordBytes(message, sender) : recorder.recordValue(message.value, sender);
  }
}

@CommandHandler(ResendRefusal)
export class ResendRefusalHandler implements ICommandHandler<ResendRefusal> {
  constructor(@Inject(PARTS) private readonly ledger: Parts) {}

  async execute({ refusalId, sender }: ResendRefusal): Promise<Receipt> {
    const recorder = recorderOf(this.ledger);
    const message = this.ledger.refusals.message(refusalId);
    if (message === null)
      throw new QueryProblem(
        'unknown-refusal',
        `No refusal ${refusalId} waits to be sent again.`,
        'Ids are those of the list of refusals.',
      );
    const receipt = await recorder.recordBytes(Buffer.from(message), sender);
    if (receipt.status !== 'refused') await this.ledger.refusals.settle(refusalId);
    return receipt;
  }
}

@CommandHandler(RevealPersonalData)
export class RevealPersonalDataHandler implements ICommandHandler<RevealPersonalData> {
  constructor(@Inject(PARTS) private readonly ledger: Parts) {}

  async execute({ asking }: RevealPersonalData): Promise<PersonalData> {
    if (this.ledger.writer === null) throw new LedgerBusy();
    return this.ledger.personalData.reveal(asking);
  }
}

export const COMMAND_HANDLERS = [RecordMessageHandler, ResendRefusalHandler, RevealPersonalDataHandler];
