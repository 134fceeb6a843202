import Link from "next/link";
import { AlertChoices } from "@/app/(app)/settings/integrations/[provider]/lazy-parts";
import { textLink } from "@/components/integrations/words";
import type { Context } from "@/lib/auth/principal";
import type { ToolView } from "@/lib/integrations/schema";
import { readAlertChoices } from "@/lib/notifications/service";

interface NotificationsTabProps {
  readonly ctx: Context;
  readonly tool: ToolView;
}

/** The person's grid of alerts, with other choices for this tool where they want them (handbook D-31). */
export async function NotificationsTab({ ctx, tool }: NotificationsTabProps) {
  const { connection, name } = tool;
  if (connection === null) return null;
  const grid = await readAlertChoices(ctx, { connectionId: connection.id });
  return (
    <div className="flex max-w-4xl flex-col gap-4">
      <p className="text-base text-ink-muted">
        How you are told about {name}. Without a choice here,{" "}
        <Link href="/settings/integrations/notifications" className={textLink}>
          your notification settings
        </Link>{" "}
        decide. These are your own choices.
      </p>
      <AlertChoices connectionId={connection.id} grid={grid} />
    </div>
  );
}
