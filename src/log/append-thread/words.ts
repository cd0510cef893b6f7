/** What the thread that appends to EventStoreDB and the thread that began it say to each other. */

/** What the thread is begun with. */
export interface Begun {
  readonly url: string;
}

/** An event as the client takes it, checked before: its id is a UUID, its texts are JSON. */
export interface Proposed {
  readonly id: string;
  readonly type: string;
  /** Text of JSON. */
  readonly data: string;
  readonly metadata: string;
}

export interface Asked {
  /** Tells the answer to it. */
  readonly seq: number;
  /** With the namespace. */
  readonly stream: string;
  /** As the client names it. */
  readonly expected: 'any' | 'no_stream' | 'stream_exists' | bigint;
  /**
   * Later it is not sent any more, by the machine's clock, ms: a thread that has just begun, or was stopped, must not
   * send what was decided long before.
   */
  readonly sendBy: number;
  /** How long the server may take, ms. */
  readonly deadline: number;
  readonly events: readonly Proposed[];
}

/** Where the last event stands; `position` null where the server did not tell. */
export interface Taken {
  readonly seq: number;
  readonly revision: number;
  readonly position: string | null;
}

/** What is known of an error of the client: its classes do not pass from thread to thread. */
export interface NotTaken {
  readonly seq: number;
  readonly message: string;
  readonly type: unknown;
  readonly code: unknown;
  /** The revision that was found, or none; where the type says that another was expected. */
  readonly actualVersion: unknown;
}

export type Answer = Taken | NotTaken;
