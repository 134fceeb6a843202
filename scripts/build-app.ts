import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { projectRoot } from "./environment";
import { runOnce } from "./keep-running";
import { withLock } from "./process-lock";

/** What `next build` reads. Migrations, tests and server.ts are not part of the bundle. */
const SOURCES = [
  "app",
  "components",
  "lib",
  "db",
  "next.config.ts",
  "postcss.config.mjs",
  "tsconfig.json",
  "package-lock.json",
];
const NOT_BUNDLED = /\.test\.tsx?$|^db[/\\]migrations[/\\]/;
const BUILD_TIMEOUT_MS = 10 * 60_000;

function listFiles(path: string): string[] {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** SHA-256 over the names and contents of everything that the build reads. Takes some milliseconds. */
export function hashSources(root = projectRoot): string {
  const hash = createHash("sha256");
  for (const source of SOURCES) {
    for (const file of listFiles(join(root, source)).sort()) {
      const name = relative(root, file);
      if (NOT_BUNDLED.test(name)) continue;
      const content = readFileSync(file);
      hash.update(`${name}\0${content.length}\0`).update(content);
    }
  }
  return hash.digest("hex");
}

function isFresh(hash: string): boolean {
  const stamp = join(projectRoot, ".next", "harmony-build-hash");
  return (
    existsSync(join(projectRoot, ".next", "BUILD_ID")) &&
    existsSync(stamp) &&
    readFileSync(stamp, "utf8") === hash
  );
}

/**
 * Builds the app when the sources changed since the last build; `onBuild` is called just before. Processes that
 * find a stale build together build once. Rejects with the build's own output on the error stream.
 */
export async function ensureBuilt(signal: AbortSignal, onBuild: () => void): Promise<void> {
  const hash = hashSources();
  if (isFresh(hash)) return;
  const lock = join(projectRoot, "node_modules", ".cache", "harmony-build.lock");
  await withLock(lock, BUILD_TIMEOUT_MS, async () => {
    if (isFresh(hash)) return;
    onBuild();
    const stamp = join(projectRoot, ".next", "harmony-build-hash");
    rmSync(stamp, { force: true });
    const env = { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" } as const;
    const args = [join("node_modules", "next", "dist", "bin", "next"), "build"];
    await runOnce({ name: "build", args, env }, signal, { quiet: true });
    writeFileSync(stamp, hash);
  });
}
