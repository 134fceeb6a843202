import { setTimeout as delay } from "node:timers/promises";
import { LRUCache } from "lru-cache";
import postgres from "postgres";
import { answeredWithin, reconnectSeconds } from "@/db/client";
import { type Clock, systemClock } from "@/lib/core/clock";
import { newId } from "@/lib/core/ids";
import { log } from "@/lib/core/log";
import { dueChannel } from "@/lib/events/fan-out";
import { directDatabaseUrl } from "@/lib/jobs/enqueue";
import { type Claimed, claimDue, claimSeconds } from "@/lib/webhooks/claim";
import { firstLimit, Lane } from "@/lib/webhooks/lane";
import { attemptTimeoutMs, makeAttempt } from "@/lib/webhooks/make-attempt";
import { judgeAttempt } from "@/lib/webhooks/outcome";
import { ResultWriter } from "@/lib/webhooks/result-writer";
import { currentSecrets } from "@/lib/webhooks/secrets";
import type { SigningSecrets } from "@/lib/webhooks/signatures";

// The delivery engine of one worker process. The table of deliveries is the queue (docs/adr/0007): due rows are
// claimed, each webhook's attempts run beside each other up to a number that adapts to it, results are written in
// batches. Several workers share the work through their claims.

/** Claims that this process holds, over all webhooks. */
const heldMax = 512;
/**
 * Results that may wait to be written beside as many as attempts are under way: a killed worker makes both again, so
 * more would only be repeated.
 */
const unwrittenRoom = 48;
const pollMs = 1000;
/** While attempts are under way, claims take what came due meanwhile instead of a row each. */
const claimPauseMs = 10;
/** A claim takes milliseconds. What one that was given up has taken is due again when it runs out. */
const claimPatienceMs = 5000;

interface DispatcherOptions {
  readonly clock?: Clock;
  /** From 0 up to 1; spreads retries. */
  readonly random?: () => number;
}

export class Dispatcher {
  private readonly clock: Clock;
  /** A clock was given: claims go by it instead of by the database's. */
  private readonly isVirtual: boolean;
  private readonly random: () => number;
  private readonly lanes = new Map<string, Lane>();
  private readonly secrets = new LRUCache<string, SigningSecrets>({ max: 1000 });
  private readonly writer: ResultWriter;
  private readonly underWay = new Set<Promise<void>>();
  private readonly stopping = new AbortController();
  private listener: postgres.Sql | null = null;
  private poll: NodeJS.Timeout | null = null;
  private isWanted = false;
  private claiming: Promise<void> | null = null;

  constructor(options: DispatcherOptions = {}) {
    this.clock = options.clock ?? systemClock;
    this.isVirtual = options.clock !== undefined;
    this.random = options.random ?? Math.random;
    this.writer = new ResultWriter(this.clock, () => this.beginAll());
  }

  /** Begins to deliver: at once what is due, then whenever a transaction that made deliveries commits. */
  async start(): Promise<void> {
    this.listener = postgres(directDatabaseUrl(), {
      max: 1,
      connect_timeout: 10,
      backoff: reconnectSeconds,
      connection: { application_name: "harmony-webhooks" },
      onnotice: () => undefined,
    });
    // Retries and what a killed worker held become due without a word.
    this.poll = setInterval(() => this.wake(), pollMs);
    this.wake();
    await this.listener.listen(
      dueChannel,
      () => this.wake(),
      () => this.wake(),
    );
  }

  /** Claims nothing more, lets attempts under way end (they take ten seconds at most) and writes their results. */
  async stop(): Promise<void> {
    this.stopping.abort();
    if (this.poll) clearInterval(this.poll);
    await this.listener?.end({ timeout: 2 }).catch(() => undefined);
    await this.claiming;
    await this.settle();
  }

  /** Delivers everything that is due now and waits for it; for tests and drills with a clock of their own. */
  async runOnce(): Promise<void> {
    do {
      // Through the same door as everybody else: two claims at once would hide rows from each other.
      this.wake();
      while (this.claiming !== null) await this.claiming;
      await this.settle();
    } while (this.claiming !== null || [...this.lanes.values()].some((lane) => lane.hasMore));
  }

  /** Waits until everything that was claimed is attempted and written. */
  private async settle(): Promise<void> {
    while (this.held > 0 || this.writer.size > 0) {
      await Promise.all(this.underWay);
      await this.writer.drain();
    }
  }

  private get held(): number {
    return [...this.lanes.values()].reduce((sum, lane) => sum + lane.held, 0);
  }

