import { db, type Tx } from "@/db/client";
import { log } from "@/lib/core/log";
import type {
  Applied,
  Fault,
  Outgoing,
  Provider,
  Resource,
  Session,
} from "@/lib/integrations/contract";
import { ProviderError } from "@/lib/integrations/contract";
import { recordFault, recordSuccess } from "@/lib/integrations/health";
import { openSession } from "@/lib/integrations/session";
import { contentHash, plainFields } from "@/lib/sync/content-hash";
import {
  type ClaimedItem,
  claimItem,
  claimMs,
  type Item,
  markLeaving,
  type Settling,
  settleItem,
} from "@/lib/sync/items";
import { judgeCrash, judgeError, type Reason, type Tried, type Verdict } from "@/lib/sync/judge";
import { type LinkRow, markGone, otherHolder, readThread, saveLink } from "@/lib/sync/links";
import { isPlacePaused, pausePlace, resumePlace } from "@/lib/sync/paused-places";
import type { Nothing, Parcel, ParcelOf } from "@/lib/sync/records/parcel";
import type { RunState } from "@/lib/sync/run-state";
import { countInRun, type Entry, logEntries, type Tally } from "@/lib/sync/runs";
import { isMirror } from "@/lib/sync/target";
import { spreadMeetings } from "@/lib/sync/topics";

/** An item with its record as it is now and what is known of it over there. */
export interface Candidate {
  readonly item: Item;
  readonly parcel: Parcel | Nothing | null;
  readonly link: LinkRow | null;
  /** Of the parcel; an empty one where there is none. */
  readonly hash: string;
}

/** What a record's content is compared by: where it lies counts too. */
export const hashOfParcel = ({ record, place }: Parcel) => contentHash({ record, place });

interface Try {
  readonly state: RunState;
  readonly item: ClaimedItem;
  readonly parcel: Parcel;
  readonly link: LinkRow | null;
  readonly hash: string;
  /** A repeat can do no harm: it changes what is there already, or the tool can be asked whether it was made. */
  readonly isRepeatable: boolean;
  /** `performance.now()` when it was claimed. */
  readonly since: number;
  /** What has happened to it so far. */
  readonly trace: { mayHaveLeft: boolean };
}

// --- The call -------------------------------------------------------------------------------------------------

async function send<R extends Resource>(
  provider: Provider,
  session: Session,
  parcel: ParcelOf<R>,
  rest: Omit<Outgoing<R>, "record">,
  mayBeThere: boolean,
): Promise<Applied> {
  const push = provider.capabilities[parcel.resource]?.push;
  if (!push) throw new Error(`${provider.slug} takes no ${parcel.resource}`);
  const outgoing: Outgoing<R> = { record: parcel.record, ...rest };
  if (mayBeThere && push.find && rest.externalId === null) {
    const found = await push.find(session, outgoing);
    // What an earlier try left may hold what the record was then.
    if (found) {
      const { externalId, version } = found;
      return await push.apply(session, { ...outgoing, externalId, version });
    }
  }
  return await push.apply(session, outgoing);
}

/** The same over every try of making this thing; a deliberate second message has its own. */
function creationKey({ id, data }: Item): string {
  const again = data.again;
  return typeof again === "number" ? `${id}-${again}` : id;
}

async function attempt(tried: Try, signal: AbortSignal): Promise<Applied> {
  const { state, item, parcel, link } = tried;
  const { target } = state;
  const session = await openSession(target.connection, {
    ...{ priority: item.priority, signal, now: state.now },
    beforeWriting: async () => {
      if (!tried.isRepeatable) await markLeaving(db(), item);
      tried.trace.mayHaveLeft = true;
    },
  });
  const externalId = link?.externalId ?? null;
  const isFirst = item.revision === 1 && item.attempts === 1 && !item.wasSending;
  const follows =
    parcel.threadOf === null || externalId !== null ? null : await readThread(db(), target, parcel);
  return await send(
    target.provider,
    session,
    parcel as ParcelOf<Resource>,
    {
      externalId,
      version: link?.version ?? null,
      idempotencyKey: externalId === null ? creationKey(item) : item.idempotencyKey,
      place: link?.place ?? parcel.place,
      follows,
    },
    !isFirst,
  );
}

