import { Worker } from "node:worker_threads";

// Plain JavaScript in a string: a thread that reads, hashes and answers needs neither our modules nor a loader.
const reader = `
const { createHash } = require("node:crypto");
const { closeSync, openSync, readSync } = require("node:fs");
const { parentPort, workerData } = require("node:worker_threads");
const file = openSync(workerData, "r");
const buffer = Buffer.allocUnsafe(1048576);
const hash = createHash("sha256");
let at = 0;
parentPort.on("message", ({ until, isEnd }) => {
  while (at < until) {
    const count = readSync(file, buffer, 0, Math.min(buffer.length, until - at), at);
    if (count === 0) throw new Error("the file is shorter than what was written to it");
    hash.update(buffer.subarray(0, count));
    at += count;
  }
  if (!isEnd) return;
  closeSync(file);
  parentPort.postMessage(hash.digest("hex"));
  parentPort.close();
});`;

/**
 * SHA-256 of a file while it is being written, on another core: hashing costs about as much as everything else that
 * an upload does. The thread reads the bytes back from the page cache, so none are copied between threads.
 */
export class GrowingHash {
  private readonly worker: Worker;
  private readonly digest: Promise<string>;

  constructor(path: string) {
    this.worker = new Worker(reader, { eval: true, workerData: path, execArgv: [] });
    this.digest = new Promise((resolve, reject) => {
      this.worker.once("message", resolve);
      this.worker.once("error", reject);
      this.worker.once("exit", () => reject(new Error("the hashing thread ended")));
    });
    // Whoever gave up does not wait for it.
    this.digest.catch(() => undefined);
  }

  /** The first `until` bytes are in the file. */
  advance(until: number): void {
    this.worker.postMessage({ until, isEnd: false });
  }

  /** Lowercase hex over all `bytes` of the file. */
  end(bytes: number): Promise<string> {
    this.worker.postMessage({ until: bytes, isEnd: true });
    return this.digest;
  }

  async cancel(): Promise<void> {
    await this.worker.terminate();
  }
}
