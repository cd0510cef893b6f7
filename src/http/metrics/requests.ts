/** What requests took and how they ended. Labels are patterns, codes and needs of routes: a closed set. */
import { Counter, Histogram, type Registry } from 'prom-client';
import type { Need } from '../access/needs.js';
import type { UnroutedAnswer } from '../wire/traffic.js';

export interface AnsweredRequest {
  readonly method: string;
  /** The pattern of its address: never the address, which may name a case; null where there is nothing. */
  readonly route: string | null;
  readonly status: number;
  /** Of its problem document; undefined where it was answered with none. */
  readonly code: string | undefined;
  readonly ms: number;
  /** What its route asks of a caller. */
  readonly needs: Need | undefined;
  /** As far as it was read, unpacked. */
  readonly bodyBytes: number;
  readonly answerBytes: number;
}

const KIB = 1024;
const SIZES = [KIB, 16 * KIB, 256 * KIB, KIB * KIB, 4 * KIB * KIB, 16 * KIB * KIB, 256 * KIB * KIB];
const NO_ROUTE = 'none';

export class RequestMetrics {
  readonly #seconds: Histogram;
  readonly #bodies: Histogram;
  readonly #answers: Histogram;
  readonly #problems: Counter;
  readonly #notPermitted: Counter;

  constructor(registry: Registry) {
    const registers = [registry];
    const sizes = (name: string, help: string): Histogram =>
      new Histogram({ name, help, labelNames: ['route'], buckets: SIZES, registers });
    this.#seconds = new Histogram({
      name: 'disclosure_http_request_seconds',
      help: 'Seconds from the head of a request to the end of its answer, by method, pattern of the address and status',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.001, 0.01, 0.1, 1, 10, 60],
      registers,
    });
    this.#bodies = sizes(
      'disclosure_http_request_bytes',
      'Bytes of the bodies that were read, unpacked; requests without one are left out',
    );
    this.#answers = sizes('disclosure_http_answer_bytes', 'Bytes of answers without their heads');
    this.#problems = new Counter({
      name: 'disclosure_http_problems_total',
      help: 'Problem documents by pattern of the address, status and code; route none: no route gave it',
      labelNames: ['route', 'status', 'code'],
      registers,
    });
    this.#notPermitted = new Counter({
      name: 'disclosure_not_permitted_total',
      help: 'Requests that were refused for a missing permission, by pattern of the address and what it asks for',
      labelNames: ['route', 'needs'],
      registers,
    });
  }

  answered({ method, route, status, code, ms, needs, bodyBytes, answerBytes }: AnsweredRequest): void {
    const at = { route: route ?? NO_ROUTE };
    this.#seconds.observe({ method, ...at, status }, ms / 1000);
    if (bodyBytes > 0) this.#bodies.observe(at, bodyBytes);
    this.#answers.observe(at, answerBytes);
    if (code !== undefined) this.#problems.inc({ ...at, status, code });
    if (status === 403 && code === 'not-permitted') this.#notPermitted.inc({ ...at, needs: needsLabel(needs) });
  }

  unrouted({ status, code }: UnroutedAnswer): void {
    this.#problems.inc({ route: NO_ROUTE, status, code });
  }
}

/** `audit or act in the agency`, as far as the route itself says it. */
function needsLabel(need: Need | undefined): string {
  if (need === undefined) return 'nobody';
  if (typeof need === 'string') return need;
  return 'anywhere' in need ? `${need.anywhere.join(' or ')} anywhere` : `${need.agency.join(' or ')} in the agency`;
}
