// Which event of a calendar a recorded meeting was. Pure; the rules are those of handbook 8 and D-26.

export interface Recorded {
  /** Of the call it was recorded from; null for an upload that does not say. */
  readonly conferenceKey: string | null;
  readonly title: string;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly ownerUserId: string | null;
  readonly ownerEmail: string | null;
}

export interface Candidate {
  readonly id: string;
  readonly title: string;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly uid: string | null;
  readonly conferenceKey: string | null;
  readonly organizerEmail: string | null;
  readonly isPrivate: boolean;
  /** Whose calendar it is in. */
  readonly ownerUserId: string | null;
}

interface Scored {
  readonly id: string;
  /** 0 to 1. */
  readonly score: number;
}

export type Match =
  | { readonly kind: "linked"; readonly event: Scored }
  | { readonly kind: "proposed"; readonly events: readonly Scored[] }
  | { readonly kind: "none" };

const minuteMs = 60_000;
/** A call may be opened early and run late. */
export const earlyMs = 30 * minuteMs;
export const lateMs = 60 * minuteMs;
/** Of the shorter of the two, where only time and title speak for a match. */
const sharedPartMin = 0.5;
const titleLikenessMin = 0.5;

function overlapMs(recorded: Recorded, event: Candidate): number {
  const from = Math.max(recorded.startsAt.getTime(), event.startsAt.getTime());
  const to = Math.min(recorded.endsAt.getTime(), event.endsAt.getTime());
  return Math.max(0, to - from);
}

function distanceMs(recorded: Recorded, event: Candidate): number {
  return Math.abs(event.startsAt.getTime() - recorded.startsAt.getTime());
}

function isWithinReach(recorded: Recorded, event: Candidate): boolean {
  return (
    event.startsAt.getTime() - earlyMs < recorded.endsAt.getTime() &&
    event.endsAt.getTime() + lateMs > recorded.startsAt.getTime()
  );
}

const lengthMs = (span: { readonly startsAt: Date; readonly endsAt: Date }) =>
  Math.max(0, span.endsAt.getTime() - span.startsAt.getTime());

/** How much of the shorter one they share. */
function sharedPart(recorded: Recorded, event: Candidate): number {
  const shorter = Math.min(lengthMs(recorded), lengthMs(event));
  return shorter === 0 ? 0 : overlapMs(recorded, event) / shorter;
}

function wordsOf(title: string): ReadonlySet<string> {
  const folded = title.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  return new Set(folded.match(/[\p{L}\p{N}]+/gu) ?? []);
}

/** Dice's coefficient over the words of both. */
function likenessOf(left: string, right: string): number {
  const [a, b] = [wordsOf(left), wordsOf(right)];
  if (a.size === 0 || b.size === 0) return 0;
  const shared = [...a].filter((word) => b.has(word)).length;
  return (2 * shared) / (a.size + b.size);
}

function isOwn(recorded: Recorded, event: Candidate): boolean {
  return recorded.ownerUserId !== null && event.ownerUserId === recorded.ownerUserId;
}

function isHostedByOwner(recorded: Recorded, event: Candidate): boolean {
  const [owner, organizer] = [recorded.ownerEmail, event.organizerEmail];
  return owner !== null && organizer !== null && owner.toLowerCase() === organizer.toLowerCase();
}

/** Best first. Between calendars that hold the same meeting, the owner's speaks. */
function compare(recorded: Recorded): (left: Candidate, right: Candidate) => number {
  return (left, right) =>
    overlapMs(recorded, right) - overlapMs(recorded, left) ||
    distanceMs(recorded, left) - distanceMs(recorded, right) ||
    Number(isOwn(recorded, right)) - Number(isOwn(recorded, left)) ||
    (left.id < right.id ? -1 : 1);
}

/** Starts are compared to the minute. */
function startsTogether(left: Candidate, right: Candidate): boolean {
  const minuteOf = (event: Candidate) => Math.floor(event.startsAt.getTime() / minuteMs);
  return minuteOf(left) === minuteOf(right);
}

function byKey(recorded: Recorded, events: readonly Candidate[]): Match {
  const [best, ...others] = events
    .filter((event) => event.conferenceKey === recorded.conferenceKey)
    .filter((event) => isWithinReach(recorded, event))
    .sort(compare(recorded));
  if (best === undefined) return { kind: "none" };
  // A room that is used again and again: two of its meetings are equally near.
  const equals = others.filter(
    (event) =>
      !startsTogether(best, event) &&
      overlapMs(recorded, event) === overlapMs(recorded, best) &&
      distanceMs(recorded, event) === distanceMs(recorded, best),
  );
  const scored = { id: best.id, score: 1 };
  if (equals.length > 0) {
    return {
      kind: "proposed",
      events: [scored, ...equals.map(({ id }) => ({ id, score: 1 }))].slice(0, 3),
    };
  }
  // What its owner hid from colleagues is not put under a meeting that they can open without asking.
  if (best.isPrivate) return { kind: "proposed", events: [scored] };
  return { kind: "linked", event: scored };
}

function byLikeness(recorded: Recorded, events: readonly Candidate[]): Match {
  const [best] = events
    .filter((event) => recorded.conferenceKey === null || event.conferenceKey === null)
    .filter((event) => isOwn(recorded, event) || isHostedByOwner(recorded, event))
    .map((event) => ({
      event,
      part: sharedPart(recorded, event),
      likeness: likenessOf(recorded.title, event.title),
    }))
    .filter(({ part, likeness }) => part >= sharedPartMin && likeness >= titleLikenessMin)
    .sort(
      (left, right) =>
        right.part + right.likeness - left.part - left.likeness ||
        compare(recorded)(left.event, right.event),
    );
  if (best === undefined) return { kind: "none" };
  return {
    kind: "proposed",
    events: [{ id: best.event.id, score: (best.part + best.likeness) / 2 }],
  };
}

/**
 * The event that a recorded meeting was. The same call at the same time is linked; where only time, host and title
 * speak for it, or two are equally near, it is proposed and never merged silently. Other people's private events are
 * not looked at.
 */
export function chooseEvent(recorded: Recorded, candidates: readonly Candidate[]): Match {
  const visible = candidates.filter((event) => !event.isPrivate || isOwn(recorded, event));
  if (recorded.conferenceKey !== null) {
    const match = byKey(recorded, visible);
    if (match.kind !== "none") return match;
  }
  return byLikeness(recorded, visible);
}
