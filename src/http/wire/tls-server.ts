/**
 * The server under everything else: Node's over TLS where there is a certificate, else its plain one. What is behind
 * it sees one kind of server, and connections that are secured where they are to be.
 */
import { createServer, type RequestListener, type Server, type ServerOptions as PlainOptions } from 'node:http';
import { Server as HttpsServer, type ServerOptions } from 'node:https';
import type { Socket } from 'node:net';
import type { Tls } from '../../config/tls.js';

/** Older ones are broken, and no client needs them. */
const MIN_VERSION = 'TLSv1.2';

/** A handshake may take as long as the head of a request. */
export function newServer(options: PlainOptions, tls: Tls | null, answer: RequestListener): Server {
  if (tls === null) return createServer(options, answer);
  return new TlsServer({ ...options, ...tls, minVersion: MIN_VERSION, handshakeTimeout: options.headersTimeout }, answer);
}

/** Node's, which at the end closes those connections too that never came as far as a request. */
class TlsServer extends HttpsServer {
  readonly #shaking = new Set<Socket>();

  constructor(options: ServerOptions, answer: RequestListener) {
    super(options, answer);
    this.on('connection', (socket: Socket) => {
      this.#shaking.add(socket);
      socket.once('close', () => this.#shaking.delete(socket));
    });
  }

  override closeAllConnections(): void {
    super.closeAllConnections();
    for (const socket of this.#shaking) socket.destroy();
  }
}

/** Calls `take` with each connection as requests come on it: behind the handshake, where there is one. */
export function onConnection(server: Server, take: (socket: Socket) => void): void {
  server.on(server instanceof TlsServer ? 'secureConnection' : 'connection', take);
}

/** Handshakes from now on show this certificate. A plain server has none to renew. */
export function renewCertificate(server: Server, tls: Tls): void {
  if (server instanceof TlsServer) server.setSecureContext({ ...tls, minVersion: MIN_VERSION });
}
