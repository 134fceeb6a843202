/**
 * One instance per process. `server.ts` loads route modules itself while Next bundles its own copies, so a
 * module-level variable would exist twice; everything with state (pool, limiter, queue client, caches) lives
 * behind this helper instead.
 */
export function singleton<T>(name: string, make: () => T): T {
  const store = globalThis as unknown as Record<symbol, T | undefined>;
  const key = Symbol.for(`harmony.${name}`);
  const existing = store[key];
  if (existing !== undefined) return existing;
  const created = make();
  store[key] = created;
  return created;
}