// --- How it ended ---------------------------------------------------------------------------------------------

function entryOf(
  { parcel, link, item }: Try,
  what: Pick<Entry, "level" | "action" | "message"> & Partial<Entry>,
): Entry {
  return {
    objectType: parcel.objectType,
    harmonyId: parcel.objectId,
    externalId: link?.externalId ?? null,
    externalUrl: link?.externalUrl ?? null,
    details: { item: item.id, topic: item.topic, ...what.details },
    ...what,
  };
}

interface Ending {
  readonly settling: Settling;
  readonly entry: Entry | null;
  readonly tally: Tally;
}

async function settle(tried: Try, ending: Ending, also?: (tx: Tx, now: Date) => Promise<void>) {
  const { state, item } = tried;
  const now = state.now();
  await db().transaction(async (tx) => {
    await also?.(tx, now);
    const isMine = await settleItem(tx, item, ending.settling, now);
    // Whoever has the claim now says how it ends; what was made is told all the same.
    if (!isMine && ending.settling.state !== "done") return;
    if (ending.entry) await logEntries(tx, state.run, [ending.entry], now);
    await countInRun(tx, state.run, ending.tally);
  });
}

async function succeed(tried: Try, applied: Applied): Promise<void> {
  const { state, parcel, link, hash } = tried;
  const { target } = state;
  const verb = link ? "Updated" : parcel.resource === "message" ? "Posted" : "Created";
  const keepsFields = !isMirror(parcel.resource) && parcel.resource !== "message";
  const hasPull = target.provider.capabilities[parcel.resource]?.pull !== undefined;
  state.heard();
  await settle(
    tried,
    {
      settling: { state: "done" },
      entry: entryOf(tried, {
        level: "info",
        action: link ? "update" : "create",
        message: `${verb} “${parcel.label}”`,
        externalId: applied.externalId,
        externalUrl: applied.url,
      }),
      tally: link ? { updated: 1 } : { created: 1 },
    },
    async (tx, now) => {
      const baseline = keepsFields && hasPull ? plainFields(parcel.record) : null;
      await saveLink(tx, target, parcel, applied, { hash, baseline, now });
      await recordSuccess(tx, target.connection, now);
      if (applied.place !== null) await resumePlace(tx, target, applied.place, now);
    },
  );
}

function faultOf(error: unknown) {
  return error instanceof ProviderError ? error.fault : null;
}

const clockText = (at: Date) => `${at.toISOString().slice(0, 16).replace("T", " ")} UTC`;

function tryAgain(tried: Try, verdict: Verdict & { readonly kind: "again" }): Ending {
  const { reason, at, spends } = verdict;
  return {
    settling: { state: "pending", at, refunds: !spends, reason },
    entry: spends
      ? entryOf(tried, {
          level: "warning",
          action: tried.link ? "update" : "create",
          message: `${reason.message} “${tried.parcel.label}” is tried again at ${clockText(at)}.`,
          errorCode: reason.code,
        })
      : null,
    tally: spends ? { failed: 1 } : {},
  };
}

function giveUp(tried: Try, kind: "failed" | "unknown" | "quarantined", reason: Reason): Ending {
  const { parcel } = tried;
  const words = {
    failed: `“${parcel.label}” was not taken: ${reason.message}`,
    unknown: `Nobody knows whether “${parcel.label}” arrived. ${reason.message}`,
    quarantined: `“${parcel.label}”: ${reason.message}`,
  };
  return {
    settling: { state: kind, reason },
    entry: entryOf(tried, {
      level: "error",
      action: tried.link ? "update" : "create",
      message: words[kind],
      errorCode: reason.code,
    }),
    tally: { failed: 1 },
  };
}

