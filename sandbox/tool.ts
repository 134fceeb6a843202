import type { z } from "zod";
import type { Hooks } from "./hooks";
import type { Answer, Call } from "./http";
import type { Settings } from "./settings";

// What a stand-in is. Adding one: a folder with a `ToolDefinition`, and its line in registry.ts.

/** What a stand-in is given to live in. */
export interface Host {
  readonly slug: string;
  /** Its own address without a slash at the end, such as `http://localhost:4010/slack`. */
  readonly url: string;
  readonly now: () => Date;
  /** Live: the control API changes them. */
  readonly settings: Settings;
  readonly hooks: Hooks;
  /** What makes a page follow changes. */
  readonly follows: () => { readonly at: string; readonly version: number };
  /** State of the last run; null at the first start and after a reset. */
  readonly saved: unknown;
}

/** What a request asks for. */
export interface Route {
  /** The tool's own word for it, such as `chat.postMessage`; faults and the call log name it. */
  readonly operation: string;
  /** Faults strike calls only: a broken tool must still be seen and mended by hand. */
  readonly kind: "call" | "page";
  /** It changes nothing: nothing is saved, and no open page is shown anew. */
  readonly isRead: boolean;
  readonly run: () => Answer | Promise<Answer>;
}

/** Trouble in the tool's own shape. */
export interface Troubles {
  readonly throttled: (retryAfterSeconds: number | null) => Answer;
  readonly broken: (status: number) => Answer;
  /** The tool's answer for one of its error codes; `status` overrides the usual one. */
  readonly refused: (code: string, operation: string, status: number | null) => Answer;
}

/** Something that happens at the tool itself, by the control API: `{"do": "<name>", …}`. */
export interface Command {
  readonly input: z.ZodType;
  readonly run: (input: unknown) => unknown;
}

export interface Tool {
  readonly route: (call: Call) => Route | null;
  readonly troubles: Troubles;
  readonly commands: Readonly<Record<string, Command>>;
  /** JSON of everything that must survive a restart. */
  readonly state: () => unknown;
  /** What GET /_control/<slug> tells; no tokens. */
  readonly describe: () => unknown;
  /** Ends timers. */
  readonly close: () => void;
}

export interface ToolDefinition {
  readonly slug: string;
  readonly name: string;
  /** One sentence of the index page. */
  readonly about: string;
  /** Departures from the settings that all tools begin with. */
  readonly settings: Partial<Settings>;
  readonly open: (host: Host) => Tool;
}

/** A command whose input is checked against its schema before it runs. */
export function command<T>(input: z.ZodType<T>, run: (input: T) => unknown): Command {
  return { input, run: (value) => run(input.parse(value)) };
}

/** A line of a stand-in's table of routes. */
export interface RouteEntry {
  readonly operation: string;
  readonly kind: Route["kind"];
  readonly method: "GET" | "POST";
  /** Over the whole path; what its groups catch is decoded and handed on. */
  readonly path: RegExp;
  readonly run: (call: Call, ...parts: readonly string[]) => Answer | Promise<Answer>;
}

/** The first line that fits a call. */
export function findRoute(table: readonly RouteEntry[], call: Call): Route | null {
  for (const { operation, kind, method, path, run } of table) {
    const found = method === call.method ? path.exec(call.path) : null;
    if (found) {
      const parts = found.slice(1).map(decoded);
      return { operation, kind, isRead: method === "GET", run: () => run(call, ...parts) };
    }
  }
  return null;
}

/** A part of a path; one with broken percent-encoding stays as it is, and is found nowhere. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
