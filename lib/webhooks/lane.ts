import type { Claimed } from "@/lib/webhooks/claim";

/** What a webhook may have under way before anything is known about its receiver. */
export const firstLimit = 4;
export const limitMax = 64;
/** Attempts under way for each millisecond that a receiver takes: enough for 4000 a second. */
const usefulPerMs = 4;
/** Receivers that take longer than this get no claims ahead: what waits for its turn would outlive its claim. */
const aheadMs = 2000;

/** A delivery that was claimed and waits for its turn. */
interface Held {
  readonly delivery: Claimed;
  /** Of `performance.now()`: when the claim runs out. */
  readonly until: number;
}

/**
 * What one webhook has under way, and may have: the limit rises while its receiver is well and halves when it is not.
 * How far it rises follows the receiver's distance, the best answer of late: more would only wait in line there, and
 * everything that is under way is made again if this process is killed. More is claimed than is under way, so that a
 * receiver that is well never waits for a claim, and since claims of a few rows would cost more than the attempts.
 */
export class Lane {
  underWay = 0;
  /** Its last claim took as much as it could: more is probably due. */
  hasMore = false;
  readonly waiting: Held[] = [];
  private limit = firstLimit;
  private bestMs = Number.POSITIVE_INFINITY;

  /** How many more may be claimed. */
  get room(): number {
    return Math.max(0, this.capacity - this.held);
  }

  /** Claims that it holds: under way, and waiting for that. */
  get held(): number {
    return this.underWay + this.waiting.length;
  }

  /** True when another attempt may begin now. */
  get mayBegin(): boolean {
    return this.waiting.length > 0 && this.underWay < this.limit;
  }

  /** True when enough room has come free for another claim to be worth its query. */
  get isHungry(): boolean {
    return this.hasMore && this.room * 2 >= this.capacity;
  }

  /** True when nothing would be lost by forgetting it; a receiver that is not well is remembered. */
  get isIdle(): boolean {
    return this.held === 0 && !this.hasMore && this.limit >= firstLimit;
  }

  /** @param ms how long the attempt took to be answered well; null when it was not. */
  ended(ms: number | null): void {
    this.underWay -= 1;
    if (ms === null) {
      this.limit = Math.max(1, Math.floor(this.limit / 2));
      return;
    }
    // Forgets slowly, for a receiver that becomes slower for good.
    this.bestMs = Math.min(ms, this.bestMs * 1.01);
    this.limit = Math.min(this.useful, this.limit + 1);
  }

  private get useful(): number {
    return Math.min(limitMax, Math.max(firstLimit, Math.ceil(this.bestMs * usefulPerMs)));
  }

  private get capacity(): number {
    if (this.limit < firstLimit || this.bestMs > aheadMs) return this.limit;
    return Math.max(limitMax, this.limit * 2);
  }
}
