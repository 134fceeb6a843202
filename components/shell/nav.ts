import { ChartNoAxesColumn, House, type LucideIcon, Settings, Users, Video } from "lucide-react";
import type { Crumb } from "@/components/ui/breadcrumbs";

export interface NavItem {
  readonly href: string;
  readonly label: string;
  readonly icon: LucideIcon;
}

/** The sidebar, top to bottom. */
export const mainNav: readonly NavItem[] = [
  { href: "/", label: "Home", icon: House },
  { href: "/meetings", label: "Meetings", icon: Video },
  { href: "/contacts", label: "Contacts", icon: Users },
  { href: "/insights", label: "Insights", icon: ChartNoAxesColumn },
];

export const settingsHref = "/settings";
export const integrationsHref = "/settings/integrations";
export const authorisedAppsHref = "/settings/profile#authorised-apps";

export const footNav: readonly NavItem[] = [
  { href: settingsHref, label: "Settings", icon: Settings },
];

/** Names of the fixed addresses, for the trail in the top bar. */
const names: Readonly<Record<string, string>> = {
  "/": "Home",
  "/meetings": "Meetings",
  "/contacts": "Contacts",
  "/insights": "Insights",
  "/settings": "Settings",
  "/settings/profile": "Profile",
  "/settings/members": "Members",
  "/settings/teams": "Teams",
  "/settings/roles": "Roles",
  "/settings/recordings": "Recordings",
  "/settings/integrations": "Integrations",
  "/settings/integrations/api": "API",
  "/settings/integrations/api/oauth-apps": "OAuth apps",
  "/settings/integrations/api/authorised-apps": "Authorised apps",
  "/settings/integrations/api/service-accounts": "Service accounts",
  "/settings/integrations/webhooks": "Webhooks",
  "/settings/integrations/webhooks/events": "Event catalogue",
  "/settings/integrations/activity": "Activity",
  "/settings/integrations/notifications": "Notifications",
  "/notifications": "Notifications",
};

/** The known parents of a path and the path itself when it is known; ids are left out. */
export function crumbsFor(pathname: string): Crumb[] {
  if (pathname === "/") return [{ href: "/", label: "Home" }];
  const crumbs: Crumb[] = [];
  let href = "";
  for (const segment of pathname.split("/").filter((part) => part !== "")) {
    href += `/${segment}`;
    const label = names[href];
    if (label !== undefined) crumbs.push({ href, label });
  }
  return crumbs;
}
