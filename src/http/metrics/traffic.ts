/** What the service holds at this moment, and what it turned away before a route was asked. */
import type { Server } from 'node:http';
import { Gauge, type Registry } from 'prom-client';
import { counted } from './counted.js';
import type { Traffic, TurnedAway } from '../wire/traffic.js';

const TURNED_AWAY: readonly (readonly [keyof TurnedAway, name: string, help: string])[] = [
  ['shed', 'disclosure_requests_shed_total', 'Requests answered 503 overloaded'],
  ['droppedConnections', 'disclosure_connections_dropped_total', 'Connections closed at once, as there were too many'],
  ['failedHandshakes', 'disclosure_tls_failures_total', 'Connections whose TLS handshake failed'],
  ['stalledBodies', 'disclosure_stalled_bodies_total', 'Requests ended because their body stopped'],
  ['stalledReaders', 'disclosure_stalled_readers_total', 'Answers ended because nobody went on reading them'],
];

export function watchTraffic(registry: Registry, server: Server, traffic: Traffic): void {
  const registers = [registry];
  const gauge = (name: string, help: string, value: () => number | Promise<number>): void => {
    new Gauge({
      name,
      help,
      registers,
      async collect() {
        this.set(await value());
      },
    });
  };
  gauge('disclosure_requests_in_flight', 'Requests that are held, those for health and metrics left out', () => traffic.requests);
  gauge('disclosure_feeds', 'Readers of the feed', () => traffic.feeds);
  gauge('disclosure_body_bytes_held', 'Bytes of the bodies of these, unpacked', () => traffic.bodyBytes);
  gauge('disclosure_connections', 'Open connections', () => connectionsOf(server));
  for (const [name, metric, help] of TURNED_AWAY) counted(registry, { name: metric, help, value: () => traffic.turnedAway[name] });
}

function connectionsOf(server: Server): Promise<number> {
  return new Promise((resolve) => server.getConnections((error, count) => resolve(error === null ? count : 0)));
}
