/**
 * Runs work that an abort ends: `drop` has to make it fail.
 *
 * @throws the signal's reason when it is aborted, else what the work throws.
 */
export async function abortable<T>(
  signal: AbortSignal | undefined,
  drop: () => void,
  work: () => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  signal?.addEventListener("abort", drop, { once: true });
  try {
    const result = await work();
    signal?.throwIfAborted();
    return result;
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener("abort", drop);
  }
}
