import type { Tx } from "@/db/client";
import type { Records, Resource } from "@/lib/integrations/contract";
import type { Item } from "@/lib/sync/items";
import type { Target } from "@/lib/sync/target";

/** One record on its way to a tool: what it is here, what it becomes there, and where it should lie. */
export interface ParcelOf<R extends Resource> {
  readonly resource: R;
  /** With `objectId`: which thing of ours its link names. */
  readonly objectType: string;
  readonly objectId: string;
  /** What it is over there; a thing of ours may become several, such as a message for each of its topics. */
  readonly externalType: string;
  readonly record: Records[R];
  readonly place: string | null;
  /** The meeting whose earlier message this one follows. */
  readonly threadOf: string | null;
  /** How the log calls it. */
  readonly label: string;
}

export type Parcel = { readonly [R in Resource]: ParcelOf<R> }[Resource];

/** Nothing is sent, and why. */
export interface Nothing {
  readonly nothing: string;
}

/** By item id. An item that is missing has nothing left that it could be about. */
export type Built = ReadonlyMap<string, Parcel | Nothing>;

/** Makes the records of items of one kind, in as few queries as of one. */
export type Builder = (
  tx: Tx,
  target: Target,
  items: readonly Item[],
) => Promise<ReadonlyMap<string, Parcel | Nothing>>;
