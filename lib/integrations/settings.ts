import { and, eq, sql } from "drizzle-orm";
import type { z } from "zod";
import { db } from "@/db/client";
import { connectionChoices, connections, syncSettings } from "@/db/schema/integrations";
import { recordAudit } from "@/lib/audit/record-audit";
import type { Context } from "@/lib/auth/principal";
import { AppError, invalidRequest, notFound } from "@/lib/core/errors";
import { mayUse, requireConnection, requireTool, requireVisible } from "@/lib/integrations/access";
import type { ConnectionRow } from "@/lib/integrations/connection-row";
import {
  type Choice,
  type DataOption,
  dataOptions,
  type Provider,
  ProviderError,
  type Setting,
} from "@/lib/integrations/contract";
import { recordErrorOf } from "@/lib/integrations/error-catalogue";
import { auditOf, recordFault } from "@/lib/integrations/health";
import { nextSyncAt } from "@/lib/integrations/schedule";
import {
  type ChoicesView,
  dataOptionWords,
  type loadChoicesInput,
  type saveSettingsInput,
} from "@/lib/integrations/schema";
import { missingScopes, scopesFor } from "@/lib/integrations/scopes";
import { openSession } from "@/lib/integrations/session";
import { timeZoneOf, wantsOf } from "@/lib/integrations/store-arrival";
import { enqueue } from "@/lib/jobs/enqueue";

type SettingsInput = z.output<typeof saveSettingsInput>;

// --- Lists to choose from -----------------------------------------------------------------------------------

const keptMs = 10 * 60_000;
const loadMs = 20_000;
const choicesMax = 20_000;

/** What a person is told when the tool did not do what a page asked of it. */
function toolTrouble(provider: Provider, error: unknown): unknown {
  if (!(error instanceof ProviderError)) return error;
  const { message } = recordErrorOf(error.fault);
  const isDead = error.fault.kind === "reauth";
  return new AppError(
    isDead ? "conflict" : "service_unavailable",
    `${provider.name} did not answer as hoped. ${message}`.replace(/\.$/, ""),
    { fix: isDead ? `Reconnect ${provider.name}.` : "Try again in a minute.", cause: error },
  );
}

function loadable(provider: Provider, key: string) {
  const setting = provider.settings.find((one) => one.key === key);
  if (setting?.kind === "choice" || setting?.kind === "choices") return setting;
  throw notFound("Setting");
}

async function keptChoices({ id, workspaceId }: ConnectionRow, setting: string) {
  const [row] = await db()
    .select()
    .from(connectionChoices)
    .where(
      and(
        eq(connectionChoices.connectionId, id),
        eq(connectionChoices.workspaceId, workspaceId),
        eq(connectionChoices.setting, setting),
      ),
    );
  return row ?? null;
}

async function readChoices(
  connection: ConnectionRow,
  setting: ReturnType<typeof loadable>,
  now: Date,
): Promise<readonly Choice[]> {
  const signal = AbortSignal.timeout(loadMs);
  const session = await openSession(connection, { priority: 0, signal });
  const choices = (await setting.load(session)).slice(0, choicesMax);
  const values = { choices: choices.map((choice) => ({ ...choice })), fetchedAt: now };
  await db()
    .insert(connectionChoices)
    .values({
      connectionId: connection.id,
      workspaceId: connection.workspaceId,
      setting: setting.key,
      ...values,
    })
    .onConflictDoUpdate({
      target: [connectionChoices.connectionId, connectionChoices.setting],
      set: values,
    });
  return choices;
}

/** The list that a setting is chosen from, as the tool gave it at most ten minutes ago, or now with `refresh`. */
export async function choicesOf(
  ctx: Context,
  input: z.output<typeof loadChoicesInput>,
): Promise<ChoicesView> {
  const connection = await requireConnection(ctx, input.connectionId, "integrations:update");
  return await currentChoices(ctx, connection, input);
}

