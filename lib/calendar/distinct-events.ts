/** What tells whether two rows of calendars are one meeting. */
export interface Sighting {
  readonly uid: string | null;
  readonly startsAt: Date;
  readonly conferenceKey: string | null;
}

const minuteOf = (at: Date) => Math.floor(at.getTime() / 60_000);

/**
 * The same meeting in two calendars once, where it stands first: the same call at the same minute, or the same
 * invitation with the same start. The invitation's id is shared by all occurrences of a series and by calendars of
 * different vendors, so it never speaks alone.
 */
export function distinctEvents<T extends Sighting>(events: readonly T[]): readonly T[] {
  const seen = new Set<string>();
  return events.filter((event) => {
    const start = minuteOf(event.startsAt);
    const names = [
      event.conferenceKey === null ? null : `call ${event.conferenceKey} ${start}`,
      event.uid === null ? null : `uid ${event.uid} ${start}`,
    ].filter((name) => name !== null);
    const isKnown = names.some((name) => seen.has(name));
    for (const name of names) seen.add(name);
    return !isKnown;
  });
}
