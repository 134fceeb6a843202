// Alerts, the channels they take and the grid of who gets what (handbook 13, D-31).

export const alerts = ["connection_status_changed", "sync_error", "sync_succeeded"] as const;
export type Alert = (typeof alerts)[number];

export const channels = ["in_app", "email", "slack", "microsoft_teams"] as const;
export type Channel = (typeof channels)[number];

export const alertWords: Readonly<
  Record<Alert, { readonly label: string; readonly what: string }>
> = {
  connection_status_changed: {
    label: "Status changes",
    what: "A connected tool needs attention, was disconnected, or works again.",
  },
  sync_error: {
    label: "Sync errors",
    what: "A sync failed, a webhook fails or was disabled, an API key expires.",
  },
  sync_succeeded: { label: "Successful syncs", what: "A sync was completed." },
};

export const channelWords: Readonly<Record<Channel, string>> = {
  in_app: "In-app",
  email: "Email",
  slack: "Slack",
  microsoft_teams: "Teams",
};

/** How the grid begins for everybody. */
export const defaultPreferences: Readonly<Record<Alert, Readonly<Record<Channel, boolean>>>> = {
  connection_status_changed: { in_app: true, email: true, slack: false, microsoft_teams: false },
  sync_error: { in_app: true, email: true, slack: false, microsoft_teams: false },
  sync_succeeded: { in_app: false, email: false, slack: false, microsoft_teams: false },
};

/** Trouble is always told in the app: nobody can switch that off. */
export function isLocked(alert: Alert, channel: Channel): boolean {
  return channel === "in_app" && alert !== "sync_succeeded";
}

export const severities = ["info", "warning", "error"] as const;
export type Severity = (typeof severities)[number];

/**
 * Every kind of notification: its name in the filter, and the alert whose row of the grid decides how it is told.
 * Without an alert it is told in the app only.
 */
export const notificationTypes = {
  connection_status_changed: { label: "Connection status", alert: "connection_status_changed" },
  sync_error: { label: "Sync error", alert: "sync_error" },
  sync_succeeded: { label: "Sync completed", alert: "sync_succeeded" },
  channel_unavailable: { label: "Channel unavailable", alert: "sync_error" },
  webhook_failing: { label: "Webhook failing", alert: "sync_error" },
  webhook_disabled: { label: "Webhook disabled", alert: "sync_error" },
  webhook_recovered: { label: "Webhook recovered", alert: "sync_error" },
  api_key_expiring: { label: "API key expiring", alert: "sync_error" },
  api_key_expired: { label: "API key expired", alert: "sync_error" },
  api_key_creator_removed: { label: "API key without its creator", alert: null },
  meeting_failed: { label: "Meeting failed", alert: null },
  oauth_app_revoked: { label: "App disconnected", alert: null },
  oauth_app_requested: { label: "App waits for approval", alert: null },
  oauth_app_approved: { label: "App approved", alert: null },
} as const satisfies Record<string, { readonly label: string; readonly alert: Alert | null }>;
export type NotificationType = keyof typeof notificationTypes;
export const notificationTypeNames = Object.keys(notificationTypes) as NotificationType[];
