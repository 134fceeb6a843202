import { and, eq, inArray, ne } from "drizzle-orm";
import type { Tx } from "@/db/client";
import type { Audience } from "@/db/schema/activity";
import { connections } from "@/db/schema/integrations";
import { newId } from "@/lib/core/ids";
import { offerAll } from "@/lib/events/offer";
import type { Recipient } from "@/lib/notify/find-recipients";
import type { Wants } from "@/lib/notify/preferences";
import type { Channel, Severity } from "@/lib/notify/schema";

/** The chat tool of each channel of the grid, by its slug (handbook 13). */
const channelOf: ReadonlyMap<string, Channel> = new Map([
  ["slack", "slack"],
  ["microsoft_teams_chat", "microsoft_teams"],
]);

export interface ChatAlert {
  readonly workspaceId: string;
  readonly to: Audience;
  readonly title: string;
  readonly body: string;
  readonly link: string | null;
  readonly severity: Severity;
}

/**
 * Offers an alert to the workspace's connected chat tools, once each however many people asked for it: because one of
 * its recipients wants it there, or because the tool's own settings ask for the alerts that concern the workspace. It
 * never goes to the connection that it is about.
 */
export async function tellChats(
  tx: Tx,
  { workspaceId, to, title, body, link, severity }: ChatAlert,
  people: readonly Recipient[],
  wants: Wants,
): Promise<void> {
  const except = to.exceptConnectionId;
  const chats = await tx
    .select({ id: connections.id, provider: connections.provider, wants: connections.wants })
    .from(connections)
    .where(
      and(
        eq(connections.workspaceId, workspaceId),
        eq(connections.scope, "workspace"),
        eq(connections.status, "connected"),
        inArray(connections.provider, [...channelOf.keys()]),
        except === undefined ? undefined : ne(connections.id, except),
      ),
    );
  const concernsAll = to.permission !== undefined;
  const asked = chats.filter((chat) => {
    const channel = channelOf.get(chat.provider);
    const isChosen = channel !== undefined && people.some(({ userId }) => wants(userId, channel));
    return isChosen || (concernsAll && chat.wants.includes("alert"));
  });
  await offerAll(
    tx,
    workspaceId,
    asked.map(({ id: connectionId }) => ({
      topic: "alert",
      objectId: newId("notification"),
      connectionId,
      isAsked: true,
      data: { title, body, link, severity },
    })),
  );
}
