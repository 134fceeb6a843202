import { Bot, Cog, KeyRound, type LucideIcon, PanelsTopLeft, User } from "lucide-react";
import type { ActivityRow, ActorType } from "@/lib/audit/schema";

// What the parts of an entry are called and look like on its page.

export const actorLooks: Readonly<
  Record<ActorType, { readonly icon: LucideIcon; readonly words: string }>
> = {
  user: { icon: User, words: "Person" },
  service_account: { icon: Bot, words: "Service account" },
  api_key: { icon: KeyRound, words: "API key" },
  oauth_app: { icon: PanelsTopLeft, words: "OAuth app" },
  system: { icon: Cog, words: "System" },
};

const targetWords: Readonly<Record<string, string>> = {
  api_key: "API key",
  connection: "Connection",
  invitation: "Invitation",
  meeting: "Meeting",
  member: "Member",
  oauth_app: "OAuth app",
  registration_token: "Registration token",
  service_account: "Service account",
  team: "Team",
  user: "Member",
  webhook: "Webhook",
  workspace: "Workspace",
};

/** What kind of thing an entry is about; a kind without words of its own as it is stored. */
export function targetKind(type: string): string {
  return targetWords[type] ?? type;
}

/** The page of an entry's target, where it has one; the thing itself may be gone since. */
export function targetHref({ targetType, targetId, action }: ActivityRow): string | null {
  if (targetId === null) return null;
  if (targetType === "webhook") return `/settings/integrations/webhooks/${targetId}`;
  if (targetType === "service_account" && action !== "service_account.deleted")
    return `/settings/integrations/api/service-accounts/${targetId}`;
  if (targetType === "meeting" && action !== "meeting.deleted") return `/meetings/${targetId}`;
  return null;
}

/** A slug as a name: `google_calendar` → "Google calendar". */
export function integrationName(slug: string): string {
  const words = slug.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
