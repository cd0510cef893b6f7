/** The forms of the yearly table. */
import { Controller, Get, Param } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { GetForm, ListForms, type FormDescription, type Forms } from '../../tables/forms.query.js';
import { Needs } from '../access/needs.js';
import { ApiOperation, ApiResponse, ApiTags } from '../describe.js';
import { Parameter } from '../dto/parameter.js';
import { At } from '../parameters.js';
import { HoldsNoPersonalData } from '../personal-data-answers.js';

export class FormPath {
  @Parameter({ example: '2021' })
  readonly form!: string;
}

@ApiTags('tables')
@Controller('v1/forms')
export class FormsController {
  constructor(private readonly queries: QueryBus) {}

  @Get()
  @Needs('nothing')
  @HoldsNoPersonalData()
  @ApiOperation({ summary: 'The forms of the yearly table 统计表式' })
  @ApiResponse({ status: 200, description: '{forms: [{form, label, years: {from, to}}]}' })
  forms(): Promise<Forms> {
    return this.queries.execute(new ListForms());
  }

  @Get(':form')
  @Needs('nothing')
  @HoldsNoPersonalData()
  @At(FormPath)
  @ApiOperation({ summary: 'Rows, columns, units and rules of a form 表式的行、列、单位与勾稽关系' })
  @ApiResponse({
    status: 200,
    description:
      '{form, label, years, basis, rows: [{code, label, unit, section, columns, heading?, years?}], columns, rules: [{rule, severity}]}',
  })
  form(@Param() { form }: FormPath): Promise<FormDescription> {
    return this.queries.execute(new GetForm(form));
  }
}
