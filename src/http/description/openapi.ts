/**
 * The OpenAPI description at /openapi.json: addresses and parameters as the routes say them, bodies as the classes of
 * messages do, answers as their types do.
 */
import type { INestApplication } from '@nestjs/common';
import * as swagger from '@nestjs/swagger';
import { schemaOfClass } from '../../intake/schemas/class-schema.js';
import { AskingWords } from '../../privacy/asking.js';
import { programVersion } from '../../config/package-files.js';
import { describeRoutes } from './describe.js';
import { answerShapes, operationsOf, withAnswers, type Description } from './operations.js';
import { messageComponents, takesMessages, withMessages } from './messages.js';

const TAGS: Readonly<Record<string, string>> = {
  intake: 'Sending messages, and what was refused 报送',
  schemas: 'What a message must be 报文格式',
  agencies: 'Agencies and how they are set up 行政机关',
  officers: 'Who acted, and in which roles 经办人员',
  audit: 'The log in order 审计',
  tables: 'Yearly tables and reports 年度统计表与报告',
  cases: 'Cases, their trails and due dates 事项',
  'personal data': 'Sealed texts 封存内容',
  access: 'Who may what 权限',
  ledger: 'Checkpoints, proofs and tiles 存证',
  operation: 'Health and metrics 运行',
};

const ABOUT =
  'Event-sourced ledger of government information disclosure 政府信息公开台账. Every act comes in as a CloudEvents 1.0 message at ' +
  'POST /v1/events; what it must be stands in DisclosureEvent, one schema for each type.';

export interface Described {
  readonly app: INestApplication;
  /** Serves the description; may be the same application. */
  readonly pages: INestApplication;
  /** The origin under which it is reached through a proxy; null = by the address that the description was asked at. */
  readonly url: string | null;
}

/** Serves the description of `app` at the addresses of `pages`. */
export function describeApi({ app, pages, url }: Described): void {
  describeRoutes(swagger);
  const config = new swagger.DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('disclosure')
    .setDescription(ABOUT)
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .setVersion(programVersion())
    .addServer(url ?? '/')
    .addBearerAuth(
      { type: 'http', scheme: 'bearer', description: 'Where callers are identified; a service without an issuer asks for none.' },
      'bearer',
    );
  for (const [name, text] of Object.entries(TAGS)) config.addTag(name, text);
  const document: Description = swagger.SwaggerModule.createDocument(app, config.build());
  const { routes, definitions } = answerShapes();
  const schemas: Readonly<Record<string, object>> = { ...messageComponents(), Asking: schemaOfClass(AskingWords), ...definitions };
  document.components = { ...document.components, schemas };
  for (const found of operationsOf(document)) {
    if (takesMessages(found.operation)) withMessages(found.operation);
    withAnswers(found, routes);
  }
  swagger.SwaggerModule.setup('docs', pages, () => document, { jsonDocumentUrl: 'openapi.json' });
}
