/** Sealed texts for who asks, at whatever address: an identified caller asks under the name that is bound to him. */
import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { RightsReader } from '../../access/rights.js';
import { RevealPersonalData } from '../../privacy/handlers.js';
import type { Asking, PersonalData } from '../../privacy/personal-data-service.js';
import { Freshness } from '../../read-models/freshness.js';
import { QueryProblem } from '../../read-models/query-problem.js';
import { callerOf, type Sender } from '../../recording/sender.js';
import { ReadModels } from '../read-models.js';

/** Who asks for the texts of which case, and why. */
export type AskedFor = Omit<Asking, 'caller'>;

@Injectable()
export class Revealing {
  constructor(
    private readonly commands: CommandBus,
    private readonly readModels: ReadModels,
    private readonly rights: RightsReader,
    private readonly freshness: Freshness,
  ) {}

  /** Errors: those of `PersonalDataService.reveal`, `not-permitted`, `not-reached`. */
  async reveal(asked: AskedFor, sender: Sender): Promise<PersonalData> {
    await this.readModels.started();
    await this.#requireBoundName(asked, sender);
    const revealed = await this.commands.execute(new RevealPersonalData({ ...asked, caller: sender.caller }));
    // The log may have been away while the access was noted, and the permission may have ended meanwhile.
    await this.#requireBoundName(asked, sender);
    return revealed;
  }

  /**
   * Who is identified asks under the name that is bound to him now, and no other. Errors: `not-permitted`;
   * `StoreUnavailable` where that is not known.
   */
  async #requireBoundName({ agency, actor }: AskedFor, sender: Sender): Promise<void> {
    const caller = callerOf(sender);
    if (caller === null) return;
    await this.freshness.known();
    const bound = this.rights.of(caller).in(agency, 'act')?.actor ?? null;
    if (bound === actor) return;
    throw new QueryProblem(
      'not-permitted',
      `The caller does not act as ${actor} in this agency.`,
      bound === null ? 'An administrator of the agency, or an operator, grants permissions.' : `It acts as ${bound}.`,
    );
  }
}
