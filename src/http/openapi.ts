/** The OpenAPI description at /openapi.json: the routes describe themselves, the shapes that matter are here. */
import { programVersion } from '../config/version.js';
import type { INestApplication } from '@nestjs/common';
import * as swagger from '@nestjs/swagger';
import { REFUSAL_CODES } from '../domain/refusal-codes.js';
import { ACT_TYPES, publicType } from '../events/catalog.js';
import { describeRoutes } from './describe.js';
import { CELL_VIEWS } from '../tables/year-view.js';

const text = { type: 'string' } as const;
const optional = { type: 'string', nullable: true } as const;

type Schemas = NonNullable<NonNullable<swagger.OpenAPIObject['components']>['schemas']>;

const SCHEMAS: Schemas = {
  DisclosureEvent: {
    type: 'object',
    description:
      'CloudEvents 1.0 message; an array of them as application/cloudevents-batch+json, one per line as application/x-ndjson; in binary mode ' +
      '(application/json) the attributes are headers ce-id, ce-source, …, percent-encoded, each once, and the body is data',
    required: ['specversion', 'id', 'source', 'type', 'subject', 'time', 'agency', 'actor'],
    additionalProperties: false,
    properties: {
      specversion: { type: 'string', enum: ['1.0'] },
      id: { ...text, description: 'with source it identifies the message' },
      source: text,
      type: { type: 'string', enum: ACT_TYPES.map(publicType) },
      subject: { ...text, example: 'publication/2017-0001' },
      time: { ...text, format: 'date-time' },
      agency: { ...text, pattern: '^[a-z0-9-]{1,40}$' },
      actor: text,
      data: { type: 'object' },
      datacontenttype: { type: 'string', enum: ['application/json'] },
      dataschema: text,
      traceparent: text,
      tracestate: text,
    },
  },
  Refusal: {
    type: 'object',
    required: ['code', 'message', 'hint'],
    properties: { code: { type: 'string', enum: [...REFUSAL_CODES] }, message: text, hint: text, details: { type: 'object' } },
  },
  Receipt: {
    type: 'object',
    required: ['source', 'id', 'status', 'stream', 'revision', 'position', 'eventIds'],
    properties: {
      source: optional,
      id: optional,
      status: { type: 'string', enum: ['recorded', 'duplicate', 'refused'] },
      stream: optional,
      revision: { type: 'integer', nullable: true },
      position: optional,
      eventIds: { type: 'array', items: text },
      voidedBy: text,
      error: { $ref: '#/components/schemas/Refusal' },
    },
  },
  Table: {
    type: 'object',
    properties: {
      agency: text,
      year: { type: 'integer' },
      form: text,
      policy: text,
      calendar: text,
      view: { type: 'string', enum: CELL_VIEWS },
      asOf: { type: 'object', properties: { position: optional, index: { type: 'integer', nullable: true }, recordedAt: optional } },
      hash: {
        ...text,
        description:
          'sha256: of the RFC 8785 form of everything here but hash, view, stale, columns, published, contentHash, asOf.position and each row’s section',
      },
      contentHash: { ...text, description: 'as hash, without asOf: another one says that something in the table changed' },
      columns: {
        type: 'array',
        description: 'what the form prints over its columns, one entry per section and key; none where every row prints one value',
        items: {
          type: 'object',
          required: ['section', 'key', 'label'],
          properties: {
            section: { ...text, example: '3' },
            key: { ...text, example: 'business' },
            label: { ...text, example: '商业企业' },
            group: { ...text, example: '法人或其他组织', description: 'the head over several columns' },
          },
        },
      },
      rows: {
        type: 'array',
        items: {
          type: 'object',
          properties: {
            code: text,
            section: { ...text, description: 'of a row that prints several values: where its columns are named' },
            label: text,
            unit: optional,
            value: { ...optional, description: 'of a row that prints one value' },
            cells: { type: 'object', additionalProperties: optional, description: 'by column, of a row that prints several values' },
            partial: { type: 'boolean', description: 'of a roll-up with missing members' },
            basis: { type: 'string', nullable: true, enum: ['counted', 'declared', 'paper', 'computed', null] },
          },
        },
      },
      members: {
        type: 'array',
        description: 'of a roll-up: the agency itself, then those below it on 31 December of the year',
        items: { type: 'object', properties: { agency: text, status: { type: 'string', enum: ['included', 'missing', 'vertical'] } } },
      },
      findings: {
        type: 'array',
        items: {
          type: 'object',
          properties: {
            rule: text,
            severity: { type: 'string', enum: ['error', 'warning', 'info'] },
            cells: { type: 'array', items: text },
            left: optional,
            right: optional,
            message: text,
            cases: { type: 'array', items: text, description: 'the first 200 in the order of the log' },
            caseCount: { type: 'integer', description: 'how many there are; present where cases is' },
          },
        },
      },
      published: {
        type: 'object',
        nullable: true,
        description: 'on the live view: the report that stands published for the year in this form; null where none does',
        properties: {
          hash: text,
          index: { type: 'integer', description: 'the last event in the published table' },
          differs: { type: 'boolean', description: 'a cell is no longer as it was published: view=difference says which' },
        },
      },
      stale: {
        type: 'object',
        nullable: true,
        description: 'the table lacks what was recorded; null while it holds everything, or lags by less than a second',
        required: ['since', 'why'],
        properties: {
          since: { ...text, format: 'date-time', description: 'when the first event that is not in it was recorded' },
          why: { type: 'string', enum: ['behind', 'failing', 'stopped'] },
          projection: { ...text, description: 'the read model that stopped' },
          eventId: { ...text, description: 'that first event, where it is known' },
        },
      },
    },
  },
  Health: {
    type: 'object',
    properties: {
      status: { type: 'string', enum: ['ready', 'degraded', 'not-ready'] },
      log: { type: 'string', enum: ['reachable', 'unreachable'] },
      writes: { type: 'string', enum: ['taken', 'refused'] },
      refused: { ...optional, description: 'why every message is refused' },
      broken: { ...optional, description: 'why the read models stand still for good' },
      failing: { ...optional, description: 'why they stand still and try again' },
      openFiles: {
        type: 'array',
        description: 'files of the data folder that other accounts of the machine may use',
        items: { type: 'object', properties: { file: text, mode: text } },
      },
      readModels: {
        type: 'array',
        items: {
          type: 'object',
          properties: {
            name: text,
            position: optional,
            index: { type: 'integer' },
            stopped: { type: 'object', nullable: true, properties: { eventId: text, why: text } },
          },
        },
      },
    },
  },
  Deadlines: {
    type: 'object',
    properties: {
      on: { ...text, format: 'date' },
      open: {
        type: 'array',
        description: 'applications open at the end of that day, by due date, those without one last',
        items: {
          type: 'object',
          properties: {
            agency: text,
            case: { ...text, example: 'application/2021-0001' },
            receivedOn: { ...text, format: 'date' },
            ordinaryEnd: { ...optional, format: 'date' },
            dueOn: { ...optional, format: 'date', description: 'null while something is awaited' },
            waitingFor: { type: 'string', enum: ['supplement', 'third-party'] },
            provisional: { type: 'boolean', description: 'rests on a year without a calendar' },
            daysLeft: { type: 'integer', nullable: true, description: 'working days; 0 on the last day, negative when overdue' },
            explanation: {
              type: 'array',
              description: 'with case: every day from the receipt on',
              items: {
                type: 'object',
                properties: {
                  date: { ...text, format: 'date' },
                  kind: { type: 'string', enum: ['working', 'make-up', 'weekend', 'holiday'] },
                  counted: { type: 'integer', nullable: true },
                  rule: {
                    type: 'string',
                    enum: ['received', 'counted', 'extension', 'weekend', 'holiday', 'third-party', 'supplement', 'restarted'],
                  },
                  notice: { ...optional, description: 'of the calendar of that year; null where there is none' },
                },
              },
            },
            redated: {
              type: 'array',
              description: 'with case: calendars announced since the receipt that moved the due date',
              items: {
                type: 'object',
                properties: { by: text, year: { type: 'integer' }, recordedAt: text, dueOnBefore: optional, dueOn: optional },
              },
            },
          },
        },
      },
    },
  },
  Trail: {
    type: 'object',
    properties: {
      case: text,
      state: text,
      title: optional,
      entries: {
        type: 'array',
        items: {
          type: 'object',
          properties: {
            eventId: text,
            type: text,
            at: text,
            recordedAt: text,
            actor: text,
            role: optional,
            attestation: { type: 'string', enum: ['own-token', 'emitter', 'none'] },
            contentHash: optional,
            opinion: optional,
            sealed: {
              type: 'boolean',
              enum: [true],
              description: 'holds sealed texts that are not shown here; absent where there are none',
            },
            step: text,
            verdict: text,
            channel: text,
            approvedBy: { type: 'object', properties: { actor: text, attestation: { type: 'string', enum: ['none'] } } },
            recordedAfter: { ...text, description: 'ISO 8601 duration from the act to its recording, PT0S at least' },
            waited: { ...optional, description: 'ISO 8601 duration since the latest act it rests on' },
            remarks: { type: 'array', items: { type: 'object', properties: { code: text, message: text } } },
          },
        },
      },
      remarks: {
        type: 'array',
        description: 'of the case as a whole; accessed: how often its sealed texts were asked for; erased: they are gone',
        items: { type: 'object', properties: { code: text, message: text } },
      },
    },
  },
  Asking: {
    type: 'object',
    required: ['actor', 'reason'],
    additionalProperties: false,
    properties: {
      actor: { ...text, minLength: 1, maxLength: 100, description: 'the officer who asks' },
      reason: { ...text, minLength: 1, maxLength: 1000, description: 'why; one line, kept clear and for ever: no personal data' },
    },
  },
  PersonalData: {
    type: 'object',
    required: ['case', 'events'],
    properties: {
      case: { ...text, example: 'application/2017-0001' },
      events: {
        type: 'array',
        description: 'events that hold sealed texts, in the order of recording',
        items: {
          type: 'object',
          required: ['eventId', 'type', 'at', 'texts'],
          properties: {
            eventId: text,
            type: text,
            at: text,
            texts: { type: 'object', description: 'sealed fields, in the shape of data' },
          },
        },
      },
    },
  },
  Accesses: {
    type: 'object',
    required: ['accesses'],
    properties: {
      accesses: {
        type: 'array',
        description: 'newest first, at most 1000',
        items: {
          type: 'object',
          required: ['eventId', 'recordedAt', 'case', 'actor', 'reason', 'caller', 'granted'],
          properties: {
            eventId: text,
            recordedAt: { ...text, format: 'date-time' },
            case: text,
            actor: text,
            reason: text,
            caller: { ...optional, description: 'the authenticated caller; null without identity' },
            granted: { type: 'boolean' },
          },
        },
      },
    },
  },
} as const;

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
    .setTitle('disclosure')
    .setDescription('Event-sourced ledger of government information disclosure 政府信息公开台账')
    .setVersion(programVersion());
  if (url !== null) config.addServer(url);
  const document = swagger.SwaggerModule.createDocument(app, config.build());
  document.components = {
    ...document.components,
    schemas: {
      ...document.components?.schemas,
      ...structuredClone(SCHEMAS),
    },
  };
  swagger.SwaggerModule.setup('docs', pages, document, { jsonDocumentUrl: 'openapi.json' });
}
