/** The HTTP service: a Nest application on Fastify around a writing runtime. */
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply } from 'fastify';
import { AppModule } from './app.module.js';
import { BATCH, NDJSON, SINGLE } from './http/intake.controller.js';
import { describeApi } from './http/openapi.js';
import { toProblem } from './http/problem-details.filter.js';
import { PROBLEM_JSON } from './http/problem.js';
import { PinoLogger } from './logger.js';
import type { Runtime } from './runtime.js';

export const MAX_BODY_BYTES = 16 * 1024 * 1024;
/** Until callers are identified the service is for this machine alone. */
const HOST = '127.0.0.1';

export async function createApp(runtime: Runtime): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit: MAX_BODY_BYTES,
    // A number of 64 characters outside the basic plane takes 768 when percent-encoded.
    routerOptions: { maxParamLength: 1024 },
    forceCloseConnections: true,
    // Errors before any route, such as an address that is no URL.
    frameworkErrors: (error: Error, _request: unknown, reply: FastifyReply) => {
      const found = toProblem(error);
      void reply.status(found.status).header('content-type', PROBLEM_JSON).send(JSON.stringify(found));
    },
  });
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.around(runtime, { web: true }), adapter, {
    bodyParser: false,
    logger: new PinoLogger(),
  });
  const fastify = adapter.getInstance();
  fastify.removeAllContentTypeParsers();
  // Bodies stay bytes: what is not UTF-8 or not JSON is refused by the reader, message by message.
  fastify.addContentTypeParser([SINGLE, BATCH, NDJSON], { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  describeApi(app);
  await app.init();
  await fastify.ready();
  return app;
}

/** Listens; gives the address. */
export async function listen(app: NestFastifyApplication, port: number): Promise<string> {
  await app.listen(port, HOST);
  return (await app.getUrl()).replace('[::1]', HOST);
}