/** It was deleted over there: unlinked, logged, and not made again by itself (handbook 7.7). */
function unlinked(tried: Try, reason: Reason): Ending {
  const { parcel } = tried;
  return {
    settling: { state: "failed", reason: { ...reason, code: "record_deleted" } },
    entry: entryOf(tried, {
      level: "warning",
      action: "delete_unlinked",
      message: `“${parcel.label}” was deleted in the tool. It is not made again unless you retry it.`,
      errorCode: "record_deleted",
    }),
    tally: { skipped: 1 },
  };
}

/** How long the tool may be asked who we are: what was found out is settled before the claim runs out. */
const msToLook = ({ since }: Try) => Math.max(1000, claimMs - 1000 - (performance.now() - since));

/** Does what a verdict says: the item, the log, the connection's health, and whether the run goes on. */
async function carryOut(tried: Try, verdict: Verdict, error: unknown): Promise<void> {
  const { state, isRepeatable } = tried;
  const fault = faultOf(error);
  const isAway = fault?.kind === "transient" && (await state.isAway(msToLook(tried)));
  const isUncertain = error instanceof ProviderError && error.isUncertain;
  if (!isAway || (isUncertain && !isRepeatable)) {
    if (verdict.reason.code !== "provider_rate_limited") state.lastReason = verdict.reason;
    // That the tool is away was told when it was found out.
    await conclude(tried, verdict, fault, isAway ? null : fault);
    return;
  }
  // Not this record's trouble: it waits for the tool with all its tries.
  const { reason } = verdict;
  const settling = { state: "pending", refunds: true, isUncertain, reason } as const;
  await settle(tried, { settling, entry: null, tally: {} });
}

/** The same for what is the record's own trouble. @param news what is told of the connection's health, if anything. */
async function conclude(
  tried: Try,
  verdict: Verdict,
  fault: Fault | null,
  news: Fault | null,
): Promise<void> {
  const { state, link } = tried;
  const { target } = state;
  const tellHealth = async (tx: Tx, now: Date) => {
    if (news) await recordFault(tx, target.connection, news, now);
  };
  switch (verdict.kind) {
    case "again":
      await settle(tried, tryAgain(tried, verdict), tellHealth);
      if (!verdict.spends) state.rest(verdict.at);
      else if (fault?.kind === "transient") state.missed(verdict.reason);
      return;
    case "stopped":
      state.end({ ...verdict.reason, isTold: true });
      await settle(
        tried,
        {
          settling: { state: "pending", refunds: true, reason: verdict.reason },
          entry: null,
          tally: {},
        },
        tellHealth,
      );
      return;
    case "gone":
      state.heard();
      await settle(
        tried,
        link ? unlinked(tried, verdict.reason) : giveUp(tried, "failed", verdict.reason),
        async (tx, now) => {
          if (link) await markGone(tx, link, now);
        },
      );
      return;
    case "place":
      state.heard();
      await settle(tried, giveUp(tried, "failed", verdict.reason), (tx, now) =>
        pausePlace(tx, target, verdict.place, verdict.reason, now),
      );
      return;
    case "failed":
    case "unknown":
    case "quarantined":
      if (fault?.kind === "transient") state.missed(verdict.reason);
      else state.heard();
      await settle(tried, giveUp(tried, verdict.kind, verdict.reason), tellHealth);
  }
}

/** It waited for its turn until its time was up: nothing was sent. */
function outOfTime(now: Date): Verdict {
  const message = "The tool’s rate limit left no room.";
  return {
    kind: "again",
    at: now,
    spends: false,
    reason: { code: "provider_rate_limited", message },
  };
}

function logFailure({ item, state }: Try, error: unknown): void {
  const tool = state.target.provider.slug;
  log().error({ tool, item: item.id, topic: item.topic, err: error }, "a record could not be sent");
}

// --- One item -------------------------------------------------------------------------------------------------

