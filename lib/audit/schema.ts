// What the audit trail is called where people read it (handbook 24): categories are a filter, actions are sentences.

export const auditCategories = {
  connection_changes: "Connection changes",
  sync_events: "Sync events",
  errors: "Errors",
  api_access: "API access",
  webhooks: "Webhooks",
  meetings: "Meetings",
  insights: "Insights",
  members: "Members and workspace",
  sign_in: "Sign-in",
} as const;
export type AuditCategory = keyof typeof auditCategories;

/** Every action the product records, told as what the actor did; the target stands beside it. */
export const auditActions = {
  "connection.connected": "Connected a tool",
  "connection.reconnected": "Reconnected a tool",
  "connection.disconnected": "Disconnected a tool",
  "connection.needs_attention": "Noticed that a connection needs attention",
  "connection.tested": "Tested a connection",
  "connection.settings_changed": "Changed the settings of a connection",
  "connection.mapping_changed": "Changed the field mapping of a connection",
  "connection.auth_failed": "Was refused by a tool",
  "sync.started": "Started a sync",
  "sync.completed": "Completed a sync",
  "sync.partial": "Completed a sync in part",
  "sync.failed": "Failed to sync",
  "api_key.generated": "Generated an API key",
  "api_key.rotated": "Rotated an API key",
  "api_key.revoked": "Revoked an API key",
  "api_key.expired": "Let an API key expire",
  "api.auth_failed": "Was refused: the API key no longer holds",
  "oauth_app.created": "Created an OAuth app",
  "oauth_app.updated": "Changed an OAuth app",
  "oauth_app.secret_regenerated": "Regenerated the secret of an OAuth app",
  "oauth_app.deleted": "Deleted an OAuth app",
  "oauth.authorized": "Authorised an OAuth app",
  "oauth.revoked": "Withdrew an OAuth app’s access",
  "oauth_app.registered": "Registered an OAuth app by program",
  "oauth_app.approved": "Approved an OAuth app",
  "oauth_app.blocked": "Blocked an OAuth app",
  "oauth.policy_changed": "Changed which OAuth apps may be connected",
  "oauth.killed": "Ended all access of OAuth apps",
  "oauth.registration_token_issued": "Issued a registration token",
  "oauth.registration_token_revoked": "Revoked a registration token",
  "service_account.created": "Created a service account",
  "service_account.updated": "Changed a service account",
  "service_account.deleted": "Deleted a service account",
  "webhook.created": "Added a webhook",
  "webhook.updated": "Changed a webhook",
  "webhook.paused": "Paused a webhook",
  "webhook.resumed": "Resumed a webhook",
  "webhook.re_enabled": "Re-enabled a webhook",
  "webhook.secret_regenerated": "Regenerated the secret of a webhook",
  "webhook.secret_switched": "Switched a webhook to its new secret",
  "webhook.tested": "Tested a webhook",
  "webhook.redelivered": "Sent events to a webhook again",
  "webhook.deleted": "Deleted a webhook",
  "webhook.delivery_failed": "Gave up delivering to a webhook",
  "webhook.disabled": "Disabled a failing webhook",
  "meeting.uploaded": "Uploaded a meeting",
  "meeting.retried": "Retried a failed meeting",
  "meeting.cancelled": "Cancelled the processing of a meeting",
  "meeting.deleted": "Deleted a meeting",
  "meeting.shared": "Shared a meeting to a tool",
  "recordings.removed": "Removed recordings that were older than the workspace keeps them",
  "insight_project.created": "Created an insight project",
  "insight_project.updated": "Changed an insight project",
  "insight_project.deleted": "Deleted an insight project",
  "insight.created": "Added an insight",
  "insight.updated": "Changed an insight",
  "insight.enabled": "Enabled an insight",
  "insight.disabled": "Disabled an insight",
  "insight.deleted": "Deleted an insight",
  "insight_run.started": "Asked insights of past meetings",
  "insight_run.cancelled": "Stopped asking insights of past meetings",
  "insights.exported": "Exported insight answers",
  "meeting.transcript_corrected": "Corrected a transcript",
  "meeting.contacts_changed": "Changed the contacts of a meeting",
  "member.invited": "Invited somebody",
  "member.joined": "Joined the workspace",
  "member.added": "Added a member",
  "member.updated": "Changed a member",
  "member.renamed": "Changed their own name",
  "member.removed": "Removed a member",
  "invitation.resent": "Sent an invitation again",
  "invitation.revoked": "Revoked an invitation",
  "team.created": "Created a team",
  "team.renamed": "Renamed a team",
  "team.deleted": "Deleted a team",
  "team.member_added": "Added somebody to a team",
  "team.member_removed": "Removed somebody from a team",
  "workspace.created": "Created the workspace",
  "workspace.set_up": "Set up the workspace",
  "workspace.plan_changed": "Changed the plan",
  "workspace.retention_changed": "Changed how long recordings are kept",
  "audit.exported": "Exported the activity",
  "user.signed_in": "Signed in",
  "user.sign_in_failed": "Failed to sign in",
  "user.signed_out": "Signed out",
  "user.signed_out_elsewhere": "Signed out their other browsers",
  "user.signed_out_everywhere": "Signed out everywhere",
  "user.password_changed": "Changed their password",
} as const;
export type AuditAction = keyof typeof auditActions;

/** The words of an action; one that this version does not know is shown as it was stored. */
export function actionWords(action: string): string {
  return action in auditActions ? auditActions[action as AuditAction] : action;
}

export const actorTypes = ["user", "service_account", "api_key", "oauth_app", "system"] as const;
export type ActorType = (typeof actorTypes)[number];

export const auditResults = ["success", "failure"] as const;
export type AuditResult = (typeof auditResults)[number];

/** The choice of the actor filter that stands for everything Harmony does by itself. */
export const systemActor = "system";

/** Entries older than this are removed, month by month (handbook D-62). */
export const auditRetentionDays = 365;
/** Most rows of one export. */
export const exportRowsMax = 100_000;

/** One entry as the page shows it; instants are ISO 8601. */
export interface ActivityRow {
  readonly id: string;
  readonly at: string;
  readonly actorType: ActorType;
  readonly actorId: string | null;
  readonly actorLabel: string;
  readonly category: string;
  readonly action: string;
  readonly targetType: string | null;
  readonly targetId: string | null;
  readonly targetLabel: string | null;
  readonly result: AuditResult;
  readonly ip: string | null;
  readonly userAgent: string | null;
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Its place in the workspace's chain; null until it is sealed. */
  readonly seq: number | null;
}
