/** The question for a page of the log, or for lines of it. */
import { IsInt, Max, Min } from 'class-validator';
import { DEFAULT_PAGE, LIMIT_PROBLEM } from '../../read-models/journal/event-reader.js';
import { Parameter, refusedAs, wholeNumber } from './parameter.js';

/** Of NDJSON, which is given as it is read. */
const MAX_LINES = 10_000_000;
/** As the reader says it of a page (read-models/journal/event-reader.ts). */
const OUT_OF_RANGE = refusedAs(LIMIT_PROBLEM.message, { code: 'bad-parameter', hint: LIMIT_PROBLEM.hint });

export class EventsParameters {
  @Parameter({ description: 'the next of the page before' })
  readonly after?: string;

  /** Of one page the reader takes MAX_PAGE at most. */
  @Parameter({ description: '1 to 1000, default 100; of NDJSON up to 10,000,000' }, wholeNumber(9))
  @IsInt(OUT_OF_RANGE)
  @Min(1, OUT_OF_RANGE)
  @Max(MAX_LINES, OUT_OF_RANGE)
  readonly limit: number = DEFAULT_PAGE;

  @Parameter()
  readonly agency?: string;

  @Parameter({ example: 'disclosure.publication.released' })
  readonly type?: string;
}
