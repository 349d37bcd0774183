const LIFETIME_MILLISECONDS = 10_000;

const entries = new Map<string, { value: unknown; expires: number }>();

/** What `load` gave for this key at most ten seconds ago, or gives now. The key must name whose value it is. */
export async function cached<Value>(key: string, load: () => Promise<Value>): Promise<Value> {
  const entry = entries.get(key);
  if (entry && entry.expires > Date.now()) return entry.value as Value;
  const value = await load();
  entries.set(key, { value, expires: Date.now() + LIFETIME_MILLISECONDS });
  return value;
}

/** The next reader loads it anew. */
export function forget(key: string): void {
  entries.delete(key);
}
