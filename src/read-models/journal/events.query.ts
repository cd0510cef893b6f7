/** A page of the log, for the query bus. */
import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { EVENT_LOG, type EventLog } from '../../log/event-log.js';
import { ReadStore } from '../read-store.js';
import { readEvents, type EventPage, type EventQuestion } from './event-reader.js';

export class ReadEvents extends Query<EventPage> {
  constructor(readonly question: EventQuestion) {
    super();
  }
}

@QueryHandler(ReadEvents)
export class ReadEventsHandler implements IQueryHandler<ReadEvents> {
  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(ReadStore) private readonly store: ReadStore,
  ) {}

  execute({ question }: ReadEvents): Promise<EventPage> {
    return readEvents({ log: this.log, store: this.store }, question);
  }
}
