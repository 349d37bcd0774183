import { stateFolderOf } from "../adapters/journal-file.js";
import { currentActor, openFileState, openPostgresState, type SharedState } from "../rollout/index.js";
import type { Work } from "./execute.js";
import { redactPasswords } from "./redact.js";

/** Name of a journal whose application has none. */
const unnamed = "default";

/**
 * Does some work with the journal and the lock: in PostgreSQL where config names `state.url`, else in files.
 *
 * @throws UsageError where `state.url` leads nowhere.
 */
export async function withSharedState<Result>(
  { context, settings, note }: Work,
  work: (state: SharedState) => Promise<Result>,
): Promise<Result> {
  const writer = { actor: currentActor(), now: context.now, clean: redactPasswords };
  const url = settings.stateUrl();
  const onCreate = (message: string) => note(`note: ${message}`);
  const state = url
    ? openPostgresState({ url: url.reveal(), name: settings.app ?? unnamed, onCreate }, writer)
    : openFileState(stateFolderOf(settings.base, settings.stateFolder), writer);
  try {
    return await work(state);
  } finally {
    await state.close();
  }
}
