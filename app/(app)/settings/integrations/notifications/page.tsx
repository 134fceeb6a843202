import type { Metadata } from "next";
import { requireSession } from "@/app/(app)/require-session";
import { PreferenceTable } from "@/app/(app)/settings/integrations/notifications/preference-table";
import { PageHeader } from "@/components/ui/page-header";
import { contextOf } from "@/lib/http/action";
import { readPreferences } from "@/lib/notifications/service";

export const metadata: Metadata = { title: "Notifications" };

export default async function NotificationPreferencesPage() {
  const session = await requireSession();
  const grid = await readPreferences(await contextOf(session));
  return (
    <>
      <PageHeader
        title="Notifications"
        description={`Which alerts of “${session.workspace.name}” reach you, and how. These are your own choices: nobody else’s change with them.`}
      />
      <PreferenceTable grid={grid} email={session.user.email} />
    </>
  );
}
