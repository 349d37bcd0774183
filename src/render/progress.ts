import type { Ora } from "ora";
import { duration } from "./words.js";

/** Says what is being done and how long it will take. Writes to stderr only. */
export interface Progress {
  /** @param fraction 0 to 1, where known */
  update(text: string, fraction?: number): void;
  /** A line that stays. */
  say(text: string): void;
  stop(): void;
}

export interface ProgressOptions {
  readonly stream: NodeJS.WriteStream;
  /** A spinner; else a plain line now and then. */
  readonly isInteractive: boolean;
  readonly isQuiet: boolean;
}

/** Where no terminal is, a line at most every so often, so that a CI log shows life and no flood. */
const plainInterval = 30_000;

export async function startProgress({ stream, isInteractive, isQuiet }: ProgressOptions): Promise<Progress> {
  if (isQuiet) return { update: () => {}, say: () => {}, stop: () => {} };
  const start = Date.now();
  const line = (text: string, fraction?: number) => `${text}${estimate(start, fraction)}`;
  if (isInteractive) {
    const { default: ora } = await import("ora");
    let spinner: Ora | undefined;
    return {
      update: (text, fraction) => {
        spinner ??= ora({ stream, discardStdin: false, hideCursor: true }).start();
        spinner.text = line(text, fraction);
      },
      say: (text) => {
        spinner?.clear();
        stream.write(`${text}\n`);
        spinner?.render();
      },
      stop: () => {
        spinner?.stop();
        // What follows, after a question that was asked say, starts a new one.
        spinner = undefined;
      },
    };
  }
  let last = start;
  return {
    update: (text, fraction) => {
      if (Date.now() - last < plainInterval) return;
      last = Date.now();
      stream.write(`${line(text, fraction)}\n`);
    },
    say: (text) => void stream.write(`${text}\n`),
    stop: () => {},
  };
}

function estimate(start: number, fraction: number | undefined): string {
  if (fraction === undefined || fraction <= 0) return "";
  const percent = Math.floor(Math.min(1, fraction) * 100);
  const elapsed = Date.now() - start;
  if (fraction >= 1 || elapsed < 2000) return `  ${percent} %`;
  return `  ${percent} %, about ${duration((elapsed / fraction) * (1 - fraction))} left`;
}
