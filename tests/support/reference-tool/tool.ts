import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

// A tool for tests and drills: a small HTTP server that keeps records, durably when it is given a file, and that can be
// told to fail in the ways of real ones. It proves what our engine does with a tool; it cannot prove that a real tool
// behaves like this one.

export type Kind = "contacts" | "tasks" | "meetings" | "notes" | "messages" | "events";

export interface ToolRecord {
  readonly id: string;
  readonly kind: Kind;
  /** Of events: their calendar. Of messages: their channel. */
  readonly place: string;
  /** What its maker called it; the same key twice is two records, since this tool checks nothing. */
  readonly key: string | null;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly version: string;
  /** The place of its last change among all changes. */
  readonly seq: number;
  readonly modifiedAt: string;
  readonly isDeleted: boolean;
}

/** What goes wrong, once or several times, with calls that fit. */
export interface Fault {
  readonly method?: string;
  /** The path begins with it. */
  readonly path?: string;
  /**
   * `lost_before`: the connection ends and nothing was done. `lost_after`: it was done, and the connection ends.
   * `hold_before`, `hold_after`: the same, but it hangs. `malformed`: done, with an answer that nobody can read.
   * `status`: not done.
   */
  readonly kind:
    | "lost_before"
    | "lost_after"
    | "hold_before"
    | "hold_after"
    | "malformed"
    | "status"
    | "slow";
  readonly status?: number;
  readonly retryAfter?: string;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly ms?: number;
  /** How often; always when absent. */
  readonly times?: number;
  /** So many calls that fit pass first. */
  readonly skip?: number;
}

export interface ReferenceTool {
  readonly url: string;
  readonly records: (kind: Kind) => readonly ToolRecord[];
  /** Every call that came in, as `POST /contacts`, with the moment: Unix milliseconds. */
  readonly calls: readonly { readonly what: string; readonly at: number }[];
  readonly fail: (fault: Fault) => void;
  readonly heal: () => void;
  /** Ends the connections of calls that hang. */
  readonly dropHeld: () => void;
  /** Lets the answers of calls that were done and hang go. */
  readonly answerHeld: () => void;
  /** How many calls hang. */
  readonly heldCount: () => number;
  /** Somebody changes or makes a record with the tool's own pages. */
  readonly put: (
    kind: Kind,
    fields: Readonly<Record<string, unknown>>,
    options?: { readonly id?: string; readonly place?: string; readonly modifiedAt?: Date },
  ) => ToolRecord;
  readonly remove: (id: string) => void;
  /** Everything is gone, and so is what was counted. */
  readonly clear: () => void;
  /** Cursors that were given out so far are no longer known. */
  readonly expireCursors: () => void;
  /** Access tokens of now are refused; with `refresh`, the grant is dead. */
  readonly revoke: (options?: { readonly refresh: boolean }) => void;
  /** Tokens are good again, as after a Reconnect. */
  readonly restore: () => void;
  /** From now on `calls` in any `perMs`, else 429 with `Retry-After`. */
  readonly limit: (calls: number, perMs: number) => void;
  readonly stop: () => Promise<void>;
}

const pageSize = 100;

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

const isWrite = ({ what }: { readonly what: string }) =>
  /^(POST|PUT|DELETE) \/(?!token)/.test(what);
const ok = (body: unknown): Answer => ({ status: 200, body });
const refusal = (status: number, error: string): Answer => ({ status, body: { error } });

const kinds: readonly string[] = ["contacts", "tasks", "meetings", "notes", "messages", "events"];

function send(response: ServerResponse, { status, body, headers }: Answer): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(body));
}

/** The state of the tool, apart from how it is reached. */
class Store {
  readonly records = new Map<string, ToolRecord>();
  epoch = 0;
  #seq = 0;
  readonly #file: string | null;

  constructor(file: string | null) {
    this.#file = file;
    if (file === null || !existsSync(file)) return;
    for (const line of readFileSync(file, "utf8").trim().split("\n")) {
      if (line === "") continue;
      const record = JSON.parse(line) as ToolRecord;
      this.records.set(record.id, record);
      this.#seq = Math.max(this.#seq, record.seq);
    }
  }

