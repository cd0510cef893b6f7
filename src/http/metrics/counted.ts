/** Counters of what is counted elsewhere: each is looked up as metrics are asked for. */
import { Counter, type Registry } from 'prom-client';

export function counted(registry: Registry, about: { readonly name: string; readonly help: string; readonly value: () => number }): void {
  const { name, help, value } = about;
  new Counter({
    name,
    help,
    registers: [registry],
    collect() {
      this.reset();
      this.inc(value());
    },
  });
}