/**
 * The same list for somebody who wants to share something through a chat tool. Who may not configure the tool does not
 * see its private channels.
 */
export async function placesOf(
  ctx: Context,
  input: z.output<typeof loadChoicesInput>,
): Promise<ChoicesView> {
  const connection = await requireVisible(ctx, input.connectionId);
  if (requireTool(connection.provider).capabilities.message === undefined) {
    throw notFound("Connection");
  }
  const list = await currentChoices(ctx, connection, input);
  if (mayUse(ctx, connection.scope, "integrations:update")) return list;
  return { ...list, choices: list.choices.filter(({ isPrivate }) => isPrivate !== true) };
}

async function currentChoices(
  ctx: Context,
  connection: ConnectionRow,
  input: z.output<typeof loadChoicesInput>,
): Promise<ChoicesView> {
  const provider = requireTool(connection.provider);
  const setting = loadable(provider, input.setting);
  const kept = await keptChoices(connection, setting.key);
  const now = ctx.now();
  const isFresh = kept !== null && now.getTime() - kept.fetchedAt.getTime() < keptMs;
  if (kept && isFresh && !input.refresh) {
    return { choices: kept.choices, fetchedAt: kept.fetchedAt.toISOString() };
  }
  if (connection.status === "disconnected") {
    throw new AppError("conflict", `${provider.name} is disconnected`, {
      fix: "Connect it first.",
    });
  }
  try {
    const choices = await readChoices(connection, setting, now);
    return { choices, fetchedAt: now.toISOString() };
  } catch (error) {
    if (error instanceof ProviderError) {
      await db().transaction((tx) => recordFault(tx, connection, error.fault, now));
    }
    throw toolTrouble(provider, error);
  }
}

// --- Saving -------------------------------------------------------------------------------------------------

const valuesMax = 500;
const textMax = 300;

const isText = (value: unknown): value is string =>
  typeof value === "string" && value !== "" && value.length <= textMax;

function isRoutes(value: unknown): boolean {
  if (!Array.isArray(value) || value.length > valuesMax) return false;
  return value.every(
    (route) =>
      typeof route === "object" &&
      route !== null &&
      Object.keys(route).sort().join() === "choice,teamId" &&
      isText(route.teamId) &&
      isText(route.choice),
  );
}

/** Whether a value is one that the setting can have. */
function fits(setting: Setting, value: unknown): boolean {
  switch (setting.kind) {
    case "toggle":
      return typeof value === "boolean";
    case "choice":
      return value === null || isText(value);
    case "choices":
      return Array.isArray(value) && value.length <= valuesMax && value.every(isText);
    case "team_routes":
      return isRoutes(value);
  }
}

/** A choice that is new must be on the tool's list, or be an id of the form that the tool's ids have. */
async function checkChoice(
  connection: ConnectionRow,
  setting: Setting,
  value: unknown,
  before: unknown,
): Promise<string | null> {
  if (setting.kind !== "choice" && setting.kind !== "choices") return null;
  const chosen = (Array.isArray(value) ? value : [value]).filter(isText);
  const known = new Set((Array.isArray(before) ? before : [before]).filter(isText));
  const fresh = chosen.filter((id) => !known.has(id));
  if (fresh.length === 0) return null;
  const list = await keptChoices(connection, setting.key);
  const offered = new Set(list?.choices.map(({ id }) => id) ?? []);
  const takes = setting.kind === "choice" ? setting.takesPastedId : undefined;
  const unknown = fresh.filter((id) => !offered.has(id) && takes?.test(id) !== true);
  if (unknown.length === 0 || (list === null && takes === undefined)) return null;
  return `${unknown.join(", ")} is not on the list. Press Refresh, or choose another.`;
}

function dataProblems(provider: Provider, data: Readonly<Record<DataOption, boolean>>) {
  return dataOptions.flatMap((option) => {
    const { off } = provider.dataOptions[option];
    if (!data[option] || off === undefined) return [];
    return [[option, `${dataOptionWords[option].label}: ${off}`] as const];
  });
}

