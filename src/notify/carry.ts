import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from "node:fs";
import { request } from "undici";
import { asFailure } from "../adapters/http/failure.js";
import { retryAfter } from "../adapters/http/pace.js";
import { MailFailure, sendMail } from "../adapters/mail/smtp.js";
import type { Try } from "./retry.js";
import type { Parcel } from "./types.js";

/** Milliseconds for one try. */
const timeout = 10_000;

/** Carries a parcel to where it belongs, once. What can't be reached is told, not thrown. */
export function carry(parcel: Parcel, signal?: AbortSignal): Promise<Try> {
  switch (parcel.by) {
    case "http":
      return post(parcel, signal);
    case "smtp":
      return mail(parcel);
    case "file":
      return addLine(parcel);
  }
}

async function post({ url, headers, body }: Parcel & { by: "http" }, signal?: AbortSignal): Promise<Try> {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    return { isDone: false, reason: "its URL is no web address", isTransient: false };
  const deadline = AbortSignal.timeout(timeout);
  try {
    const answer = await request(url, {
      method: "POST",
      headers,
      body: JSON.stringify(body),
      signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
    });
    // Whoever does not read an answer keeps its connection busy.
    await answer.body.dump({ limit: 65_536 });
    if (answer.statusCode >= 200 && answer.statusCode < 300) return { isDone: true };
    const asked = answer.headers["retry-after"];
    return {
      isDone: false,
      reason: `it answered ${answer.statusCode}`,
      isTransient: [408, 425, 429].includes(answer.statusCode) || answer.statusCode >= 500,
      retryAfter: typeof asked === "string" ? retryAfter(asked, Date.now()) : undefined,
    };
  } catch (error) {
    signal?.throwIfAborted();
    // Only the origin: of a webhook the path is the secret.
    const { message } = asFailure(
      deadline.aborted ? new Error("no answer in time") : error,
      new URL(url).origin,
    );
    return { isDone: false, reason: message, isTransient: true };
  }
}

async function mail({ server, mail: letter }: Parcel & { by: "smtp" }): Promise<Try> {
  try {
    await sendMail(server, letter, timeout);
    return { isDone: true };
  } catch (error) {
    if (!(error instanceof MailFailure)) throw error;
    return { isDone: false, reason: error.message, isTransient: error.isTransient };
  }
}

/** Adds a line to a file, once: a rollout that is resumed tells the same again. */
async function addLine({ path, line }: Parcel & { by: "file" }): Promise<Try> {
  try {
    const file = openSync(path, "a+");
    try {
      const before = readFileSync(path, "utf8");
      if (before.split(/\r?\n/).includes(line)) return { isDone: true };
      writeSync(file, `${before === "" || before.endsWith("\n") ? "" : "\n"}${line}\n`);
      fsyncSync(file);
      return { isDone: true };
    } finally {
      closeSync(file);
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return { isDone: false, reason: `can't write ${path}: ${code ?? error}`, isTransient: false };
  }
}
