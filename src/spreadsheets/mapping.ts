/** A mapping as it is written: which column is what, and what messages a row becomes. */
import { ArrayMaxSize, ArrayNotEmpty, IsArray, ValidateBy, ValidateNested } from 'class-validator';
import { ENCODINGS, type CsvEncoding } from '../documents/sheets/csv-form.js';
import { isObject } from '../encoding/unknown-values.js';
import { Nested, OneObject, OneOf, Optional, Text, Whole, Word, YesNo } from '../intake/messages/fields.js';

/** What the cells of a column hold, and so how they are read. */
export const CELL_KINDS = ['text', 'name', 'case-number', 'day', 'time', 'whole', 'yuan', 'hash'] as const;
export type CellKind = (typeof CELL_KINDS)[number];

/** In what order a day is written that does not say it. */
export const DAY_ORDERS = ['ymd', 'mdy', 'dmy'] as const;
export type DayOrder = (typeof DAY_ORDERS)[number];

/** An object of texts by names of any kind. */
function Texts(mayBeNull = false): PropertyDecorator {
  const accepts = (value: unknown): boolean => typeof value === 'string' || (mayBeNull && value === null);
  const said = mayBeNull ? 'texts or null' : 'texts';
  return ValidateBy({
    name: 'texts',
    validator: {
      validate: (value) => isObject(value) && Object.values(value).every(accepts),
      defaultMessage: () => `$property must be an object of ${said}`,
    },
  });
}

/** Any object: what stands in it is looked at where its texts are read. */
function AnyObject(): PropertyDecorator {
  return ValidateBy({
    name: 'anyObject',
    validator: { validate: isObject, defaultMessage: () => '$property must be an object' },
  });
}

export class HeaderPlace {
  /** The row of the heads, as the spreadsheet numbers it; looked for where it is not given. */
  @Optional() @Whole(1) row?: number;
  /** How many rows the heads take. */
  @Optional() @Whole(1) rows?: number;
}

export class MappedColumn {
  @Word(60) name!: string;
  /** What stands over it, in any of these spellings. */
  @IsArray() @ArrayNotEmpty() @ArrayMaxSize(40) @Text(200, { each: true }) heads!: string[];
  @Optional() @OneOf(CELL_KINDS) is?: CellKind;
  @Optional() @YesNo() required?: boolean;
  /** What is meant by what is written; null for nothing. */
  @Optional() @Texts(true) values?: Record<string, string | null>;
  /** What is meant by what `values` does not have; without it such a row is refused. */
  @Optional() @Text(200) otherwise?: string;
  /** Characters at which a cell of several values is split. */
  @Optional() @Word(20) split?: string;
  @Optional() @Word(5) clock?: string;
  @Optional() @OneOf(DAY_ORDERS) order?: DayOrder;
}

export class MappedMessage {
  @Word() type!: string;
  @Word(400) id!: string;
  @Word(400) subject!: string;
  @Word(200) time!: string;
  @Optional() @Word(200) agency?: string;
  @Optional() @Word(200) actor?: string;
  @Optional() @Word(400) source?: string;
  /** A column that is split: one message for each of its values. */
  @Optional() @Word(60) each?: string;
  /** By column: `filled`, `blank`, or the values of which it must have one. */
  @Optional() @AnyObject() when?: Record<string, unknown>;
  @Optional() @AnyObject() data?: Record<string, unknown>;
}

export class MappedTable {
  @Optional() @Word(40) form?: string;
  @Word(400) id!: string;
  @Word(200) time!: string;
  @Text(1000) evidence!: string;
}

export class Mapping {
  @Word(200) title!: string;
  @Optional() @Word(200) sheet?: string;
  @Optional() @Nested(HeaderPlace) @OneObject() @ValidateNested() header?: HeaderPlace;
  @Optional() @OneOf(ENCODINGS) encoding?: CsvEncoding;
  @Optional() @Text(1) delimiter?: string;
  @Optional() @Texts() constants?: Record<string, string>;
  @Optional()
  @Nested(MappedColumn)
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(200)
  @OneObject({ each: true })
  @ValidateNested({ each: true })
  columns?: MappedColumn[];
  /** Columns that `{rowHash}` is made of; all where none are named. */
  @Optional() @IsArray() @ArrayNotEmpty() @ArrayMaxSize(200) @Word(60, { each: true }) hashed?: string[];
  /** Rows whose first filled cell begins so are no acts: sums and notes below the table. */
  @Optional() @IsArray() @ArrayMaxSize(100) @Text(200, { each: true }) skip?: string[];
  @Optional()
  @Nested(MappedMessage)
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(50)
  @OneObject({ each: true })
  @ValidateNested({ each: true })
  messages?: MappedMessage[];
  @Optional() @Nested(MappedTable) @OneObject() @ValidateNested() table?: MappedTable;
}
