// What this module graph has met before: a Map is several times cheaper than the registry of symbols, and hot paths ask
// a dozen times a request. A singleton is never replaced, so both always agree.
const met = new Map<string, unknown>();

/**
 * One instance per process. `server.ts` loads route modules itself while Next bundles its own copies, so a
 * module-level variable would exist twice; everything with state (pool, limiter, queue client, caches) lives
 * behind this helper instead.
 */
export function singleton<T>(name: string, make: () => T): T {
  const known = met.get(name);
  if (known !== undefined) return known as T;
  const store = globalThis as unknown as Record<symbol, T | undefined>;
  const key = Symbol.for(`harmony.${name}`);
  const one = store[key] ?? make();
  store[key] = one;
  met.set(name, one);
  return one;
}
