/** Media types of what comes in; a command that sends to the service knows them without loading it. */
export const SINGLE = 'application/cloudevents+json';
export const BATCH = 'application/cloudevents-batch+json';
export const NDJSON = 'application/x-ndjson';
/** The data of one message in binary mode, and bodies of requests that are no messages. */
export const JSON_BODY = 'application/json';
