import type { Alert, Channel, Severity } from "@/lib/notify/schema";

/** A notification as pages show it; instants are ISO 8601. */
export interface NotificationView {
  readonly id: string;
  readonly type: string;
  readonly severity: Severity;
  readonly title: string;
  readonly body: string;
  /** A path of ours. */
  readonly link: string | null;
  /** How often it has happened since. */
  readonly count: number;
  /** The trouble that it tells of still lasts. */
  readonly isOpen: boolean;
  readonly isRead: boolean;
  readonly createdAt: string;
}

export interface PreferenceCell {
  readonly channel: Channel;
  readonly isOn: boolean;
  readonly isLocked: boolean;
  /** What to do before the channel can be chosen; null when it can. */
  readonly missing: string | null;
}

/** Alert by alert, the channels in their order. */
export type PreferenceGrid = readonly {
  readonly alert: Alert;
  readonly cells: readonly PreferenceCell[];
}[];

/** What a person has for the alerts of one connection: their general choice, and their own for it alone. */
export interface AlertChoiceCell {
  readonly channel: Channel;
  readonly general: boolean;
  /** Null: as in general. */
  readonly own: boolean | null;
  readonly isLocked: boolean;
  /** Why the channel cannot be chosen; null when it can. */
  readonly missing: string | null;
}

/** Alert by alert, the channels in their order. */
export type AlertChoiceGrid = readonly {
  readonly alert: Alert;
  readonly cells: readonly AlertChoiceCell[];
}[];