async function problemsOf(
  provider: Provider,
  connection: ConnectionRow,
  input: SettingsInput,
  before: Readonly<Record<string, unknown>>,
): Promise<Record<string, string>> {
  const problems: [string, string][] = [...dataProblems(provider, input.data)].map(
    ([key, text]) => [key, text],
  );
  if (!provider.directions.includes(input.direction)) {
    problems.push(["direction", `${provider.name} cannot sync this way.`]);
  }
  if (!provider.frequencies.includes(input.frequency)) {
    problems.push(["frequency", `${provider.name} cannot sync this often.`]);
  }
  const settings = new Map(provider.settings.map((setting) => [setting.key, setting]));
  for (const [key, value] of Object.entries(input.options)) {
    const setting = settings.get(key);
    if (!setting || !fits(setting, value)) problems.push([key, "This is no valid choice."]);
    else {
      const wrong = await checkChoice(connection, setting, value, before[key]);
      if (wrong !== null) problems.push([key, wrong]);
    }
  }
  return Object.fromEntries(problems);
}

/**
 * Saves what is synced, which way and when. What now is wanted in addition and was not granted yet shows as missing on
 * the page, which offers to reconnect; the rest goes on.
 */
export async function save(ctx: Context, input: SettingsInput): Promise<void> {
  const connection = await requireConnection(ctx, input.connectionId, "integrations:update");
  const provider = requireTool(connection.provider);
  const now = ctx.now();
  await db().transaction(async (tx) => {
    const [before] = await tx
      .select()
      .from(syncSettings)
      .where(
        and(
          eq(syncSettings.connectionId, connection.id),
          eq(syncSettings.workspaceId, connection.workspaceId),
        ),
      )
      .for("update");
    if (!before) throw notFound("Connection");
    const problems = await problemsOf(provider, connection, input, before.options);
    if (Object.keys(problems).length > 0) {
      throw invalidRequest("Some of the settings cannot be saved", problems);
    }
    const columns = {
      meetingData: input.data.meeting_data,
      actionItems: input.data.action_items,
      contacts: input.data.contacts,
      notes: input.data.notes,
      direction: input.direction,
      frequency: input.frequency,
      conflictRule: input.conflictRule,
      options: { ...before.options, ...input.options },
    };
    const changed = (Object.keys(columns) as (keyof typeof columns)[]).filter(
      (key) => JSON.stringify(columns[key]) !== JSON.stringify(before[key]),
    );
    if (changed.length === 0) return;
    const [after] = await tx
      .update(syncSettings)
      .set({ ...columns, updatedAt: now })
      .where(eq(syncSettings.connectionId, connection.id))
      .returning();
    if (!after) throw notFound("Connection");
    const isLive = connection.status !== "disconnected";
    const next = nextSyncAt(after.frequency, await timeZoneOf(tx, connection.workspaceId), now);
    await tx
      .update(connections)
      .set({
        wants: isLive ? wantsOf(provider, after) : [],
        nextSyncAt: isLive ? next : null,
        updatedAt: sql`now()`,
      })
      .where(
        and(eq(connections.id, connection.id), eq(connections.workspaceId, connection.workspaceId)),
      );
    const { target, metadata } = auditOf(connection);
    await recordAudit(tx, ctx, {
      category: "connection_changes",
      action: "connection.settings_changed",
      target,
      metadata: { ...metadata, changed },
    });
    // What is read may be more than before: it comes at once, not at the next change over there.
    const missing = missingScopes(
      provider.auth,
      scopesFor(provider, input),
      connection.grantedScopes,
    );
    if (
      connection.status === "connected" &&
      missing.length === 0 &&
      after.frequency === "realtime"
    ) {
      const { workspaceId, id: connectionId } = connection;
      await enqueue(
        tx,
        "sync.run",
        { workspaceId, connectionId, trigger: "realtime" },
        { singletonKey: connectionId },
      );
    }
  });
}
