import { z } from "zod";

// Shapes between pages and the calendar service; instants are ISO 8601.

/** Tools whose events are kept; slugs of handbook 3. */
export const calendarSlugs = ["google_calendar", "microsoft_365", "exchange"] as const;

export const platforms = ["zoom", "google_meet", "microsoft_teams", "none"] as const;
export type Platform = (typeof platforms)[number];
export const platformWords: Readonly<Record<Platform, string>> = {
  zoom: "Zoom",
  google_meet: "Google Meet",
  microsoft_teams: "Microsoft Teams",
  none: "No video link",
};

/** How far ahead upcoming events are shown (handbook D-26). */
export const upcomingDays = 14;

/** An event as its owner sees it. */
export interface EventView {
  readonly id: string;
  readonly title: string;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly attendeeCount: number;
  readonly platform: Platform;
  /** Always http or https, at one of the known platforms. */
  readonly meetingUrl: string | null;
  readonly isPrivate: boolean;
}

export interface UpcomingView {
  readonly events: readonly EventView[];
  /** How many there are beyond those listed. */
  readonly more: number;
  /** Of the person's own calendars: none connected, all well, or at least one that is not read at present. */
  readonly calendars: "none" | "connected" | "needs_attention";
  /** The slug of the first one that needs attention. */
  readonly troubled: string | null;
}

/** An event that may have been this meeting; shown to the owner of its calendar only. */
export interface ProposalView {
  readonly eventId: string;
  readonly title: string;
  readonly startsAt: string;
  readonly attendeeCount: number;
}

export const decideMatchInput = z.strictObject({
  meetingId: z.string().max(40),
  eventId: z.string().max(40),
  decision: z.enum(["use", "dismiss"]),
});
export type DecideMatchInput = z.output<typeof decideMatchInput>;
