import { AppWindow } from "lucide-react";
import { AuthorisedAppList } from "@/app/(app)/settings/integrations/api/authorised-apps/authorised-app-list";
import { EmptyState } from "@/components/ui/empty-state";
import type { AuthorisedApp } from "@/lib/oauth-server/authorised-apps";

/** What the signed-in person allowed apps, in all their workspaces. */
export function MyApps({ rows }: { readonly rows: readonly AuthorisedApp[] }) {
  if (rows.length === 0) {
    return (
      <EmptyState icon={AppWindow} title="You have connected no app">
        When you allow an app to use your Harmony data, it appears here, and here you can end it.
      </EmptyState>
    );
  }
  return <AuthorisedAppList rows={rows} about="workspace" />;
}
