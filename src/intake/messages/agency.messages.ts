/** Data of `agency.*` messages. */
import { ArrayMaxSize, ArrayNotEmpty, IsArray, ValidateNested } from 'class-validator';
import { AgencyCode, DateOnly, Nested, Office, OneObject, OneOf, Optional, Person, Text, Word, Year } from './fields.js';

import { REPORTING } from '../../domain/agency/acts.js';

export class AgencyRegistered {
  @Word(200) name!: string;
  @Word() @Person() administrator!: string;
  @Optional() @AgencyCode() parent?: string;
  @Optional() @OneOf(REPORTING) reporting?: (typeof REPORTING)[number];
  @Optional() @IsArray() @ArrayNotEmpty() @ArrayMaxSize(20) @Word(40, { each: true }) forms?: string[];
}

export class AgencyChanged {
  @Optional() @Word(200) name?: string;
  @Optional() @AgencyCode() parent?: string;
  @Optional() @OneOf(REPORTING) reporting?: (typeof REPORTING)[number];
  @Optional() @IsArray() @ArrayNotEmpty() @ArrayMaxSize(20) @Word(40, { each: true }) forms?: string[];
  @DateOnly() from!: string;
}

export class ChainStep {
  @Word() @Office() step!: string;
  @Word() @Office() role!: string;
  @Word() @Office() unit!: string;
}

export class ChainApprover {
  @Word() @Office() role!: string;
  @Word() @Office() unit!: string;
}

export class ClearanceChainSet {
  @Nested(ChainStep) @IsArray() @ArrayMaxSize(20) @OneObject({ each: true }) @ValidateNested({ each: true }) steps!: ChainStep[];
  @Nested(ChainApprover) @Optional() @OneObject() @ValidateNested() approver?: ChainApprover;
}

export class RoleChange {
  @Word() @Person() actor!: string;
  @Word() @Office() role!: string;
}

export class FigureDeclared {
  @Year() year!: number;
  @Word(40) form!: string;
  @Word(60) cell!: string;
  @Word(200) value!: string;
  @Text() evidence!: string;
}

/** By type. */
export const AGENCY_CLASSES = {
  'agency.registered': AgencyRegistered,
  'agency.changed': AgencyChanged,
  'agency.clearance-chain-set': ClearanceChainSet,
  'agency.role-assigned': RoleChange,
  'agency.role-ended': RoleChange,
  'agency.figure-declared': FigureDeclared,
} as const;
