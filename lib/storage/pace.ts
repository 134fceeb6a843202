import { fdatasync, type WriteStream } from "node:fs";
import { Readable } from "node:stream";
import { collectRecentGarbage } from "@/lib/core/collect-garbage";

const mib = 1_048_576;
const collectBytes = 16 * mib;
const flushBytes = 64 * mib;

/** By all readers of this process together. */
let readSinceCollected = 0;

/**
 * What `source` carries, while the memory of what was read is given back: V8 counts the buffers of a file that flows
 * by only when a hundred MiB have piled up. Destroying it destroys `source`.
 */
export function pacedRead(source: Readable): Readable {
  async function* chunks(): AsyncGenerator<Buffer> {
    for await (const chunk of source as AsyncIterable<Buffer>) {
      readSinceCollected += chunk.length;
      if (readSinceCollected >= collectBytes) {
        readSinceCollected = 0;
        collectRecentGarbage();
      }
      yield chunk;
    }
  }
  // Heard by whoever reads; before anybody does it must not end the process.
  source.on("error", () => undefined);
  const paced = Readable.from(chunks(), { objectMode: false });
  paced.once("close", () => source.destroy());
  return paced;
}

/**
 * Watches how much flows into a file: has what has arrived written to the disk on the way, so that the last sync of a
 * large one does not have to wait for all of it, and keeps memory flat.
 */
export class Pace {
  bytes = 0;
  private fd: number | undefined;
  private isFlushing = false;
  private readonly due = { collect: collectBytes, flush: flushBytes };

  constructor(file: WriteStream) {
    file.once("open", (opened) => {
      this.fd = opened;
    });
    file.once("close", () => {
      this.fd = undefined;
    });
  }

  add(bytes: number): void {
    this.bytes += bytes;
    if (this.bytes >= this.due.collect) {
      this.due.collect += collectBytes;
      collectRecentGarbage();
    }
    if (this.bytes >= this.due.flush && !this.isFlushing) this.flush();
  }

  private flush(): void {
    if (this.fd === undefined) return;
    this.isFlushing = true;
    this.due.flush += flushBytes;
    // Only a head start: whether the bytes are safe is decided by the sync at the end, which reports errors.
    fdatasync(this.fd, () => {
      this.isFlushing = false;
    });
  }
}
