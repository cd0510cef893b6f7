/** Questions about tables and their cells. */
import { IsBoolean, IsIn, IsOptional } from 'class-validator';
import { CELL_VIEWS, noView, VIEWS_HINT, VIEWS } from '../../tables/year-view.js';
import { After, AsOf } from './common.js';
import { Parameter, refusedAs } from './parameter.js';

const FORM = { description: 'another form than the agency’s of that year' } as const;
const VIEW = {
  description:
    'absent = paper where a table is declared for the year, else live; published = as the last published report froze it; difference = {changes}, of a table only',
} as const;
const NO_VIEW = refusedAs(noView, { code: 'bad-view', hint: VIEWS_HINT });

/** A yes or a no, and nothing else. */
const Rollup = (): PropertyDecorator => (target, property) => {
  const description = { enum: ['true', 'false'], description: 'added up with the agencies below it on 31 December' };
  Parameter(description, (text) => (text === 'true' || text === 'false' ? text === 'true' : text))(target, property);
  IsOptional()(target, property);
  IsBoolean(
    refusedAs((value) => `rollup is true or false, not "${String(value)}".`, {
      code: 'bad-parameter',
      hint: 'Write rollup=true, or leave it out.',
    }),
  )(target, property);
};

export class TableParameters {
  @Parameter(FORM)
  readonly form?: string;

  @AsOf()
  readonly asOf?: string;

  @Parameter({ enum: VIEWS, ...VIEW })
  @IsOptional()
  @IsIn(VIEWS, NO_VIEW)
  readonly view?: (typeof VIEWS)[number];

  @Rollup()
  readonly rollup?: boolean;

  @After()
  readonly after?: string;
}

export class CellParameters {
  @Parameter(FORM)
  readonly form?: string;

  @AsOf()
  readonly asOf?: string;

  @Parameter({ enum: CELL_VIEWS, ...VIEW })
  @IsOptional()
  @IsIn(CELL_VIEWS, NO_VIEW)
  readonly view?: (typeof CELL_VIEWS)[number];

  @Rollup()
  readonly rollup?: boolean;

  @After()
  readonly after?: string;
}

/** Of the review and sign-off of a year. */
export class SummaryParameters {
  @AsOf()
  readonly asOf?: string;
}
