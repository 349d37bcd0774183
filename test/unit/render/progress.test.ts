import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { startProgress } from "../../../src/render/progress.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

async function linesOf(seconds: number, isQuiet = false): Promise<string[]> {
  const lines: string[] = [];
  const stream = { write: (text: string) => lines.push(text) } as unknown as NodeJS.WriteStream;
  const progress = await startProgress({ stream, isInteractive: false, isQuiet });
  for (let second = 0; second < seconds; second += 1) {
    vi.advanceTimersByTime(1000);
    progress.update(`GET /assets/${second}`, second / seconds);
  }
  progress.stop();
  return lines;
}

test("without a terminal a run under half a minute leaves no line in a log, a longer one two a minute", async () => {
  expect(await linesOf(29)).toEqual([]);
  const lines = await linesOf(125);
  expect(lines).toHaveLength(4);
  expect(lines[0]).toMatch(/^GET \/assets\/29 {2}23 %, about .+ left\n$/);
  expect(await linesOf(125, true)).toEqual([]);
});
