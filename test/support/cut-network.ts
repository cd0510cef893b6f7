/**
 * A network that can be cut: it passes bytes on between a replica and its server, until it swallows them without
 * closing anything. What was connected before or during a cut stays silent for ever, as behind a router that forgot it.
 */
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

export class CutNetwork {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** Connections that pass bytes on. */
  #living = new Set<Socket>();
  #isCut = false;

  private constructor(to: { readonly host: string; readonly port: number }) {
    this.#server = createServer((near) => {
      this.#keep(near);
      if (this.#isCut) return;
      const far = connect(to.port, to.host);
      this.#keep(far);
      this.#living.add(near).add(far);
      this.#pass(near, far);
      this.#pass(far, near);
    });
  }

  static async to(url: string): Promise<CutNetwork> {
    const { hostname, port } = new URL(url);
    const network = new CutNetwork({ host: hostname, port: Number(port) });
    await new Promise<void>((resolve) => network.#server.listen(0, '127.0.0.1', resolve));
    return network;
  }

  /** The same server, by way of this network. */
  via(url: string): string {
    return url.replace(new URL(url).host, `127.0.0.1:${(this.#server.address() as AddressInfo).port}`);
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => this.#sockets.delete(socket));
  }

  #pass(from: Socket, to: Socket): void {
    from.on('data', (bytes) => this.#living.has(from) && to.write(bytes));
    from.on('close', () => this.#living.has(from) && to.destroy());
  }

  cut(): void {
    this.#isCut = true;
    this.#living = new Set();
  }

  heal(): void {
    this.#isCut = false;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
