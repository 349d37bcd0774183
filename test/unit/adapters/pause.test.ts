import { expect, test } from "vitest";
import { Pace } from "../../../src/adapters/http/pace.js";
import { pause } from "../../../src/adapters/pause.js";
import { InterruptedError } from "../../../src/findings/errors.js";

const interruption = new InterruptedError("interrupted", "run it again");

test("an abort ends a pause at once, with the signal's own reason", async () => {
  const control = new AbortController();
  const waiting = pause(60_000, control.signal);
  control.abort(interruption);
  await expect(waiting).rejects.toBe(interruption);
});

test("a pause under an aborted signal does not begin", async () => {
  await expect(pause(60_000, AbortSignal.abort(interruption))).rejects.toBe(interruption);
});

test("so does one between paced requests", async () => {
  const control = new AbortController();
  const pace = new Pace(0.01);
  await pace.turn(control.signal);
  const waiting = pace.turn(control.signal);
  control.abort(interruption);
  await expect(waiting).rejects.toBe(interruption);
});
