import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const DEBOUNCE_MS = 250;
/** Of the time, at most a tenth goes into writing, however large the state grows. */
const REST_PER_WRITE = 9;

export interface Snapshot {
  readonly load: () => unknown;
  /** Writes soon; many changes in a row are one writing. */
  readonly save: () => void;
  /** Writes now what waits. */
  readonly flush: () => void;
}

/**
 * One JSON file of a stand-in's state, replaced as a whole (mode 600: it holds what a person typed at the tool). A
 * file that cannot be read counts as none: stand-ins hold nothing that somebody would miss.
 */
export function openSnapshot(dataDir: string, slug: string, state: () => unknown): Snapshot {
  const folder = join(dataDir, "sandbox");
  const path = join(folder, `${slug}.json`);
  let timer: NodeJS.Timeout | null = null;
  let lastWriteMs = 0;

  const write = () => {
    timer = null;
    const began = performance.now();
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(`${path}.new`, JSON.stringify(state()), { mode: 0o600 });
    renameSync(`${path}.new`, path);
    lastWriteMs = performance.now() - began;
  };

  return {
    load: () => {
      try {
        return JSON.parse(readFileSync(path, "utf8")) as unknown;
      } catch {
        return null;
      }
    },
    save: () => {
      timer ??= setTimeout(write, Math.max(DEBOUNCE_MS, lastWriteMs * REST_PER_WRITE));
    },
    flush: () => {
      if (timer === null) return;
      clearTimeout(timer);
      write();
    },
  };
}
