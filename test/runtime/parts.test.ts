/** Every part of an open ledger is a provider of its own, which a testing module puts another in place of. */
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test, type TestingModuleBuilder } from '@nestjs/testing';
import { AppModule } from '../../src/app.module.js';
import { DeadlineReader } from '../../src/read-models/deadlines/deadline-reader.js';
import { MessageRecorder } from '../../src/recording/message-recorder.js';
import { RecordMessage } from '../../src/recording/handlers.js';
import { NO_IDENTITY } from '../../src/recording/sender.js';
import { BY_CLASS } from '../../src/runtime/parts.module.js';
import { GetTable } from '../../src/tables/handlers.js';
import { TableReader } from '../../src/tables/table-reader.js';
import { AGENCY } from '../support/messages.js';
import { startService, type TestService } from '../support/service.js';
import { smallYear } from '../support/year.js';

let service: TestService;

beforeAll(async () => {
  service = await startService();
  await service.record(...smallYear());
  await service.settled();
});

afterAll(() => service.finish());

const around = (): TestingModuleBuilder => Test.createTestingModule({ imports: [AppModule.around(service.runtime)] });

test('handlers use the reader put in place', async () => {
  // A handler works with the reader put in place.
  const asked: unknown[] = [];
  const table = { year: 1984 };
  const tables = { table: (question: unknown) => (asked.push(question), table) };
  const module = await around().overrideProvider(TableReader).useValue(tables).compile();
  await module.init();
  const question = { agency: AGENCY, year: 2017 };
  await expect(module.get(QueryBus).execute(new GetTable(question))).resolves.toBe(table);
  expect(asked).toEqual([question]);
  await module.close();
});

test('a message reaches the recorder put in place', async () => {
  const receipt = { status: 'recorded' };
  const recorder = { recordBytes: async () => receipt };
  const module = await around().overrideProvider(MessageRecorder).useValue(recorder).compile();
  await module.init();
  const command = new RecordMessage(Buffer.from('{}'), NO_IDENTITY);
  await expect(module.get(CommandBus).execute(command)).resolves.toBe(receipt);
  await module.close();
});

test('addresses answer from the reader put in place', async () => {
  // An address answers from the reader put in place.
  const deadlines = { deadlines: () => ({ on: '1984-04-04' }) };
  const module = await around().overrideProvider(DeadlineReader).useValue(deadlines).compile();
  const app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), { logger: false });
  await app.init();
  const answer = await app.inject(`/v1/agencies/${AGENCY}/deadlines`);
  expect(answer.json()).toEqual({ on: '1984-04-04' });
  await app.close();
});

test('each part can be replaced', async () => {
  // All at once: a part that is not a provider under its class stays what the runtime composed.
  const builder = around();
  const replaced = BY_CLASS.map(([part]) => ({ part, by: { instead: part } }));
  for (const { part, by } of replaced) builder.overrideProvider(part).useValue(by);
  const module = await builder.compile();
  expect(replaced.filter(({ part, by }) => module.get(part, { strict: false }) !== by).map(({ part }) => part)).toEqual([]);
  await module.close();
});
