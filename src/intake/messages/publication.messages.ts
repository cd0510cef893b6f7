/** Data of `publication.*` messages. */
import { ArrayMaxSize, ArrayNotEmpty, ArrayUnique, IsArray } from 'class-validator';
import { ATTRIBUTES, CHANNELS, CHECK_FINDINGS, RANKS, VERDICTS, type Channel } from '../../domain/publication/acts.js';
import { DateOnly, Hash, Office, OneOf, Optional, Text, Url, Word } from './fields.js';

export class PublicationDrafted {
  @Text(1000) title!: string;
  @Hash() contentHash!: string;
  @Optional() @Word(200) documentNumber?: string;
  @Optional() @Word(200) indexNumber?: string;
  @Optional() @Word(200) category?: string;
  @Optional() @OneOf(RANKS) normative?: (typeof RANKS)[number];
  @Optional() @DateOnly() formedOn?: string;
  @Optional() @OneOf(ATTRIBUTES) attribute?: (typeof ATTRIBUTES)[number];
}

export class PublicationRevised {
  @Hash() contentHash!: string;
  @Optional() @Text(1000) title?: string;
}

export class Cleared {
  @Word() @Office() step!: string;
  @OneOf(VERDICTS) verdict!: (typeof VERDICTS)[number];
  @Hash() contentHash!: string;
  @Optional() @Text() opinion?: string;
}

export class PublicationApproved {
  @Hash() contentHash!: string;
  @Optional()
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(CHANNELS.length)
  @ArrayUnique()
  @OneOf(CHANNELS, { each: true })
  channels?: Channel[];
}

export class PublicationRejected {
  @Text() reason!: string;
}

export class PublicationReleased {
  @OneOf(CHANNELS) channel!: Channel;
  @Hash() contentHash!: string;
  @Optional() @Url() url?: string;
}

/** Also the check of a whole site. */
export class Checked {
  @OneOf(CHECK_FINDINGS) finding!: (typeof CHECK_FINDINGS)[number];
  @Optional() @Text() note?: string;
}

export class PublicationCorrected {
  @Hash() contentHash!: string;
  @Text() reason!: string;
}

export class PublicationWithdrawn {
  @Text() reason!: string;
  @Optional() @OneOf(CHANNELS) channel?: Channel;
}

/** By type. */
export const PUBLICATION_CLASSES = {
  'publication.drafted': PublicationDrafted,
  'publication.revised': PublicationRevised,
  'publication.cleared': Cleared,
  'publication.approved': PublicationApproved,
  'publication.rejected': PublicationRejected,
  'publication.released': PublicationReleased,
  'publication.checked': Checked,
  'publication.corrected': PublicationCorrected,
  'publication.withdrawn': PublicationWithdrawn,
} as const;
