/** `disclosure serve`: runs until SIGTERM or SIGINT, then finishes what it has begun. */
import { createApp, listen } from '../main.js';
import { parsePort, readConfig } from '../config.js';
import { openWriter } from '../runtime.js';
import { WriterLock } from '../writer-lock.js';
import { EXIT, type ExitCode } from './exit-codes.js';
import { note } from './output.js';

export async function serve(options: { readonly port?: string }): Promise<ExitCode> {
  const config = readConfig(process.env);
  const port = options.port === undefined ? config.port : parsePort(options.port);
  const runtime = openWriter({ config });
  if (runtime?.writer == null) {
    const holder = WriterLock.holder(config.data);
    note(
      `disclosure: ${config.data} is in use by process ${holder?.pid ?? 'unknown'}${holder?.url == null ? '' : `, serving ${holder.url}`}`,
    );
    return EXIT.unreachable;
  }
  const app = await createApp(runtime);
  // Listens for the signals before it says that it is ready: whoever reads that line may send one at once.
  const stopped = new Promise<void>((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
  });
  try {
    const url = await listen(app, port);
    runtime.writer.lock.announce(url);
    note(`listening on ${url}`);
    await stopped;
  } finally {
    await app.close();
    await runtime.close();
  }
  return EXIT.done;
}
