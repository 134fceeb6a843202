import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv, { type ValidateFunction } from "ajv";
import addFormats from "ajv-formats";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openMeter } from "@/sandbox/slack/calls";
import { slackMethods } from "@/sandbox/slack/methods";
import {
  followAuthorize,
  type Json,
  postForm,
  startTestSandbox,
  type TestSandbox,
} from "../support/sandbox";

// Answers of the stand-ins, taken over HTTP, against the contracts that the tools publish. Those are not part of this
// project: they are looked for beside it, or in HARMONY_SPECS_DIR.

const specs = process.env.HARMONY_SPECS_DIR ?? join(process.cwd(), "..", "shared", "specs");
const slackSpecs = join(specs, "slack", "methods.json");
const calendarSpecs = join(specs, "google-calendar", "calendar-v3.discovery.json");
const isAbsent = !(existsSync(slackSpecs) && existsSync(calendarSpecs));
if (isAbsent) process.stdout.write(`Skipped: the tools' contracts are not in ${specs}\n`);

const readJson = (path: string) => JSON.parse(readFileSync(path, "utf8")) as unknown;

let sandbox: TestSandbox;
beforeAll(async () => {
  sandbox = await startTestSandbox();
});
afterAll(() => sandbox.stop());

/** Connects with everything the stand-in has, and returns the token endpoint's answer. */
async function connect(
  slug: string,
  account: string,
  authorize: string,
  token: string,
  query: Record<string, string>,
): Promise<Json> {
  const client = { client_id: `harmony-${slug}`, client_secret: `sandbox-${slug}-client-secret` };
  const redirect = `http://localhost:3000/api/integrations/${slug}/callback`;
  await sandbox.control(slug, { do: "next_consent", account });
  const asked = new URLSearchParams({
    ...query,
    client_id: client.client_id,
    redirect_uri: redirect,
  });
  const params = await followAuthorize(`${sandbox.url}/${slug}${authorize}?${asked}`);
  const code = params.get("code") ?? "";
  const form = { ...client, code, redirect_uri: redirect, grant_type: "authorization_code" };
  return (await postForm(`${sandbox.url}/${slug}${token}`, form)).body;
}

