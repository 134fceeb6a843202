import type { ReactNode } from "react";
import { SettingsLayout } from "@/components/shell/settings-layout";
import { settingsNav } from "@/components/shell/settings-nav";

/** Settings with their second column. */
export default function Layout({ children }: { readonly children: ReactNode }) {
  return <SettingsLayout groups={settingsNav}>{children}</SettingsLayout>;
}
