import { db } from "@/db/client";
import { dueItems, endUnchanged, type Item } from "@/lib/sync/items";
import { readLinks } from "@/lib/sync/links";
import { type Candidate, hashOfParcel } from "@/lib/sync/push-item";
import type { Nothing, Parcel } from "@/lib/sync/records/parcel";
import type { RunState } from "@/lib/sync/run-state";
import { countInRun } from "@/lib/sync/runs";
import { buildParcels, spreadMeetings } from "@/lib/sync/topics";

/** Read at once, so that records and links are made in few queries. */
const batchItems = 50;
/** Read candidates are no longer taken after this: something more urgent may have come. */
const freshMs = 1000;

const deletedThere: Nothing = { nothing: "it was deleted in the tool." };

/** Where the lanes of a run take what they send next: the most urgent first, and only what is new to the tool. */
export class Candidates {
  readonly #state: RunState;
  readonly #takesAll: boolean;
  #ready: Candidate[] = [];
  #readAt = 0;
  #reading: Promise<void> | null = null;
  readonly #inHand = new Set<string>();

  constructor(state: RunState, takesAll: boolean) {
    this.#state = state;
    this.#takesAll = takesAll;
  }

  /** The next one; null: nothing is due now. It is given back with `release`. */
  async next(): Promise<Candidate | null> {
    if (this.#ready.length === 0 || performance.now() - this.#readAt > freshMs) {
      this.#reading ??= this.#refill().finally(() => {
        this.#reading = null;
      });
      await this.#reading;
    }
    const candidate = this.#ready.shift() ?? null;
    if (candidate) this.#inHand.add(candidate.item.id);
    return candidate;
  }

  /** What the lanes are trying now. */
  get inHand(): readonly string[] {
    return [...this.#inHand];
  }

  release({ item }: Candidate): void {
    this.#inHand.delete(item.id);
  }

  async #refill(): Promise<void> {
    const { connection } = this.#state.target;
    for (;;) {
      const now = this.#state.now();
      const due = await dueItems(db(), connection, {
        now,
        takesAll: this.#takesAll,
        limit: batchItems,
      });
      const items = due.filter(({ id }) => !this.#inHand.has(id));
      const found = await this.#judge(items);
      this.#ready = found;
      this.#readAt = performance.now();
      // A batch in which nothing was new may have brought others: the next one, at once.
      if (found.length > 0 || items.length === 0 || this.#state.isOver()) return;
    }
  }

  /** Makes the records, and ends those that the tool has already in the same content. */
  async #judge(items: readonly Item[]): Promise<Candidate[]> {
    const { target, run } = this.#state;
    const built = await buildParcels(db(), target, items);
    const parcels = [...built.values()].filter((one): one is Parcel => "resource" in one);
    const links = await readLinks(db(), target, parcels);
    const candidates = items.map((item): Candidate => {
      const parcel = built.get(item.id) ?? null;
      if (parcel === null || "nothing" in parcel) return { item, parcel, link: null, hash: "" };
      const link = links.linkOf(parcel);
      // Deletions of the tool are respected until somebody asks for the record again (handbook 7.7).
      const isUnwanted = link?.state === "gone" && !("recreate" in item.data);
      if (isUnwanted) return { item, parcel: deletedThere, link: null, hash: "" };
      return { item, parcel, link, hash: hashOfParcel(parcel) };
    });
    const isNew = ({ link, hash, item }: Candidate) =>
      link?.state !== "linked" || link.lastSyncedHash !== hash || "again" in item.data;
    const known = candidates.filter((one) => one.link !== null && !isNew(one));
    if (known.length > 0)
      await this.#end(
        known.map(({ item }) => item),
        run.id,
      );
    return candidates.filter((one) => one.link === null || isNew(one));
  }

  async #end(items: readonly Item[], runId: string): Promise<void> {
    const now = this.#state.now();
    await db().transaction(async (tx) => {
      await spreadMeetings(tx, this.#state.target, items, now);
      const ended = await endUnchanged(tx, items, runId, now);
      await countInRun(tx, this.#state.run, { skipped: ended });
    });
  }
}