/** Ends an item that nothing is sent of. */
async function endWithoutSending(
  state: RunState,
  item: Item,
  why: string | null,
  objectType: string,
): Promise<void> {
  const now = state.now();
  await db().transaction(async (tx) => {
    const claimed = await claimItem(tx, item, state.run.id, now);
    if (!claimed) return;
    await spreadMeetings(tx, state.target, [item], now);
    await settleItem(tx, claimed, { state: why === null ? "cancelled" : "done" }, now);
    if (why !== null && item.topic !== "meeting.processed") {
      const message = `Skipped: ${why}`;
      const entry = {
        level: "info",
        action: "skip",
        objectType,
        harmonyId: item.objectId,
        message,
      };
      await logEntries(tx, state.run, [entry as Entry], now);
      await countInRun(tx, state.run, { skipped: 1 });
    }
  });
}

function tryOf(state: RunState, candidate: Candidate, item: ClaimedItem, parcel: Parcel): Try {
  const push = state.target.provider.capabilities[parcel.resource]?.push;
  // What is gone stays unlinked; asked for again, it is made anew. So is a message that is to be posted once more.
  const isLinked = candidate.link?.state === "linked" && !("again" in item.data);
  return {
    ...{ state, item, parcel, hash: candidate.hash },
    link: isLinked ? candidate.link : null,
    isRepeatable: isLinked || push?.find !== undefined,
    ...{ since: performance.now(), trace: { mayHaveLeft: false } },
  };
}

const factsOf = ({ item, isRepeatable, trace, state }: Try): Tried => ({
  attempts: item.attempts,
  ...{ isRepeatable, mayHaveLeft: trace.mayHaveLeft },
  topic: item.topic,
  now: state.now(),
});

/** Why a record that could be sent is not; null: it is sent. */
async function refusal(tried: Try, before: Item): Promise<Verdict | string | null> {
  const { state, parcel, item } = tried;
  if (before.wasSending) {
    // The try before this one is the one that nobody ended.
    const { attempts, mayHaveLeft } = before;
    const crash = judgeCrash({ ...factsOf(tried), attempts, mayHaveLeft });
    if (crash) return crash;
  }
  if (tried.link === null && parcel.resource !== "message") {
    const holder = await otherHolder(db(), state.target, parcel);
    if (holder !== null) return `already in ${state.target.provider.name} by ${holder}`;
  }
  if (parcel.place === null || item.priority === 0) return null;
  const paused = await isPlacePaused(db(), state.target, parcel.place, state.now());
  if (!paused) return null;
  const message = "The channel cannot be used, and messages to it are paused.";
  return { kind: "failed", reason: { code: "channel_unavailable", message } };
}

/** Tries one item: claims it, sends its record, and writes down how that ended. */
export async function pushItem(state: RunState, candidate: Candidate): Promise<void> {
  const { item, parcel } = candidate;
  if (parcel === null || "nothing" in parcel) {
    await endWithoutSending(state, item, parcel?.nothing ?? null, item.topic.split(".")[0] ?? "");
    return;
  }
  const claimed = await db().transaction(async (tx) => {
    const taken = await claimItem(tx, item, state.run.id, state.now());
    if (taken && item.attempts === 0) await spreadMeetings(tx, state.target, [item], state.now());
    return taken;
  });
  if (!claimed) return;
  const tried = tryOf(state, candidate, claimed, parcel);
  const refused = await refusal(tried, item);
  if (typeof refused === "string") {
    await settle(tried, {
      settling: { state: "done" },
      entry: entryOf(tried, { level: "info", action: "skip", message: `Skipped: ${refused}` }),
      tally: { skipped: 1 },
    });
    return;
  }
  if (refused !== null) {
    await carryOut(tried, refused, null);
    return;
  }
  // Not the run's own signal: what has begun is brought to its end, also when the process is asked to stop.
  const signal = AbortSignal.timeout(state.tryMs);
  let applied: Applied;
  try {
    applied = await attempt(tried, signal);
  } catch (error) {
    const isOwn = !(error instanceof ProviderError);
    const isUnsent = isOwn && signal.aborted && !tried.trace.mayHaveLeft;
    const verdict = isUnsent ? outOfTime(state.now()) : judgeError(error, factsOf(tried));
    if (isOwn) logFailure(tried, error);
    await carryOut(tried, verdict, error);
    return;
  }
  await succeed(tried, applied);
}
