/**
 * Reads of $all that the server filters. The protocol and every server since 20.6 have them; the client (6.2.1) asks
 * for them in subscriptions only, so the request is put together here from the client's own parts. What others wrote is
 * then looked through by the server and never sent.
 */
import type { AllStreamResolvedEvent, EventStoreDBClient, Position, StreamingRead } from '@eventstore/db-client';
import { ReadStream } from '@eventstore/db-client/dist/streams/utils/ReadStream.js';
import { convertGrpcEvent } from '@eventstore/db-client/dist/utils/index.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import grpc from '@eventstore/db-client/generated/streams_grpc_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';

export interface FilteredRead {
  /** What the names of the streams, or the types of the events, begin with. */
  readonly prefix: { readonly streams: readonly string[] } | { readonly type: string };
  /** `last`: the last event alone; else from a position (inclusive; null = the beginning) on, at most `count`. */
  readonly range: 'last' | { readonly from: Position | null; readonly count?: number };
}

/** What the client does not show: how its own reads are made. */
interface Internals {
  readonly GRPCStreamCreator: (
    client: typeof grpc.StreamsClient,
    name: string,
    create: (client: grpc.StreamsClient) => ReturnType<grpc.StreamsClient['read']>,
  ) => ConstructorParameters<typeof ReadStream<AllStreamResolvedEvent>>[0];
  readonly callArguments: (
    options: object,
    call: { readonly deadline: number },
  ) => [Parameters<grpc.StreamsClient['read']>[1], Parameters<grpc.StreamsClient['read']>[2]];
}

/** Errors: throws where another version of the client makes its reads otherwise. */
function internalsOf(client: object): Internals {
  if (!showsInternals(client)) throw new Error('this version of @eventstore/db-client makes its reads otherwise');
  return client;
}

function showsInternals(client: object): client is Internals {
  return 'GRPCStreamCreator' in client && 'callArguments' in client;
}

/** Events the server looks at before it turns to other work. */
const WINDOW = 500;

export function readFiltered(client: EventStoreDBClient, read: FilteredRead): StreamingRead<AllStreamResolvedEvent> {
  const { GRPCStreamCreator: create, callArguments } = internalsOf(client);
  const request = new streams.ReadReq();
  request.setOptions(optionsOf(read));
  const call = create(grpc.StreamsClient, 'readAll', (server) => server.read(request, ...callArguments({}, { deadline: Infinity })));
  return new ReadStream<AllStreamResolvedEvent>(call, convertGrpcEvent, {});
}

function optionsOf({ prefix, range }: FilteredRead): InstanceType<typeof streams.ReadReq.Options> {
  const { Options } = streams.ReadReq;
  const options = new Options();
  const uuids = new Options.UUIDOption();
  uuids.setString(new shared.Empty());
  options.setUuidOption(uuids);
  options.setAll(startOf(range));
  options.setReadDirection(range === 'last' ? Options.ReadDirection.BACKWARDS : Options.ReadDirection.FORWARDS);
  options.setCount(String(range === 'last' ? 1 : (range.count ?? Number.MAX_SAFE_INTEGER)));
  const filter = new Options.FilterOptions();
  const expression = new Options.FilterOptions.Expression();
  expression.setPrefixList('streams' in prefix ? [...prefix.streams] : [prefix.type]);
  if ('streams' in prefix) filter.setStreamIdentifier(expression);
  else filter.setEventType(expression);
  filter.setMax(WINDOW);
  filter.setCheckpointintervalmultiplier(1);
  options.setFilter(filter);
  return options;
}

function startOf(range: FilteredRead['range']): InstanceType<typeof streams.ReadReq.Options.AllOptions> {
  const all = new streams.ReadReq.Options.AllOptions();
  if (range === 'last') all.setEnd(new shared.Empty());
  else if (range.from === null) all.setStart(new shared.Empty());
  else {
    const position = new streams.ReadReq.Options.Position();
    position.setCommitPosition(String(range.from.commit));
    position.setPreparePosition(String(range.from.prepare));
    all.setPosition(position);
  }
  return all;
}
