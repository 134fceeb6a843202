import { ShareButton } from "@/app/(app)/meetings/[id]/share-button";
import type { Context } from "@/lib/auth/principal";
import { getTool, listCatalogue } from "@/lib/integrations/service";

/** A chat tool that a meeting can be shared to. */
export interface ShareTarget {
  readonly connectionId: string;
  /** "Slack". */
  readonly toolName: string;
  /** The setting whose list has the channels. */
  readonly setting: string;
  readonly takesPastedId: boolean;
  /** The channel that is chosen at first; null for none. */
  readonly channel: string | null;
}

async function targetsOf(ctx: Context): Promise<readonly ShareTarget[]> {
  const catalogue = await listCatalogue(ctx);
  const chats = catalogue.filter(
    ({ category, connection }) =>
      category === "communication" && connection?.status === "connected",
  );
  const tools = await Promise.all(chats.map(({ slug }) => getTool(ctx, slug)));
  return tools.flatMap(({ connection, name, settings, syncSettings }) => {
    const channels = settings.find(({ kind }) => kind === "choice");
    if (connection === null || channels === undefined) return [];
    const chosen = syncSettings?.options[channels.key];
    return [
      {
        connectionId: connection.id,
        toolName: name,
        setting: channels.key,
        takesPastedId: channels.takesPastedId,
        channel: typeof chosen === "string" && chosen !== "" ? chosen : null,
      },
    ];
  });
}

interface ShareButtonsProps {
  readonly ctx: Context;
  readonly meetingId: string;
}

/** "Share to Slack", "Share to Teams": one for each chat tool that is connected; none otherwise. */
export async function ShareButtons({ ctx, meetingId }: ShareButtonsProps) {
  const targets = await targetsOf(ctx);
  return targets.map((target) => (
    <ShareButton key={target.connectionId} meetingId={meetingId} target={target} />
  ));
}
