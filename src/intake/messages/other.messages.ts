/** Data of the messages whose cases are one or few plain acts, and of the void of any act. */
import { ValidateNested } from 'class-validator';
import { MEANS, type Means } from '../../domain/small-kinds/acts.js';
import { MEDIA } from '../../domain/small-kinds/plain-acts.js';
import { RANKS } from '../../domain/publication/acts.js';
import { Checked } from './publication.messages.js';
import { CaseReference, Nested, OneObject, OneOf, Optional, Person, PrintedCells, Text, Whole, Word, Year, YesNo } from './fields.js';

export class NormativeDocument {
  @Word(200) documentNumber!: string;
  @Text(1000) title!: string;
  @Optional() @OneOf(RANKS) rank?: (typeof RANKS)[number];
}

export class HotspotAnswered {
  @Text(1000) topic!: string;
  @OneOf(MEANS) means!: Means;
}

export class PressConferenceHeld {
  @Text(1000) title!: string;
  @YesNo() chiefAttended!: boolean;
}

export class InterpretationPublished {
  @Text(1000) title!: string;
  @Optional() @CaseReference() of?: string;
}

export class DeliveryMade {
  @Text(200) place!: string;
  @OneOf(MEDIA) medium!: (typeof MEDIA)[number];
  @Whole(1) items!: number;
}

export class MeetingHeld {
  @Text(1000) title!: string;
}

export class TrainingHeld {
  @Text(1000) title!: string;
  @Whole(0) trainees!: number;
}

export class TableDeclared {
  @Year() year!: number;
  @Word(40) form!: string;
  @PrintedCells() cells!: Record<string, string | null>;
  @Text() evidence!: string;
}

export class MessageName {
  @Text(512) id!: string;
  @Optional() @Text(512) source?: string;
}

export class RecordVoided {
  @Nested(MessageName) @OneObject() @ValidateNested() message!: MessageName;
  @Text() reason!: string;
  @Word() @Person() approvedBy!: string;
}

export class RecordErased {
  @Text() reason!: string;
  @Word() @Person() approvedBy!: string;
}

/** By type. */
export const OTHER_CLASSES = {
  'site.checked': Checked,
  'normative-document.issued': NormativeDocument,
  'normative-document.repealed': NormativeDocument,
  'hotspot.answered': HotspotAnswered,
  'press-conference.held': PressConferenceHeld,
  'interpretation.published': InterpretationPublished,
  'delivery.made': DeliveryMade,
  'meeting.held': MeetingHeld,
  'training.held': TrainingHeld,
  'table.declared': TableDeclared,
  'record.voided': RecordVoided,
  'record.erased': RecordErased,
} as const;
