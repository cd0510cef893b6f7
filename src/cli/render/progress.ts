/** How far a long command is, and how long it will take: on a terminal alone, so pipes and `--json` stay clean. */
import cliProgress from 'cli-progress';

export interface Progress {
  /** `step` stands before the bar. */
  update(step: string, events: number, of: number): void;
  stop(): void;
}

const SILENT: Progress = { update: () => undefined, stop: () => undefined };

/** `what`: what is counted. */
export function progressBar(what: 'events' | 'rows' = 'events'): Progress {
  if (!process.stderr.isTTY) return SILENT;
  const bar = new cliProgress.SingleBar(
    { format: `{step} {bar} {percentage}% | {value}/{total} ${what} | ETA {eta_formatted}`, stream: process.stderr },
    cliProgress.Presets.shades_classic,
  );
  let begun = false;
  return {
    update: (step, events, of) => {
      if (!begun) bar.start(of, 0, { step });
      begun = true;
      bar.setTotal(of);
      bar.update(events, { step });
    },
    stop: () => {
      if (begun) bar.stop();
      begun = false;
    },
  };
}
