import { createHash, type Hash } from "node:crypto";
import { fdatasync, type WriteStream } from "node:fs";
import { collectRecentGarbage } from "@/lib/core/collect-garbage";
import { GrowingHash } from "@/lib/storage/growing-hash";

const mib = 1_048_576;
/** How much of a file is kept for telling what it is. */
const headBytes = 65_536;
/** From here on a file is hashed on another core; a smaller one is not worth a thread. */
const largeBytes = 8 * mib;
const advanceBytes = 4 * mib;
const collectBytes = 16 * mib;
const flushBytes = 64 * mib;

/**
 * Watches what flows into a file: counts and hashes it, remembers the head, has what has arrived written to the disk
 * on the way, so that the last sync of a large upload does not have to wait for all of it, and keeps memory flat.
 */
export class Meter {
  bytes = 0;
  readonly heads: Buffer[] = [];
  private headSize = 0;
  private readonly file: WriteStream;
  private fd: number | undefined;
  private hash: Hash | null = createHash("sha256");
  private growing: GrowingHash | null = null;
  private isFlushing = false;
  private readonly due = { advance: largeBytes, collect: collectBytes, flush: flushBytes };

  constructor(file: WriteStream) {
    this.file = file;
    file.once("open", (opened) => {
      this.fd = opened;
    });
    file.once("close", () => {
      this.fd = undefined;
    });
  }

  readonly take = (data: Buffer | string): void => {
    const chunk = typeof data === "string" ? Buffer.from(data) : data;
    this.bytes += chunk.length;
    this.hash?.update(chunk);
    if (this.headSize < headBytes) {
      const part = Buffer.from(chunk.subarray(0, headBytes - this.headSize));
      this.heads.push(part);
      this.headSize += part.length;
    }
    if (this.bytes >= this.due.advance) this.hashOnAnotherCore();
    if (this.bytes >= this.due.collect) {
      this.due.collect += collectBytes;
      collectRecentGarbage();
    }
    if (this.bytes >= this.due.flush && !this.isFlushing) this.flush();
  };

  /** Lowercase hex of everything; the file must be finished. */
  async sha256(): Promise<string> {
    if (this.growing) return this.growing.end(this.bytes);
    return this.hash?.digest("hex") ?? "";
  }

  /** For a file that is given up. */
  async cancel(): Promise<void> {
    await this.growing?.cancel();
  }

  private hashOnAnotherCore(): void {
    this.due.advance += advanceBytes;
    // What the page cache has; the rest of what was taken is on its way there.
    const written = this.file.bytesWritten;
    if (written === 0) return;
    this.growing ??= new GrowingHash(String(this.file.path));
    this.hash = null;
    this.growing.advance(written);
  }

  private flush(): void {
    if (this.fd === undefined) return;
    this.isFlushing = true;
    this.due.flush += flushBytes;
    // Only a head start: whether the bytes are safe is decided by the sync in `keep`, which reports errors.
    fdatasync(this.fd, () => {
      this.isFlushing = false;
    });
  }
}
