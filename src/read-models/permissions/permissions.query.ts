/** Who may what in an agency, for the query bus. */
import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { agencyMoment, trailEnd } from '../cases/case-as-of.js';
import { agencyIdOf, LATEST } from '../agencies/agency-reader.js';
import { MomentReader } from '../journal/as-of.js';
import { ReadStore } from '../read-store.js';
import { grantsIn, type GrantIn } from './permission-reader.js';

export interface Permissions {
  /** What stands, in the order in which it was granted, whatever its days. */
  readonly permissions: readonly Omit<GrantIn, 'agency'>[];
}

/** Errors: `unknown-agency`, `bad-as-of`, `not-reached`. */
export class GetPermissions extends Query<Permissions> {
  constructor(
    readonly agency: string,
    readonly asOf?: string,
  ) {
    super();
  }
}

@QueryHandler(GetPermissions)
export class GetPermissionsHandler implements IQueryHandler<GetPermissions> {
  constructor(
    @Inject(ReadStore) private readonly store: ReadStore,
    @Inject(MomentReader) private readonly moments: MomentReader,
  ) {}

  async execute({ agency, asOf }: GetPermissions): Promise<Permissions> {
    await this.moments.requireIndex(asOf);
    const { store } = this;
    const { agencyId, index } =
      asOf === undefined ? { agencyId: agencyIdOf(store.db, agency), index: LATEST } : agencyMoment(store, agency, asOf, trailEnd(store));
    const permissions = grantsIn(store.db, agencyId, index).map(({ agency: _own, ...grant }) => grant);
    return { permissions };
  }
}
