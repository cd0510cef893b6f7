/** Data of `calendar.announced`. */
import { ArrayMaxSize, IsArray } from 'class-validator';
import { DateOnly, Text, Year } from './fields.js';

export class CalendarAnnounced {
  @Year() year!: number;
  @IsArray() @ArrayMaxSize(366) @DateOnly({ each: true }) off!: string[];
  @IsArray() @ArrayMaxSize(366) @DateOnly({ each: true }) worked!: string[];
  @Text(1000) notice!: string;
}

/** By type. */
export const CALENDAR_CLASSES = {
  'calendar.announced': CalendarAnnounced,
} as const;
