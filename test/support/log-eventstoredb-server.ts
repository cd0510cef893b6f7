/**
 * An EventStoreDB server of the test's own, to be killed and frozen. EVENTSTOREDB_COMMAND says how to start one: a
 * command line that takes a port and a data folder as two more arguments and becomes (exec) the server, without TLS, on
 * 127.0.0.1: a signal to it must reach the server.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const FIRST_PORT = 2213;

export class OwnServer {
  #process: ChildProcess | null = null;
  #said = '';

  private constructor(
    readonly port: number,
    readonly folder: string,
    private readonly command: string,
  ) {}

  /** `from`: where to look for a port; files that run at the same time look in different places. */
  static async start(command: string, from = FIRST_PORT): Promise<OwnServer> {
    const server = new OwnServer(await freePort(from), await mkdtemp(join(tmpdir(), 'disclosure-test-')), command);
    await server.restart();
    return server;
  }

  get url(): string {
    return `esdb://127.0.0.1:${this.port}?tls=false`;
  }

  /** Starts it on the same folder; resolves when it answers. It may still call itself not ready for half a second. */
  async restart(): Promise<void> {
    const child = spawn('/bin/sh', ['-c', `exec ${this.command} "$@"`, 'sh', String(this.port), this.folder]);
    this.#process = child;
    const keep = (chunk: Buffer): void => {
      this.#said = (this.#said + chunk.toString()).slice(-2000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    while (!(await this.#alive())) {
      if (child.exitCode !== null) throw new Error(`EVENTSTOREDB_COMMAND gave no server: ${this.#said}`);
      await sleep(50);
    }
  }

  async #alive(): Promise<boolean> {
    try {
      const { status } = await fetch(`http://127.0.0.1:${this.port}/health/live`, { signal: AbortSignal.timeout(2000) });
      return status === 204;
    } catch {
      return false;
    }
  }

  /** kill -9; resolves when it is gone. */
  async kill(): Promise<void> {
    const child = this.#process;
    if (child === null) return;
    this.#process = null;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    this.#signal(child, 'SIGKILL');
    await gone;
  }

  /** It keeps its connections and answers nothing. */
  freeze(): void {
    this.#signal(this.#process, 'SIGSTOP');
  }

  thaw(): void {
    this.#signal(this.#process, 'SIGCONT');
  }

  #signal(child: ChildProcess | null, signal: NodeJS.Signals): void {
    if (child?.kill(signal) !== true) throw new Error(`there is no server to send ${signal}: ${this.#said}`);
  }

  async remove(): Promise<void> {
    await this.kill();
    await rm(this.folder, { recursive: true, force: true });
  }
}

export async function freePort(from = FIRST_PORT): Promise<number> {
  for (let port = from; port < from + 200; port += 1) {
    const free = await new Promise<boolean>((resolve) => {
      const probe = createServer();
      probe.once('error', () => resolve(false));
      probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
    });
    if (free) return port;
  }
  throw new Error(`no free port from ${from} on`);
}
