import { setTimeout as delay, setImmediate } from "node:timers/promises";
import { answeredWithin } from "@/db/client";
import type { Clock } from "@/lib/core/clock";
import { log } from "@/lib/core/log";
import { type Finished, recordResults } from "@/lib/webhooks/record-results";

const batchMax = 200;
const batchPauseMs = 5;
const batchEnough = 32;
const firstPauseMs = 100;
const longestPauseMs = 5000;
/** Writing takes milliseconds. A batch that was written after all is not written twice: attempts have their ids. */
const patienceMs = 10_000;

/**
 * Writes results behind the attempts: one batch at a time, holding whatever came in while the one before was
 * written. With a database that does not answer they are kept and tried again; the engine begins no attempt while
 * many wait.
 */
export class ResultWriter {
  private readonly clock: Clock;
  private readonly onWritten: () => void;
  private readonly waiting: Finished[] = [];
  private writing: Promise<void> | null = null;

  /** @param onWritten called after each batch. */
  constructor(clock: Clock, onWritten: () => void) {
    this.clock = clock;
    this.onWritten = onWritten;
  }

  /** Results that are not written yet. */
  get size(): number {
    return this.waiting.length;
  }

  add(finished: Finished): void {
    this.waiting.push(finished);
    this.begin();
  }

  /** Resolves when everything that was added is written. */
  async drain(): Promise<void> {
    while (this.writing !== null) await this.writing;
  }

  private begin(): void {
    this.writing ??= this.writeAll().finally(() => {
      this.writing = null;
      if (this.waiting.length > 0) this.begin();
    });
  }

  private async writeAll(): Promise<void> {
    // Answers that come at the same moment are written together.
    await setImmediate();
    let pauseMs = firstPauseMs;
    while (this.waiting.length > 0) {
      const batch = this.waiting.slice(0, batchMax);
      try {
        await answeredWithin(patienceMs, recordResults(batch, this.clock()));
        this.waiting.splice(0, batch.length);
        pauseMs = firstPauseMs;
        this.onWritten();
        // The next batch holds what comes in meanwhile: many small ones would cost more than the attempts.
        if (this.waiting.length < batchEnough) await delay(batchPauseMs);
      } catch (error) {
        log().error({ err: error, count: batch.length }, "webhook results could not be written");
        await delay(pauseMs);
        pauseMs = Math.min(pauseMs * 2, longestPauseMs);
      }
    }
  }
}
