// A service as a measurement that goes on, and rounds of intake into it.
import { measure, start } from './measure.mjs';

/** `where`: `{url: null, folder}` for the embedded log, `{url, namespace, folder}` for EventStoreDB. */
export async function openService(where) {
  const service = start('service', 'serve', where);
  const { address } = await service.message('listening');
  /** Waits for the read models; gives `cpuSeconds` and the stops of the event loop since it was asked last. */
  const rest = () => {
    service.send({ kind: 'rest' });
    return service.message('resting');
  };
  return { address, rest, stop: service.stop };
}

/**
 * One round of intake. The events that the read models still have to take belong to the intake that wrote them, not to
 * the next round.
 */
export async function loaded({ address, rest }, args) {
  await rest();
  const sent = await measure('service', 'load', { address, ...args });
  const { cpuSeconds, stopped } = await rest();
  return { ...sent, serviceCpu: cpuSeconds / sent.seconds, stopped };
}
