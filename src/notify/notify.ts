import { attempt } from "../findings/attempt.js";
import { carry } from "./carry.js";
import { hide, shownUrl } from "./hide.js";
import { pack } from "./pack.js";
import { type Patience, persist, usualPatience } from "./retry.js";
import { templateFor } from "./text.js";
import type { Announcement, Channel, Delivery, Parcel } from "./types.js";

/** A channel, or why config does not make one: others are told all the same. */
export type GivenChannel =
  | { readonly channel: Channel }
  | { readonly name: string; readonly type: Channel["type"]; readonly problem: string };

export interface NotifyOptions {
  readonly templates: Readonly<Record<string, string>>;
  readonly isDryRun: boolean;
  readonly patience?: Patience;
  readonly signal?: AbortSignal;
}

/**
 * Tells every channel, all at once. One that fails holds up no other, and nothing is thrown for it.
 *
 * @throws the signal's reason as soon as it is aborted.
 */
export function notifyAll(
  given: readonly GivenChannel[],
  announcement: Announcement,
  options: NotifyOptions,
): Promise<Delivery[]> {
  return Promise.all(given.map((each) => notifyOne(each, announcement, options)));
}

async function notifyOne(
  given: GivenChannel,
  announcement: Announcement,
  { templates, isDryRun, patience = usualPatience, signal }: NotifyOptions,
): Promise<Delivery> {
  if (!("channel" in given))
    return {
      ...{ channel: given.name, type: given.type },
      status: "unreached",
      attempts: 0,
      reason: given.problem,
    };
  const { channel } = given;
  const head = { channel: channel.name, type: channel.type };
  const skip = (reason: string): Delivery => ({ ...head, status: "skipped", attempts: 0, reason });
  if (channel.phases && !channel.phases.includes(announcement.phase))
    return skip(`it is told of ${channel.phases.join(", ")} only`);
  const template = templateFor(channel, announcement, templates);
  if (template === undefined)
    return skip("a status page is told of what is complete only, unless it has a template");
  const packed = await attempt(() => pack(channel, template, announcement));
  if (!("value" in packed))
    return { ...head, status: "unreached", attempts: 0, reason: `${packed.problem}; ${packed.hint}` };
  const parcel = packed.value;
  const shown = hide(display(parcel), channel.secrets);
  if (isDryRun) return { ...head, status: "planned", attempts: 0, shown };
  const { attempts, reason } = await persist(() => carry(parcel, signal), { ...patience, signal });
  if (reason === undefined) return { ...head, status: "sent", attempts, shown };
  return { ...head, status: "unreached", attempts, reason: String(hide(reason, channel.secrets)), shown };
}

/** A parcel as it may be shown, but for the channel's secrets. */
function display(parcel: Parcel): unknown {
  switch (parcel.by) {
    case "http":
      return { post: shownUrl(parcel.url), headers: parcel.headers, body: parcel.body };
    case "smtp": {
      const { host, port } = parcel.server;
      return { server: `${host}:${port}`, ...parcel.mail };
    }
    case "file":
      return { file: parcel.path, line: parcel.line };
  }
}
