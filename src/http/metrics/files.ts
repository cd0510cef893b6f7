/** How large the files of the ledger are, and how much room is left for them. */
import { Gauge, type Registry } from 'prom-client';
import type { DataFiles } from '../../config/data-files.js';

export function watchFiles(registry: Registry, files: DataFiles): void {
  const registers = [registry];
  new Gauge({
    name: 'disclosure_file_bytes',
    help: 'Size of each database file of the ledger; -wal is what was committed and not yet moved into its file',
    labelNames: ['file'],
    registers,
    collect() {
      this.reset();
      for (const { file, bytes } of files.sizes()) this.set({ file }, bytes);
    },
  });
  new Gauge({
    name: 'disclosure_data_free_bytes',
    help: 'Bytes that this account may still write on the disk of the data folder',
    registers,
    collect() {
      this.set(files.freeBytes());
    },
  });
}
