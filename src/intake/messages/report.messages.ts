/** Data of `report.*` messages. */
import { ArrayMaxSize, ArrayNotEmpty, IsArray, ValidateNested } from 'class-validator';
import { Hash, Nested, Office, OneObject, OneOf, Optional, Text, Url, Whole, Word, Year } from './fields.js';
import { VERDICTS } from '../../domain/publication/acts.js';

export class FindingAccepted {
  @Word() rule!: string;
  @IsArray() @ArrayMaxSize(500) @Word(100, { each: true }) cells!: string[];
  @Text() reason!: string;
}

export class ReportCompiled {
  @Year() year!: number;
  @Word(40) form!: string;
  @Whole(0) index!: number;
  @Hash() tableHash!: string;
  @Optional()
  @Nested(FindingAccepted)
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(200)
  @OneObject({ each: true })
  @ValidateNested({ each: true })
  accepted?: FindingAccepted[];
}

export class ReportCleared {
  @Word() @Office() step!: string;
  @OneOf(VERDICTS) verdict!: (typeof VERDICTS)[number];
  @Hash() tableHash!: string;
  @Optional() @Text() opinion?: string;
}

export class ReportApproved {
  @Hash() tableHash!: string;
}

export class ReportPublished {
  @Hash() tableHash!: string;
  @Optional() @Url() url?: string;
}

/** By type. */
export const REPORT_CLASSES = {
  'report.compiled': ReportCompiled,
  'report.cleared': ReportCleared,
  'report.approved': ReportApproved,
  'report.published': ReportPublished,
} as const;
