/** One group of the settings' second column. */
export interface SettingsGroup {
  readonly label: string;
  readonly items: readonly { readonly href: string; readonly label: string }[];
}

/** The pages of Settings. Add a page here and it appears in the column and in ⌘K. */
export const settingsNav: readonly SettingsGroup[] = [
  {
    label: "Workspace",
    items: [
      { href: "/settings/profile", label: "Profile" },
      { href: "/settings/members", label: "Members" },
      { href: "/settings/teams", label: "Teams" },
      { href: "/settings/roles", label: "Roles" },
      { href: "/settings/recordings", label: "Recordings" },
    ],
  },
  {
    label: "Integrations",
    items: [
      { href: "/settings/integrations", label: "Apps" },
      { href: "/settings/integrations/api", label: "API" },
      { href: "/settings/integrations/webhooks", label: "Webhooks" },
      { href: "/settings/integrations/activity", label: "Activity" },
      { href: "/settings/integrations/notifications", label: "Notifications" },
    ],
  },
];