describe.skipIf(isAbsent)("Slack", () => {
  interface Spec {
    readonly scope: { readonly bot?: readonly string[] };
    readonly rate_limits: string;
    readonly json_input_supported?: boolean;
    readonly args: { readonly required?: readonly string[]; readonly properties: Json };
    readonly output: Json;
    readonly errors: Json;
    readonly examples: Readonly<Record<string, { readonly example: Json }>>;
  }
  const contract = (isAbsent ? {} : readJson(slackSpecs)) as Readonly<Record<string, Spec>>;
  const methods = slackMethods(openMeter(() => new Date()));
  const ajv = new Ajv({ strict: false, allErrors: true });

  /**
   * The capture names shared shapes without defining them: ids become strings and objects stay objects. Its enums of
   * token types contradict its own examples, so they are left out.
   */
  function toSchema(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(toSchema);
    if (typeof value !== "object" || value === null) return value;
    const { schema, enum: _enum, desc: _desc, example: _example, oneOf, ...rest } = value as Json;
    // Loosened shapes overlap.
    if (oneOf !== undefined) return { anyOf: toSchema(oneOf) };
    if (schema === "blocks") return { type: "array" };
    if (typeof schema === "string") {
      const isObject = ["conversation", "message", "user", "team", "bot", "home", "view"].includes(
        schema,
      );
      return { type: isObject ? "object" : "string" };
    }
    return Object.fromEntries(Object.entries(rest).map(([key, one]) => [key, toSchema(one)]));
  }

  const typeOf = (value: unknown) =>
    value === null ? "null" : Array.isArray(value) ? "array" : typeof value;

  /** Where a key of ours has another type than the same key in the tool's own example. */
  function typeConflicts(ours: unknown, theirs: unknown, at: string): string[] {
    if (typeOf(ours) !== typeOf(theirs)) return [`${at}: ${typeOf(ours)} for ${typeOf(theirs)}`];
    if (Array.isArray(ours) && Array.isArray(theirs)) {
      return ours.length > 0 && theirs.length > 0
        ? typeConflicts(ours[0], theirs[0], `${at}/0`)
        : [];
    }
    if (typeOf(ours) !== "object") return [];
    const [left, right] = [ours as Json, theirs as Json];
    return Object.keys(left)
      .filter((key) => key in right)
      .flatMap((key) => typeConflicts(left[key], right[key], `${at}/${key}`));
  }

  function expectFits(method: string, answer: Json) {
    const spec = contract[method];
    const validate = ajv.compile(toSchema(spec?.output) as object);
    expect(validate(answer) ? [] : validate.errors).toEqual([]);
    const examples = Object.values(spec?.examples ?? {}).filter(
      ({ example }) => example.ok === true,
    );
    const conflicts = examples.map(({ example }) => typeConflicts(answer, example, method));
    // Examples of one method differ among themselves, such as bot and user tokens: one of them must fit.
    expect(conflicts.some((found) => found.length === 0) ? [] : conflicts).toEqual([]);
  }

  test.for(Object.keys(methods))(
    "%s takes the arguments, scopes and bodies of the contract",
    (name) => {
      const spec = contract[name];
      const method = methods[name];
      const { token: _token, ...args } = spec?.args.properties ?? {};
      expect(method?.args.toSorted()).toEqual(Object.keys(args).toSorted());
      const required = spec?.args.required?.filter((one) => one !== "token") ?? [];
      expect(method?.required.toSorted()).toEqual(required.toSorted());
      expect(method?.scopes.toSorted()).toEqual(spec?.scope.bot?.toSorted() ?? []);
      expect(method?.takesJson).toBe(spec?.json_input_supported === true);
      const tier = spec?.rate_limits === "t5" ? "special" : spec?.rate_limits;
      expect(method?.tier).toBe(tier);
    },
  );

  test("every answer fits", async () => {
    const scope =
      "chat:write,chat:write.public,channels:read,groups:read,im:read,im:write,users:read,users:read.email,files:write,team:read";
    const at = ["/oauth/v2/authorize", "/api/oauth.v2.access"] as const;
    const tokens = await connect("slack", "Acme", ...at, { scope });
    expectFits("oauth.v2.access", tokens);
    const headers = { authorization: `Bearer ${String(tokens.access_token)}` };
    const call = async (method: string, form: Record<string, string> = {}): Promise<Json> => {
      const { body } = await postForm(`${sandbox.url}/slack/api/${method}`, form, headers);
      expect(body).toMatchObject({ ok: true });
      expectFits(method, body);
      return body;
    };
    await call("auth.test");
    await call("team.info");
    await call("bots.info");
    const { channels } = await call("conversations.list", {
      types: "public_channel,private_channel",
    });
    const channel =
      (channels as { id: string; name: string }[]).find(({ name }) => name === "customer-success")
        ?.id ?? "";
    await call("users.conversations", { types: "public_channel" });
    await call("conversations.info", { channel });
    const { user } = await call("users.lookupByEmail", { email: "ada.moreno@acme.example" });
    const users = (user as { id: string }).id;
    await call("users.info", { user: users });
    await call("conversations.open", { users });
    const { ts } = await call("chat.postMessage", { channel, text: "hello" });
    await call("chat.update", { channel, ts: String(ts), text: "hello again" });
    await call("chat.getPermalink", { channel, message_ts: String(ts) });
    await call("chat.delete", { channel, ts: String(ts) });
    const begun = await call("files.getUploadURLExternal", { filename: "a.txt", length: "2" });
    await fetch(String(begun.upload_url), { method: "POST", body: "hi" });
    const files = JSON.stringify([{ id: begun.file_id, title: "A" }]);
    await call("files.completeUploadExternal", { files, channel_id: channel });
    await call("auth.revoke");
  });

  test("the errors of a method are documented ones", async () => {
    await sandbox.control("slack", { do: "reset" });
    const at = ["/oauth/v2/authorize", "/api/oauth.v2.access"] as const;
    const scope = "chat:write,channels:read,groups:read";
    const tokens = await connect("slack", "Acme", ...at, { scope });
    const headers = { authorization: `Bearer ${String(tokens.access_token)}` };
    const errors: readonly [string, Record<string, string>][] = [
      ["chat.postMessage", { channel: "C0000000ZZ", text: "x" }],
      ["chat.postMessage", { channel: "#sales", text: "x" }],
      ["chat.postMessage", { channel: "#old-website", text: "x" }],
      ["chat.postMessage", { channel: "#announcements", text: "x" }],
      ["chat.postMessage", { channel: "#customer-success", blocks: "[{}]" }],
      ["conversations.list", { limit: "0" }],
      ["conversations.list", { types: "rooms" }],
      ["conversations.list", { types: "im" }],
      ["conversations.list", { cursor: "made up" }],
      ["conversations.info", { channel: "C0000000ZZ" }],
    ];
    for (const [method, form] of errors) {
      const { body } = await postForm(`${sandbox.url}/slack/api/${method}`, form, headers);
      expect(Object.keys(contract[method]?.errors ?? {})).toContain(body.error);
    }
  });
});

