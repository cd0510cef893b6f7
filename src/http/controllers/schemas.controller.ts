/** What a message must be: a JSON Schema for each type and version. */
import { Controller, Get, NotFoundException, Param, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Needs } from '../access/needs.js';
import { Answers, AnswersText, Fails } from '../description/answers.js';
import { ApiOperation, ApiTags } from '../description/describe.js';
import { actTypeOf, schemaAddress } from '../../intake/schemas/addresses.js';
import type { JsonSchema } from '../../intake/schemas/json-schema.js';
import { listSchemas, messageSchema, type ListedSchema } from '../../intake/schemas/message-schema.js';
import { Parameter } from '../dto/parameter.js';
import { CACHE_CONTROL } from '../serving/caching.js';
import { FOR_EVER } from '../wire/for-ever.js';
import { At } from '../parameters.js';
import { HoldsNoPersonalData } from '../personal-data-answers.js';

export class SchemaPath {
  @Parameter({ example: 'disclosure.meeting.held' })
  readonly type!: string;

  @Parameter({ type: 'integer', example: 1, description: 'the number of the version' })
  readonly version!: string;
}

export interface Schemas {
  readonly schemas: readonly ListedSchema[];
}

@ApiTags('schemas')
@Controller('v1/schemas')
export class SchemasController {
  @Get()
  @Needs('nothing')
  @HoldsNoPersonalData()
  @ApiOperation({ operationId: 'listSchemas', summary: 'Types of messages, each with its JSON Schema 报文格式' })
  @Answers<Schemas>(200, 'every version of every type')
  list(): Schemas {
    return { schemas: listSchemas() };
  }

  @Get(':type/v:version.json')
  @Needs('nothing')
  @HoldsNoPersonalData()
  @At(SchemaPath)
  @ApiOperation({ operationId: 'getSchema', summary: 'The JSON Schema of a message, the whole CloudEvent' })
  @AnswersText(200, 'draft 2020-12; it never changes', { 'application/schema+json': 'a JSON Schema' })
  @Fails('not-found')
  async schema(@Param() { type, version }: SchemaPath, @Res() reply: FastifyReply): Promise<void> {
    await reply
      .header('content-type', 'application/schema+json; charset=utf-8')
      .header(CACHE_CONTROL, `public, ${FOR_EVER}`)
      .send(JSON.stringify(schemaAt(type, version)));
  }
}

/** Errors: 404 `not-found`. */
function schemaAt(named: string, version: string): JsonSchema {
  const type = named.startsWith('disclosure.') ? actTypeOf(named) : null;
  if (type === null || schemaAddress(type) !== `/v1/schemas/${named}/v${version}.json`) throw new NotFoundException();
  return messageSchema(type);
}
