/** Which agencies the tables of many are of. */
import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { agencyIdOf, descendantsOn, LATEST, profilesAsOf } from '../read-models/agencies/agency-reader.js';
import { QueryProblem } from '../read-models/query-problem.js';
import { ReadStore } from '../read-models/read-store.js';
import { TableReader } from './table-reader.js';

/** Agencies that one question may name. */
export const MAX_AGENCIES = 500;

export interface ManyAsked {
  readonly year: number;
  readonly agencies?: readonly string[];
  readonly below?: string;
}

/**
 * Codes in their order, each once. `permit` throws for one that the asker may not see: it comes before whether there is
 * one. Errors: `bad-year`, `bad-parameter` (neither or both, too many), `unknown-agency`, those of `permit`.
 */
export class AgenciesFor extends Query<readonly string[]> {
  constructor(
    readonly asked: ManyAsked,
    readonly permit: (agency: string) => void,
  ) {
    super();
  }
}

@QueryHandler(AgenciesFor)
export class AgenciesForHandler implements IQueryHandler<AgenciesFor> {
  constructor(
    @Inject(ReadStore) private readonly store: ReadStore,
    @Inject(TableReader) private readonly tables: TableReader,
  ) {}

  async execute({ asked, permit }: AgenciesFor): Promise<readonly string[]> {
    this.tables.requireYear(asked.year);
    const named = namedIn(asked);
    for (const agency of named) permit(agency);
    return Promise.resolve(
      this.store.db.transaction(() => {
        for (const agency of named) this.#requireRegistered(agency);
        const codes = asked.below === undefined ? named : [...named, ...this.#below(asked.below, asked.year)];
        for (const agency of codes) permit(agency);
        return [...new Set(codes)].sort();
      })(),
    );
  }

  #below(agency: string, year: number): string[] {
    return descendantsOn(this.store.db, agency, `${year}-12-31`, LATEST).map(({ agency: { code } }) => code);
  }

  #requireRegistered(agency: string): void {
    const id = agencyIdOf(this.store.db, agency);
    if (profilesAsOf(this.store.db, id, LATEST) === null)
      throw new QueryProblem('unknown-agency', `Agency ${agency} is not registered.`, 'Codes are those of agency.registered.');
  }
}

function namedIn({ agencies, below }: ManyAsked): readonly string[] {
  if ((agencies === undefined) === (below === undefined))
    throw new QueryProblem('bad-parameter', 'Either agencies or below says whose tables.', 'Write agencies=a,b or below=a.');
  const named = agencies ?? [below ?? ''];
  if (named.length > MAX_AGENCIES)
    throw new QueryProblem('bad-parameter', `${named.length} agencies are too many.`, `Name at most ${MAX_AGENCIES}, or write below=.`);
  return named;
}
