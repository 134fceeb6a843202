import { setTimeout as delay } from "node:timers/promises";
import { db } from "@/db/client";
import type { Clock } from "@/lib/core/clock";
import type { Session } from "@/lib/integrations/contract";
import { recordErrorOf } from "@/lib/integrations/error-catalogue";
import { recordFault } from "@/lib/integrations/health";
import { faultOfTool } from "@/lib/integrations/probe";
import { openSession } from "@/lib/integrations/session";
import { claimMs } from "@/lib/sync/items";
import type { Reason } from "@/lib/sync/judge";
import type { RunRow, Stop } from "@/lib/sync/runs";
import type { Target } from "@/lib/sync/target";

/** A rate limit that ends within this time is waited for; a longer one ends the run. */
const restMaxMs = 10_000;
/** This many records in a row without an answer end the run, although the tool answers otherwise. */
const silencesMax = 3;
/** How long the tool has to say who we are. */
const lookMs = 5_000;

/** What the lanes of one run share while they work. Nothing here outlives the process: the rows say the rest. */
export class RunState {
  readonly target: Target;
  readonly run: RunRow;
  readonly now: Clock;
  readonly signal: AbortSignal;
  /** How long one try may last: it ends before its claim does, so that no other worker begins while it may be sending. */
  readonly tryMs: number;
  /** Why the run ends before its work is done. */
  stop: Stop | null = null;
  lastReason: Reason | null = null;
  /** Work was left for the next slice, so that others get their turn. */
  isUnfinished = false;
  /** Nothing is left but what is being sent elsewhere: the run comes back in a moment, and keeps nobody waiting. */
  comesBack = false;
  /** Pages are still being read. */
  isPulling = true;

  readonly #endsAt: number;
  #session: Promise<Session> | null = null;
  #restsUntil = 0;
  #silences = 0;
  #isAway = false;
  #asking: Promise<boolean> | null = null;

  constructor(options: {
    readonly target: Target;
    readonly run: RunRow;
    readonly now: Clock;
    readonly signal: AbortSignal;
    readonly sliceMs: number;
    readonly tryMs?: number;
  }) {
    this.target = options.target;
    this.run = options.run;
    this.now = options.now;
    this.signal = options.signal;
    this.tryMs = options.tryMs ?? claimMs - 2000;
    this.#endsAt = performance.now() + options.sliceMs;
  }

  /** Nothing more is begun: the run was stopped, the process ends, or this slice is over. */
  isOver(): boolean {
    if (this.stop !== null) return true;
    if (this.signal.aborted || performance.now() > this.#endsAt) {
      this.isUnfinished = true;
      return true;
    }
    return false;
  }

  /** What pages are read with. */
  session(): Promise<Session> {
    this.#session ??= openSession(this.target.connection, {
      priority: 1,
      signal: this.signal,
      now: this.now,
    });
    return this.#session;
  }

  end(stop: Stop): void {
    this.stop ??= stop;
  }

  /** The tool answered, with whatever. */
  heard(): void {
    this.#silences = 0;
  }

  /**
   * Whether it is the tool that does not answer, and not a single record: it is asked who we are, which writes nothing.
   * If so the run ends, and what was tried is as good as not tried. Lanes that ask at once share the question.
   * @param withinMs how long that may take.
   */
  async isAway(withinMs = lookMs): Promise<boolean> {
    if (this.#isAway) return true;
    this.#asking ??= this.#look(Math.min(withinMs, lookMs)).finally(() => {
      this.#asking = null;
    });
    return await this.#asking;
  }

  async #look(withinMs: number): Promise<boolean> {
    const { provider, connection } = this.target;
    const fault = await faultOfTool(provider, connection, withinMs);
    if (fault?.kind !== "transient" && fault?.kind !== "reauth") return false;
    this.#isAway = true;
    this.lastReason = recordErrorOf(fault);
    this.end({ ...this.lastReason, isTold: true });
    await db().transaction((tx) => recordFault(tx, connection, fault, this.now()));
    return true;
  }

  /** A record got no answer though the tool does answer. After three in a row the run ends all the same. */
  missed(reason: Reason): void {
    this.#silences += 1;
    if (this.#silences >= silencesMax) this.end({ ...reason, isTold: true });
  }

  /** The tool asked for a pause. */
  rest(until: Date): void {
    const ms = until.getTime() - this.now().getTime();
    if (ms > restMaxMs) {
      const message = "The tool asked for a pause. What is left goes out afterwards.";
      this.end({ code: "provider_rate_limited", message, isTold: true });
      return;
    }
    this.#restsUntil = Math.max(this.#restsUntil, performance.now() + ms);
  }

  /** Waits out the pause that the tool asked for. */
  async restIfAsked(): Promise<void> {
    const ms = this.#restsUntil - performance.now();
    if (ms <= 0) return;
    await delay(ms, undefined, { signal: this.signal }).catch(() => undefined);
  }
}
