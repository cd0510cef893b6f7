/** Data of `report.*` messages. */
import { ArrayMaxSize, ArrayNotEmpty, IsArray, ValidateNested } from 'class-validator';
import { Hash, Nested, Office, OneObject, OneOf, Optional, Text, TextParts, Url, Whole, Word, Year, YesNo } from './fields.js';
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
  @Optional() @Text() reason?: string;
  @Optional() @YesNo() rollup?: boolean;
}

export class ReportTextWritten {
  @Year() year!: number;
  @Word(40) form!: string;
  @Hash() textHash!: string;
  @TextParts() parts!: Record<string, string>;
}

export class ReportCleared {
  @Word() @Office() step!: string;
  @OneOf(VERDICTS) verdict!: (typeof VERDICTS)[number];
  @Hash() tableHash!: string;
  @Optional() @Hash() textHash?: string;
  @Optional() @Text() opinion?: string;
}

export class ReportApproved {
  @Hash() tableHash!: string;
  @Optional() @Hash() textHash?: string;
}

export class ReportPublished {
  @Hash() tableHash!: string;
  @Optional() @Hash() textHash?: string;
  @Optional() @Url() url?: string;
}

/** By type. */
export const REPORT_CLASSES = {
  'report.compiled': ReportCompiled,
  'report.text-drafted': ReportTextWritten,
  'report.text-revised': ReportTextWritten,
  'report.cleared': ReportCleared,
  'report.approved': ReportApproved,
  'report.published': ReportPublished,
} as const;
