import {
  PastMeetings,
  SyncForm,
  TestMessage,
} from "@/app/(app)/settings/integrations/[provider]/lazy-parts";
import type { Context } from "@/lib/auth/principal";
import { hasGrant } from "@/lib/auth/roles";
import { dataOptions } from "@/lib/integrations/contract";
import {
  dataOptionWords,
  directionWords,
  frequencyWords,
  type ToolView,
} from "@/lib/integrations/schema";
import { listTeamChoices } from "@/lib/members/teams";
import { listRuns } from "@/lib/sync/service";

interface SyncTabProps {
  readonly ctx: Context;
  readonly tool: ToolView;
}

/** The words of the schemas, handed over as values: the schemas themselves would bring their whole library along. */
export function wordsOf(tool: ToolView) {
  return {
    data: dataOptions.map((key) => ({ key, ...dataOptionWords[key], ...tool.dataOptions[key] })),
    directions: tool.directions.map((key) => ({
      key,
      label: directionWords[key].replace("Tool", tool.name),
    })),
    frequencies: tool.frequencies.map((key) => ({ key, ...frequencyWords[key] })),
  };
}
export type SyncWords = ReturnType<typeof wordsOf>;

/** What is synced, which way and when; past meetings; the test message. */
export async function SyncTab({ ctx, tool }: SyncTabProps) {
  const { connection, syncSettings, settings, mayManage, mayExecute } = tool;
  if (connection === null || syncSettings === null) return null;
  const needsTeams =
    settings.some(({ kind }) => kind === "team_routes") &&
    hasGrant(ctx.principal.grants, "members:read", "all");
  const [teams, newest] = await Promise.all([
    needsTeams ? listTeamChoices(ctx) : [],
    tool.canBackfill && tool.maySeeLog ? listRuns(ctx, connection.id, { page: 1 }) : null,
  ]);
  return (
    <div className="flex max-w-3xl flex-col gap-5">
      <SyncForm
        connectionId={connection.id}
        toolName={tool.name}
        saved={syncSettings}
        words={wordsOf(tool)}
        settings={settings}
        teams={teams}
        disabled={!mayManage || connection.status === "disconnected"}
      />
      {tool.hasTestMessage && mayExecute ? <TestMessage connectionId={connection.id} /> : null}
      {tool.canBackfill && mayExecute ? (
        <PastMeetings
          connectionId={connection.id}
          toolName={tool.name}
          newest={newest?.runs[0] ?? null}
        />
      ) : null}
    </div>
  );
}
