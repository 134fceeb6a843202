import type { MeetingKind } from "@/db/seed-data/meeting-kinds";

/** A conversation that was written as a whole, not composed. */
export interface Conversation {
  readonly title: string;
  readonly kind: MeetingKind;
  /** Key of the account; null for a meeting among colleagues. */
  readonly account: string | null;
  /** Calendar days before the day of seeding. */
  readonly daysAgo: number;
  /** One turn a line, `key: words`, keys as in people.ts. The first speaker's side owns the meeting. */
  readonly text: string;
}
