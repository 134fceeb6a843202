import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { AppError, invalidRequest } from "@/lib/core/errors";
import { wrongOffset } from "@/lib/storage/folder-parts";
import { storage } from "@/lib/storage/storage";

/** A client that sends nothing for this long is gone; it may come back and go on. */
const silenceMs = 30_000;
/** How much of a piece is remembered, for telling what it is; as much as storage remembers of a file. */
export const headBytes = 65_536;

export const checksumAlgorithms = ["sha1", "sha256"] as const;

export interface Checksum {
  readonly algorithm: (typeof checksumAlgorithms)[number];
  readonly digest: Buffer;
}

/** Some bytes of a file that arrives in pieces. */
export interface Piece {
  readonly offset: number;
  readonly body: Readable;
  /** Of these bytes; they count only when it fits. */
  readonly checksum: Checksum | null;
}

/** The body of a piece, watched: at most `room` bytes, never silent for long, and its beginning remembered. */
class Incoming {
  private readonly body: Readable;
  private room: number;
  private readonly heads: Buffer[] = [];
  private headSize = 0;
  private tooLong = false;

  constructor(body: Readable, room: number) {
    this.body = body;
    this.room = room;
  }

  get head(): Buffer {
    return Buffer.concat(this.heads);
  }

  /** Ends as the body does, also where that breaks off. */
  readonly stream = (): Readable => Readable.from(this.chunks(), { objectMode: false });

  assertFits(): void {
    if (!this.tooLong) return;
    throw invalidRequest("More bytes came than the upload announced", {
      "upload-length": "Is smaller than what was sent.",
    });
  }

  private async *chunks(): AsyncGenerator<Buffer> {
    const timer = setTimeout(() => this.body.destroy(new Error("silent")), silenceMs);
    try {
      for await (const chunk of this.body.iterator({ destroyOnReturn: false })) {
        timer.refresh();
        const bytes: Buffer = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
        this.tooLong = bytes.length > this.room;
        if (this.tooLong) return;
        this.room -= bytes.length;
        this.remember(bytes);
        yield bytes;
      }
    } catch {
      // The client is gone: what has come stays.
    } finally {
      clearTimeout(timer);
    }
  }

  private remember(bytes: Buffer): void {
    if (this.headSize >= headBytes) return;
    const part = Buffer.from(bytes.subarray(0, headBytes - this.headSize));
    this.heads.push(part);
    this.headSize += part.length;
  }
}

const mismatch = () =>
  new AppError("invalid_request", "The bytes do not have the checksum that was announced", {
    details: { reason: "checksum_mismatch" },
    fix: "They were not kept. Send the same piece again.",
  });

/** Sets the piece aside until its sum is known, so that wrong bytes never become part of the file. */
async function appendChecked(
  key: string,
  offset: number,
  source: Readable,
  checksum: Checksum,
  signal: AbortSignal,
): Promise<number> {
  const size = await storage().partsSize(key);
  if (size !== offset) throw wrongOffset(offset, size);
  const hash = createHash(checksum.algorithm);
  async function* hashed() {
    for await (const chunk of source) {
      hash.update(chunk);
      yield chunk;
    }
  }
  const staged = await storage().stage(Readable.from(hashed(), { objectMode: false }), signal);
  const aside = `${key}.piece`;
  try {
    if (!hash.digest().equals(checksum.digest)) throw mismatch();
    await staged.keep(aside);
    const { stream } = await storage().open(aside);
    // It may be refused before it is read.
    return await storage()
      .appendPart(key, offset, stream, signal)
      .finally(() => stream.destroy());
  } finally {
    await staged.discard();
    await storage().remove(aside);
  }
}

/**
 * Adds a piece to what is stored under `key`. A client that goes away, or a signal that aborts, ends it: without a
 * checksum what came until then stays.
 * @returns the size after it, and the piece's first 64 KiB.
 * @throws `conflict` with `details.offset` for a piece that does not begin where the stored bytes end; `invalid_request`
 * for one that is longer than `room`, or (`checksum_mismatch`) whose sum is another.
 */
export async function appendPiece(
  key: string,
  { offset, body, checksum }: Piece,
  room: number,
  signal: AbortSignal,
): Promise<{ readonly size: number; readonly head: Buffer }> {
  const incoming = new Incoming(body, room);
  // The stream below waits for the body: only its end ends both.
  signal.addEventListener("abort", () => body.destroy(), { once: true });
  const size = checksum
    ? await appendChecked(key, offset, incoming.stream(), checksum, signal)
    : await storage().appendPart(key, offset, incoming.stream(), signal);
  incoming.assertFits();
  return { size, head: incoming.head };
}
