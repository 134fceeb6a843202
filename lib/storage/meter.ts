import { createHash, type Hash } from "node:crypto";
import type { WriteStream } from "node:fs";
import { GrowingHash } from "@/lib/storage/growing-hash";
import { Pace } from "@/lib/storage/pace";

const mib = 1_048_576;
/** How much of a file is kept for telling what it is. */
export const headBytes = 65_536;
/** From here on a file is hashed on another core; a smaller one is not worth a thread. */
export const largeBytes = 8 * mib;
const advanceBytes = 4 * mib;

/** Watches what flows into a file: counts and hashes it, remembers the head, and keeps its pace. */
export class Meter {
  readonly heads: Buffer[] = [];
  private headSize = 0;
  private readonly file: WriteStream;
  private readonly pace: Pace;
  private hash: Hash | null = createHash("sha256");
  private growing: GrowingHash | null = null;
  private advanceDue = largeBytes;

  constructor(file: WriteStream) {
    this.file = file;
    this.pace = new Pace(file);
  }

  get bytes(): number {
    return this.pace.bytes;
  }

  readonly take = (data: Buffer | string): void => {
    const chunk = typeof data === "string" ? Buffer.from(data) : data;
    this.hash?.update(chunk);
    if (this.headSize < headBytes) {
      const part = Buffer.from(chunk.subarray(0, headBytes - this.headSize));
      this.heads.push(part);
      this.headSize += part.length;
    }
    this.pace.add(chunk.length);
    if (this.bytes >= this.advanceDue) this.hashOnAnotherCore();
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
    this.advanceDue += advanceBytes;
    // What the page cache has; the rest of what was taken is on its way there.
    const written = this.file.bytesWritten;
    if (written === 0) return;
    this.growing ??= new GrowingHash(String(this.file.path));
    this.hash = null;
    this.growing.advance(written);
  }
}