  private wake(): void {
    if (this.stopping.signal.aborted) return;
    this.isWanted = true;
    this.claiming ??= this.claimWhileWanted().finally(() => {
      this.claiming = null;
      // Woken between the last look and this line.
      if (this.isWanted) this.wake();
    });
  }

  private async claimWhileWanted(): Promise<void> {
    while (this.isWanted && !this.stopping.signal.aborted) {
      this.isWanted = false;
      try {
        await this.claim();
        if (this.held > 0 && !this.isVirtual) await delay(claimPauseMs);
      } catch (error) {
        log().error({ err: error }, "webhook deliveries could not be claimed");
        // The next poll tries again; until then a broken database is left alone.
        this.isWanted = false;
      }
    }
  }

  private async claim(): Promise<void> {
    const total = heldMax - this.held - this.writer.size;
    if (total <= 0) return;
    const rooms = new Map([...this.lanes].map(([id, lane]) => [id, lane.room]));
    const claimed = await answeredWithin(
      claimPatienceMs,
      claimDue(rooms, {
        freshRoom: firstLimit,
        total,
        now: this.isVirtual ? this.clock() : null,
      }),
    );
    const until = performance.now() + claimSeconds * 1000;
    const counts = new Map<string, number>();
    for (const delivery of claimed) {
      const id = delivery.webhook_id;
      const count = (counts.get(id) ?? 0) + 1;
      counts.set(id, count);
      const lane = this.lanes.get(id) ?? new Lane();
      this.lanes.set(id, lane);
      lane.waiting.push({ delivery, until });
      lane.hasMore = count >= delivery.room || claimed.length >= total;
    }
    for (const [id, lane] of this.lanes) {
      if (!counts.has(id) && rooms.get(id) !== 0) lane.hasMore = false;
      if (lane.isIdle) this.lanes.delete(id);
    }
    this.beginAll();
  }

  private beginAll(): void {
    for (const lane of this.lanes.values()) this.beginNext(lane);
  }

  private get hasRoom(): boolean {
    return this.writer.size < unwrittenRoom + this.underWay.size;
  }

  /** Begins what the lane may have under way; what is not written yet holds it back (`beginAll` goes on after). */
  private beginNext(lane: Lane): void {
    while (lane.mayBegin && this.hasRoom) {
      const held = lane.waiting.shift();
      // A claim that is nearly over (a stalled process) is left to run out: somebody else will take it.
      if (!held || performance.now() > held.until - attemptTimeoutMs) continue;
      lane.underWay += 1;
      const work = this.deliver(held.delivery, lane).finally(() => {
        this.underWay.delete(work);
        this.beginNext(lane);
        if (lane.isHungry) this.wake();
      });
      this.underWay.add(work);
    }
  }

  private async deliver(delivery: Claimed, lane: Lane): Promise<void> {
    let answeredMs: number | null = null;
    const begunAt = performance.now();
    try {
      const result = await makeAttempt(
        {
          deliveryId: delivery.id,
          url: delivery.url,
          eventType: delivery.event_type,
          body: delivery.request_body,
          isTest: delivery.is_test,
        },
        this.secretsOf(delivery),
        { now: this.clock() },
      );
      const outcome = judgeAttempt(result, {
        attempts: delivery.attempts_count + 1,
        isTest: delivery.is_test,
        now: this.clock(),
        random: this.random(),
      });
      if (outcome.status === "succeeded") answeredMs = performance.now() - begunAt;
      this.writer.add({ attemptId: newId("attempt"), delivery, result, outcome });
    } catch (error) {
      log().error({ err: error, delivery: delivery.id }, "a webhook attempt could not be made");
    } finally {
      lane.ended(answeredMs);
    }
  }

  /** Unsealing derives a key, too much for every attempt: opened secrets are kept while they are in use. */
  private secretsOf(row: Claimed): SigningSecrets {
    const now = this.clock();
    const endsAt = row.rotation_ends_at === null ? null : new Date(row.rotation_ends_at);
    const isOverlapping = endsAt !== null && endsAt > now;
    const key = `${row.secret_sealed} ${row.next_secret_sealed ?? ""} ${isOverlapping}`;
    const known = this.secrets.get(key);
    if (known) return known;
    const opened = currentSecrets(
      {
        id: row.webhook_id,
        secretSealed: row.secret_sealed,
        secretLast4: "",
        nextSecretSealed: row.next_secret_sealed,
        nextSecretLast4: null,
        rotationEndsAt: endsAt,
      },
      now,
    );
    this.secrets.set(key, opened);
    return opened;
  }
}