  write(record: Omit<ToolRecord, "version" | "seq" | "modifiedAt">, modifiedAt = new Date()) {
    this.#seq += 1;
    const written: ToolRecord = {
      ...record,
      seq: this.#seq,
      version: `v${this.#seq}`,
      modifiedAt: modifiedAt.toISOString(),
    };
    this.records.set(written.id, written);
    if (this.#file !== null) appendFileSync(this.#file, `${JSON.stringify(written)}\n`);
    return written;
  }

  newId(kind: Kind): string {
    return `${kind}-${this.#seq + 1}`;
  }

  list(kind: Kind): ToolRecord[] {
    return [...this.records.values()].filter((record) => record.kind === kind);
  }

  /** A page of changes in their order; a whole reading leaves out what is deleted. */
  page(kind: Kind, place: string, cursor: string | null): Answer {
    const [epoch, mode, seq] = cursor === null ? [this.epoch, "w", 0] : readCursor(cursor);
    if (epoch !== this.epoch) return refusal(410, "cursor_expired");
    const rest = this.list(kind)
      .filter((record) => record.seq > seq && (kind !== "events" || record.place === place))
      .filter((record) => mode === "c" || !record.isDeleted)
      .sort((a, b) => a.seq - b.seq);
    const items = rest.slice(0, pageSize);
    const hasMore = rest.length > items.length;
    const end = items.at(-1)?.seq ?? seq;
    // The whole reading is over: from here on only what changes, from the newest change that it saw.
    return ok({
      items,
      cursor: `${this.epoch}.${hasMore ? mode : "c"}.${end}`,
      has_more: hasMore,
      is_whole: mode === "w",
    });
  }
}

function readCursor(text: string): readonly [number, string, number] {
  const [epoch = "", mode = "", seq = ""] = text.split(".");
  return [Number(epoch), mode, Number(seq)];
}

interface Parsed {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage["headers"];
  readonly body: Record<string, unknown>;
}

function create(store: Store, kind: Kind, { body }: Parsed): Answer {
  const { key = null, fields = {}, place = "" } = body;
  const record = store.write({
    id: store.newId(kind),
    kind,
    place: String(place),
    key: key === null ? null : String(key),
    fields: fields as Record<string, unknown>,
    isDeleted: false,
  });
  return ok(record);
}

function change(store: Store, id: string, { method, headers, body }: Parsed): Answer {
  const known = store.records.get(id);
  if (!known || known.isDeleted) return refusal(404, "not_found");
  const expected = headers["if-match"];
  if (expected !== undefined && expected !== known.version) return refusal(412, "conflict");
  if (method === "DELETE") return ok(store.write({ ...known, isDeleted: true }));
  const fields = { ...known.fields, ...(body.fields as Record<string, unknown>) };
  return ok(store.write({ ...known, fields }));
}

function serveRecords(store: Store, kind: Kind, id: string | undefined, call: Parsed): Answer {
  const { method, url } = call;
  if (method === "POST" && id === undefined) return create(store, kind, call);
  if (method === "GET" && id === "search") {
    const key = url.searchParams.get("key");
    // Messages of a chat cannot be looked up.
    if (kind === "messages") return refusal(404, "not_found");
    return ok({ items: store.list(kind).filter((one) => one.key === key && !one.isDeleted) });
  }
  if (method === "GET" && id === undefined) {
    return store.page(
      kind,
      url.searchParams.get("place") ?? "",
      url.searchParams.get("cursor") || null,
    );
  }
  if (id !== undefined && ["PUT", "DELETE"].includes(method)) return change(store, id, call);
  return refusal(405, "method_not_allowed");
}

/** Starts the tool on a free port, or on the given one. */
export async function startReferenceTool(
  options: { readonly file?: string; readonly port?: number } = {},
): Promise<ReferenceTool> {
  const store = new Store(options.file ?? null);
  const calls: { what: string; at: number }[] = [];
  let faults: { fault: Fault; left: number; skip: number }[] = [];
  let isRevoked = false;
  let isDead = false;
  let limit: { calls: number; perMs: number } | null = null;
  const recent: number[] = [];
  let limited = 0;
  let acceptedAt = 0;
  const families = new Map<string, number>();
  const refreshes = { tried: 0, refused: 0 };
  let held: { response: ServerResponse; answer: Answer | null }[] = [];

  function faultOf(method: string, path: string): Fault | null {
    const found = faults.find(
      ({ fault, left }) =>
        left > 0 &&
        (fault.method === undefined || fault.method === method) &&
        (fault.path === undefined || path.startsWith(fault.path)),
    );
    if (!found) return null;
    if (found.skip > 0) {
      found.skip -= 1;
      return null;
    }
    found.left -= 1;
    return found.fault;
  }

  function overLimit(now: number): Answer | null {
    if (limit === null) return null;
    const { calls: max, perMs } = limit;
    while (recent.length > 0 && (recent[0] ?? 0) <= now - perMs) recent.shift();
    if (recent.length >= max) {
      const ms = (recent[0] ?? now) + perMs - now;
      limited += 1;
      const headers = { "retry-after": String(Math.ceil(ms / 1000)) };
      return { ...refusal(429, "rate_limited"), headers };
    }
    recent.push(now);
    return null;
  }

  /** Each refresh token is for one use: `rt-<family>-<number>`. One that comes twice ends its family. */
  function token({ body }: Parsed): Answer {
    refreshes.tried += 1;
    const [, family = "", number = ""] = String(body.refresh_token ?? "").split("-");
    const current = families.get(family) ?? 1;
    if (isDead || Number(number) !== current) {
      refreshes.refused += 1;
      return refusal(400, "invalid_grant");
    }
    families.set(family, current + 1);
    isRevoked = false;
    return ok({
      access_token: `reference-token-${family}-${current + 1}`,
      refresh_token: `rt-${family}-${current + 1}`,
      token_type: "Bearer",
      expires_in: 3600,
    });
  }

  /** For those who drive the tool from another process. */
  function control(call: Parsed): Answer {
    const [, , what = "", kind = ""] = call.url.pathname.split("/");
    switch (what) {
      case "records":
        return ok({ records: store.list(kind as Kind).filter(({ isDeleted }) => !isDeleted) });
      case "stats":
        return ok({
          ...{ calls: calls.length, limited, acceptedAt, refreshes },
          writes: calls.filter(isWrite).length,
        });
      case "put": {
        const { id, place = "", fields } = call.body;
        return ok(
          tool.put(kind as Kind, fields as Record<string, unknown>, {
            ...(id === undefined ? {} : { id: String(id) }),
            place: String(place),
          }),
        );
      }
      case "limit":
        tool.limit(Number(call.body.calls), Number(call.body.perMs));
        return ok({});
      case "slow":
        tool.fail({ kind: "slow", ms: Number(call.body.ms) });
        return ok({});
      default:
        return refusal(404, "not_found");
    }
  }

  function serve(call: Parsed): Answer {
    const path = call.url.pathname;
    if (path === "/token") return token(call);
    if (isRevoked) return refusal(401, "invalid_token");
    if (path === "/me") return ok({ id: "reference-account", name: "Reference account" });
    const [, kind = "", id] = path.split("/");
    if (!kinds.includes(kind)) return refusal(404, "not_found");
    return serveRecords(
      store,
      kind as Kind,
      id === undefined ? undefined : decodeURIComponent(id),
      call,
    );
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = await bodyOf(request);
    const url = new URL(request.url ?? "/", "http://tool");
    const method = request.method ?? "GET";
    const isJson = request.headers["content-type"]?.startsWith("application/json") ?? false;
    const call: Parsed = {
      ...{ method, url, headers: request.headers },
      body:
        isJson && text !== "" ? JSON.parse(text) : Object.fromEntries(new URLSearchParams(text)),
    };
    if (url.pathname.startsWith("/_control/")) return send(response, control(call));
    const now = Date.now();
    calls.push({ what: `${method} ${url.pathname}`, at: now });
    const refused = overLimit(now);
    if (refused) return send(response, refused);
    acceptedAt = now;
    await answer(call, response, faultOf(method, url.pathname));
  }

  async function answer(call: Parsed, response: ServerResponse, fault: Fault | null) {
    switch (fault?.kind) {
      case undefined:
        return send(response, serve(call));
      case "slow":
        await new Promise((resolve) => setTimeout(resolve, fault?.ms ?? 100));
        return send(response, serve(call));
      case "status": {
        const headers = fault?.retryAfter ? { "retry-after": fault.retryAfter } : {};
        const body = fault?.body ?? { error: "scripted" };
        return send(response, { status: fault?.status ?? 500, body, headers });
      }
      case "lost_before":
        response.destroy();
        return;
      case "lost_after":
        serve(call);
        response.destroy();
        return;
      case "hold_before":
        held.push({ response, answer: null });
        return;
      case "hold_after":
        held.push({ response, answer: serve(call) });
        return;
      case "malformed":
        serve(call);
        response.writeHead(200, { "content-type": "application/json" });
        response.end("<html>not what was promised");
    }
  }

  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => {
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  const tool: ReferenceTool = {
    url: `http://127.0.0.1:${port}`,
    records: (kind) => store.list(kind).filter(({ isDeleted }) => !isDeleted),
    calls,
    fail: (fault) => {
      const { times = Number.POSITIVE_INFINITY, skip = 0 } = fault;
      faults.push({ fault, left: times, skip });
    },
    heal: () => {
      faults = [];
      limit = null;
    },
    dropHeld: () => {
      for (const { response } of held) response.destroy();
      held = [];
    },
    answerHeld: () => {
      const ready = held.filter(({ answer: kept }) => kept !== null);
      held = held.filter(({ answer: kept }) => kept === null);
      for (const { response, answer: kept } of ready) if (kept) send(response, kept);
    },
    heldCount: () => held.length,
    put: (kind, fields, { id, place = "", modifiedAt } = {}) => {
      const known = id === undefined ? undefined : store.records.get(id);
      return store.write(
        {
          id: id ?? store.newId(kind),
          kind,
          place: known?.place ?? place,
          key: known?.key ?? null,
          fields: { ...known?.fields, ...fields },
          isDeleted: false,
        },
        modifiedAt,
      );
    },
    remove: (id) => {
      const known = store.records.get(id);
      if (known) store.write({ ...known, isDeleted: true });
    },
    clear: () => {
      store.records.clear();
      calls.length = 0;
    },
    expireCursors: () => {
      store.epoch += 1;
    },
    revoke: ({ refresh } = { refresh: false }) => {
      isRevoked = true;
      isDead = refresh;
    },
    restore: () => {
      isRevoked = false;
      isDead = false;
    },
    limit: (max, perMs) => {
      limit = { calls: max, perMs };
      recent.length = 0;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return tool;
}