describe.skipIf(isAbsent)("Google Calendar", () => {
  interface Discovery {
    readonly schemas: Readonly<Record<string, Json>>;
  }
  const discovery = (isAbsent ? { schemas: {} } : readJson(calendarSpecs)) as Discovery;

  /** Discovery schemas are JSON Schema draft 3 in all but name: references, any, and formats of numbers. */
  function toSchema(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(toSchema);
    if (typeof value !== "object" || value === null) return value;
    const { $ref, id: _id, ...rest } = value as Json;
    if (typeof $ref === "string") return { $ref: `#/definitions/${$ref}` };
    const entries = Object.entries(rest)
      .filter(([key]) =>
        ["type", "items", "properties", "additionalProperties", "format"].includes(key),
      )
      .filter(([key, one]) => !(key === "type" && one === "any"))
      .map(([key, one]) => [key, key === "properties" ? properties(one as Json) : toSchema(one)]);
    const schema = Object.fromEntries(entries) as Json;
    // What the document does not list is not there.
    return schema.type === "object" && !("additionalProperties" in schema)
      ? { ...schema, additionalProperties: false }
      : schema;
  }
  const properties = (value: Json) =>
    Object.fromEntries(Object.entries(value).map(([name, one]) => [name, toSchema(one)]));

  const validators = new Map<string, ValidateFunction>();
  function expectFits(name: string, answer: unknown) {
    let validate = validators.get(name);
    if (validate === undefined) {
      const ajv = new Ajv({ strict: false, allErrors: true });
      addFormats(ajv);
      ajv
        .addFormat("int64", /^-?\d+$/)
        .addFormat("int32", { type: "number", validate: Number.isInteger });
      const definitions = properties(discovery.schemas as Json);
      validate = ajv.compile({ definitions, $ref: `#/definitions/${name}` });
      validators.set(name, validate);
    }
    expect(validate(answer) ? [] : validate.errors).toEqual([]);
  }

  test("every answer fits", async () => {
    const base = "https://www.googleapis.com/auth/";
    const at = ["/o/oauth2/v2/auth", "/token"] as const;
    const tokens = await connect("google_calendar", "ada.moreno@acme.example", ...at, {
      response_type: "code",
      scope: `${base}calendar.events.readonly ${base}calendar.calendarlist.readonly`,
      access_type: "offline",
    });
    const call = async (path: string, body?: Json) => {
      const response = await fetch(`${sandbox.url}/google_calendar/calendar/v3${path}`, {
        headers: { authorization: `Bearer ${String(tokens.access_token)}` },
        ...(body && { method: "POST", body: JSON.stringify(body) }),
      });
      expect(response.status).toBe(200);
      return (await response.json()) as Json;
    };
    const list = await call("/users/me/calendarList");
    expectFits("CalendarList", list);
    expectFits("CalendarListEntry", await call("/users/me/calendarList/primary"));
    for (const { id } of list.items as { id: string }[]) {
      const calendar = `/calendars/${encodeURIComponent(id)}`;
      const whole = await call(`${calendar}/events?singleEvents=true&showDeleted=true`);
      expectFits("Events", whole);
      expectFits("Events", await call(`${calendar}/events?showDeleted=true`));
      const [first] = whole.items as { id: string }[];
      if (first) expectFits("Event", await call(`${calendar}/events/${first.id}`));
      const token = String(whole.nextSyncToken);
      expectFits("Events", await call(`${calendar}/events?singleEvents=true&syncToken=${token}`));
    }
    const watched = { id: "w1", type: "web_hook", address: "https://harmony.example/hook" };
    expectFits("Channel", await call("/calendars/primary/events/watch", watched));
  });

  test("an answer with an invented key does not fit: the check can fail", () => {
    expect(() => expectFits("Event", { kind: "calendar#event", colour: "red" })).toThrow();
    expect(() => expectFits("Events", { items: [{ start: { dateTime: 5 } }] })).toThrow();
  });
});
