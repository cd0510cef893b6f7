/** The forms of the yearly table. */
import { Controller, Get, Param } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { GetForm, ListForms, type FormDescription, type Forms } from '../../tables/forms.query.js';
import { Needs } from '../access/needs.js';
import { Answers, Fails } from '../description/answers.js';
import { ApiOperation, ApiTags } from '../description/describe.js';
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
  @ApiOperation({ operationId: 'listForms', summary: 'The forms of the yearly table 统计表式' })
  @Answers<Forms>(200, 'those that this program holds')
  forms(): Promise<Forms> {
    return this.queries.execute(new ListForms());
  }

  @Get(':form')
  @Needs('nothing')
  @HoldsNoPersonalData()
  @At(FormPath)
  @ApiOperation({ operationId: 'getForm', summary: 'Rows, columns, units and rules of a form 表式的行、列、单位与勾稽关系' })
  @Answers<FormDescription>(200, 'the form, in its printed order')
  @Fails('unknown-form')
  form(@Param() { form }: FormPath): Promise<FormDescription> {
    return this.queries.execute(new GetForm(form));
  }
}
