/** While permissions are still being read from the log nobody is let in by them. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Admission } from '../../src/http/access/admission.js';
import { Rights } from '../../src/access/rights.js';
import { StandingWatch } from '../../src/access/standing.js';

const caller = { issuer: 'local', subject: 'a' };
const reply = { header: () => undefined } as unknown as FastifyReply;
const request = (): FastifyRequest =>
  ({
    url: '/v1/events',
    query: {},
    raw: { rawHeaders: ['Authorization', 'Bearer x'] },
    routeOptions: { config: {} },
  }) as unknown as FastifyRequest;

const rights = { of: () => new Rights([], { lineOf: () => [], above: () => [], roots: () => [], administers: () => false }) };

test.each([
  [true, 'let in'],
  [false, 'not-reached'],
])('at the end of the log: %s', async (started, outcome) => {
  // Read models at the end of the log.
  const admission = new Admission({
    identity: { check: async () => ({ ok: true, caller, expiresAt: Infinity }) },
    rights,
    standings: new StandingWatch(rights, () => 0),
    started: async () => started,
    operators: [],
    publishedIsPublic: false,
    refused: () => undefined,
  });
  const answer = await admission.identify(request(), reply).then(
    () => 'let in',
    ({ problem }: { problem: { code: string } }) => problem.code,
  );
  expect(answer).toBe(outcome);
});
