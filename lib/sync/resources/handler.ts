import type { Tx } from "@/db/client";
import type { Page, Resource } from "@/lib/integrations/contract";
import type { Entry, Tally } from "@/lib/sync/runs";
import type { Target } from "@/lib/sync/target";

export interface Stored {
  readonly entries: readonly Entry[];
  readonly tally: Tally;
  /** How many of ours this page removes or unlinks: the brake counts them. */
  readonly removed: number;
}

export interface PageContext {
  readonly target: Target;
  /** The part of the account that the page is of; empty where there is one. */
  readonly stream: string;
  readonly now: Date;
}

/** What becomes of the records that a tool hands us. Everything happens in the transaction of the page's cursor. */
export interface Handler<R extends Resource> {
  readonly store: (tx: Tx, ctx: PageContext, page: Page<R>) => Promise<Stored>;
  /** How many we know, and how many of them a whole reading since then did not meet. */
  readonly countUnmet: (
    tx: Tx,
    ctx: PageContext,
    since: Date,
  ) => Promise<{ readonly known: number; readonly unmet: number }>;
  /** Removes (mirrors) or unlinks (our own) what it did not meet. */
  readonly dropUnmet: (tx: Tx, ctx: PageContext, since: Date) => Promise<Stored>;
}
