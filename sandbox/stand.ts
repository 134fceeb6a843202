import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { type Fault, faultSchema, openFaults } from "./faults";
import { openHooks } from "./hooks";
import { type Answer, type Call, json, text } from "./http";
import { defaultSettings, type Settings, type SettingsPatch, settingsPatch } from "./settings";
import { openSnapshot } from "./store";
import { type Command, command, type Host, type Route, type ToolDefinition } from "./tool";

// One running stand-in: its tool between the faults in front and the snapshot behind.

const SNAPSHOT_FORM = 1;
const CALLS_KEPT = 500;

/** What the connection does: an answer, an end without one, or nothing at all. */
export type Outcome =
  | { readonly kind: "answer"; readonly answer: Answer }
  | { readonly kind: "cut" }
  | { readonly kind: "silence" };

interface LoggedCall {
  readonly at: string;
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  /** Null when the caller got none. */
  readonly status: number | null;
  readonly faults: readonly string[];
}

export interface Stand {
  readonly slug: string;
  readonly name: string;
  readonly about: string;
  readonly handle: (call: Call) => Promise<Outcome>;
  /** Runs commands in order; throws a ZodError for one that is not understood. */
  readonly control: (commands: readonly Readonly<Record<string, unknown>>[]) => unknown[];
  readonly describe: () => unknown;
  readonly stop: () => void;
}

export interface StandOptions {
  readonly url: string;
  readonly appUrl: string;
  readonly dataDir: string;
  readonly now: () => Date;
}

const savedSchema = z.object({
  form: z.literal(SNAPSHOT_FORM),
  overrides: settingsPatch,
  tool: z.unknown(),
});

const cut: Outcome = { kind: "cut" };
const silence: Outcome = { kind: "silence" };
const answered = (answer: Answer): Outcome => ({ kind: "answer", answer });
const statusOf = (outcome: Outcome) => (outcome.kind === "answer" ? outcome.answer.status : null);

/** Half of the body, so that JSON ends in the middle. */
function truncated({ status, headers, body = "" }: Answer): Answer {
  const half = body.slice(0, Math.max(1, Math.floor(body.length / 2)));
  return { status, ...(headers && { headers }), body: half };
}

/** Opens a stand-in with the state of its last run, if there is one. */
export function openStand(definition: ToolDefinition, options: StandOptions): Stand {
  const { slug } = definition;
  const { now } = options;
  const initial: Settings = { ...defaultSettings(slug, options.appUrl), ...definition.settings };
  const settings: Settings = { ...initial };
  let overrides: SettingsPatch = {};
  const faults = openFaults();
  const hooks = openHooks(settings, now);
  const calls: LoggedCall[] = [];
  let version = 0;

  const open = (saved: unknown) => {
    const { url } = options;
    const follows = () => ({ at: `${url}/_version`, version });
    const host: Host = { slug, url, now, settings, hooks, follows, saved };
    return definition.open(host);
  };
  const snapshot = openSnapshot(options.dataDir, slug, () => ({
    form: SNAPSHOT_FORM,
    overrides,
    tool: tool.state(),
  }));
  const before = savedSchema.safeParse(snapshot.load());
  overrides = before.data?.overrides ?? {};
  Object.assign(settings, overrides);
  let tool = open(before.data?.tool ?? null);

  const changed = () => {
    version += 1;
    snapshot.save();
  };

  // --- Control --------------------------------------------------------------------------------------------------

  const own: Readonly<Record<string, Command>> = {
    /** Everything as at the first start; with `settings` the settings stay. */
    reset: command(z.object({ keepSettings: z.boolean().default(false) }), ({ keepSettings }) => {
      tool.close();
      hooks.clear();
      faults.clear();
      calls.length = 0;
      if (!keepSettings) {
        overrides = {};
        Object.assign(settings, initial);
      }
      tool = open(null);
      return { reset: true };
    }),
    settings: command(settingsPatch, (patch) => {
      overrides = { ...overrides, ...patch };
      Object.assign(settings, patch);
      return { changed: Object.keys(patch) };
    }),
    fault: command(z.object({ fault: faultSchema }), ({ fault }) => {
      faults.add(fault);
      return { faults: faults.list().length };
    }),
    clear_faults: command(z.object({}), () => {
      faults.clear();
      return { faults: 0 };
    }),
    release_hooks: command(
      z.object({ order: z.enum(["sent", "reversed"]).default("sent") }),
      ({ order }) => ({ released: hooks.release(order) }),
    ),
  };

  const runCommand = (input: Readonly<Record<string, unknown>>): unknown => {
    const { do: name, ...rest } = input;
    const all: Readonly<Record<string, Command>> = { ...own, ...tool.commands };
    const found = typeof name === "string" && Object.hasOwn(all, name) ? all[name] : undefined;
    if (found === undefined) {
      throw new UnknownCommand(`"do" must be one of: ${Object.keys(all).sort().join(", ")}`);
    }
    return found.run(rest);
  };

  const control: Stand["control"] = (commands) => {
    const results = commands.map(runCommand);
    changed();
    return results;
  };

  // --- Calls ----------------------------------------------------------------------------------------------------

  /** What a fault makes of a call before the tool sees it; null: it goes on. */
  const strikeBefore = (fault: Fault | undefined, { operation }: Route): Outcome | null => {
    switch (fault?.kind) {
      case "down":
        return cut;
      case "hang":
        return silence;
      case "throttled":
        return answered(tool.troubles.throttled(fault.retryAfterSeconds));
      case "broken":
        return answered(tool.troubles.broken(fault.status));
      case "refused":
        return answered(tool.troubles.refused(fault.code, operation, fault.status ?? null));
      default:
        return null;
    }
  };

  const carryOut = async (route: Route, struck: readonly Fault[]): Promise<Outcome> => {
    for (const fault of struck) if (fault.kind === "slow") await delay(fault.ms);
    const main = struck.find(({ kind }) => kind !== "slow" && kind !== "then");
    const stopped = strikeBefore(main, route);
    if (stopped !== null) return stopped;
    const answer = await route.run();
    if (main?.kind === "lose_answer") return cut;
    return answered(main?.kind === "malformed" ? truncated(answer) : answer);
  };

  const handle = async (call: Call): Promise<Outcome> => {
    if (call.path === "/_version") return answered(text(200, String(version)));
    const route = tool.route(call);
    if (route === null) return answered(json(404, { error: "not_found", path: call.path }));
    const struck = route.kind === "call" ? faults.strike(route.operation) : [];
    const outcome = await carryOut(route, struck);
    calls.push({
      at: now().toISOString(),
      operation: route.operation,
      method: call.method,
      path: call.path,
      status: statusOf(outcome),
      faults: struck.map(({ kind }) => kind),
    });
    calls.splice(0, calls.length - CALLS_KEPT);
    if (!route.isRead) changed();
    for (const fault of struck) if (fault.kind === "then") control(fault.commands);
    return outcome;
  };

  return {
    slug,
    name: definition.name,
    about: definition.about,
    handle,
    control,
    describe: () => {
      const { clientSecret: _client, hookSecret: _hook, ...shown } = settings;
      return {
        slug,
        version,
        settings: shown,
        faults: faults.list(),
        tool: tool.describe(),
        hooks: hooks.attempts(),
        calls,
      };
    },
    stop: () => {
      tool.close();
      hooks.clear();
      snapshot.flush();
    },
  };
}

/** A command that this stand-in does not have. */
export class UnknownCommand extends Error {}
