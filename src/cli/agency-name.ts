/** The name an agency goes by now. */
import type { QueryBus } from '@nestjs/cqrs';
import { GetCase } from '../privacy/handlers.js';

export async function agencyName(queries: QueryBus, agency: string): Promise<string> {
  return (await queries.execute(new GetCase(agency, { kind: 'agency', number: agency }))).title ?? agency;
}
