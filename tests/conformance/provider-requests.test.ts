import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { MessageRecord, Outgoing, Page } from "@/lib/integrations/contract";
import { googleCalendar } from "@/lib/integrations/providers/google_calendar/index";
import { slack } from "@/lib/integrations/providers/slack/index";
import { type CannedAnswer, type RecordedCall, recordedSession } from "../support/recorded-session";

// Every request that a connector makes, held against the tool's own published contract. The contracts are not part of
// the project; where they are absent the tests are skipped and say so.

const specs = process.env.HARMONY_SPECS_DIR ?? join(process.cwd(), "..", "shared", "specs");

function contractAt(...path: readonly string[]): unknown {
  const file = join(specs, ...path);
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : null;
}

function skipReason(contract: unknown, name: string): boolean {
  if (contract !== null) return false;
  process.stdout.write(`skipped: the contract of ${name} is not at ${specs}\n`);
  return true;
}

const record: MessageRecord = {
  kind: "meeting_processed",
  title: "Renewal call",
  startsAt: new Date("2026-03-03T14:00:00Z"),
  durationSeconds: 1800,
  body: "Agreed.",
  actionItems: [{ text: "Send pricing", assignee: "Jo", dueOn: "2026-03-10" }],
  attendees: ["Ravi Shah"],
  note: null,
  link: { label: "Open in Harmony", url: "https://harmony.example/meetings/mtg_1" },
  severity: "info",
  lines: [],
};
const outgoing = (rest: Partial<Outgoing<"message">> = {}): Outgoing<"message"> => ({
  record,
  externalId: null,
  version: null,
  idempotencyKey: "itm_1",
  place: "C012AB3CD",
  follows: { place: "C012AB3CD", externalId: "1772636400.000100" },
  ...rest,
});

describe("Slack", () => {
  const methods = z
    .record(
      z.string(),
      z.looseObject({
        http_method: z.string(),
        json_input_supported: z.boolean().optional(),
        scope: z.object({ bot: z.array(z.string()).optional() }),
        args: z.object({
          properties: z.record(z.string(), z.looseObject({ type: z.string().optional() })),
          required: z.array(z.string()).optional(),
        }),
      }),
    )
    .nullable()
    .parse(contractAt("slack", "methods.json"));

  async function everyCall(): Promise<readonly RecordedCall[]> {
    const sent = { ok: true, channel: "C012AB3CD", ts: "1772636400.000100" };
    const script: CannedAnswer[] = [
      { body: { ok: true, url: "https://a.slack.com/", team: "A", team_id: "T1", user_id: "U1" } },
      { body: { ok: true, channels: [], response_metadata: { next_cursor: "n" } } },
      { body: { ok: true, channels: [] } },
      { body: sent },
      { body: sent },
    ];
    const { session, calls } = recordedSession(slack, script);
    await slack.identify(session);
    for (const setting of slack.settings) {
      if (setting.kind === "choice") await setting.load(session);
    }
    const push = slack.capabilities.message?.push;
    await push?.apply(session, outgoing());
    await push?.apply(session, outgoing({ externalId: "1772636400.000100" }));
    return calls;
  }

  test.skipIf(skipReason(methods, "Slack"))(
    "each call is a known method with known arguments, all required ones, in a form that it reads",
    async () => {
      const calls = await everyCall();
      expect(calls).toHaveLength(5);
      for (const call of calls) {
        const method = methods?.[call.path.slice(1)];
        if (!method) throw new Error(`Slack has no method ${call.path}`);
        const given = { ...(call.json as object | undefined), ...call.form, token: "xoxb" };
        expect(Object.keys(method.args.properties)).toEqual(
          expect.arrayContaining(Object.keys(given)),
        );
        expect(Object.keys(given)).toEqual(expect.arrayContaining(method.args.required ?? []));
        if (call.json !== undefined) expect(method.json_input_supported).toBe(true);
        expect(call.method).toBe("POST");
      }
    },
  );

  test.skipIf(skipReason(methods, "Slack"))(
    "each method that needs scopes finds one among those that are asked for",
    async () => {
      const asked = new Set(slack.auth.baseScopes);
      for (const call of await everyCall()) {
        const bot = methods?.[call.path.slice(1)]?.scope.bot ?? [];
        if (bot.length > 0) expect(bot.some((scope) => asked.has(scope))).toBe(true);
      }
    },
  );

  test("every scope that is asked for has its words, and no words are left over", () => {
    expect(Object.keys(slack.scopeWords).sort()).toEqual([...slack.auth.baseScopes].sort());
  });
});

describe("Google Calendar", () => {
  const parameter = z.looseObject({
    type: z.string(),
    repeated: z.boolean().optional(),
    enum: z.array(z.string()).optional(),
    minimum: z.string().optional(),
    maximum: z.string().optional(),
    format: z.string().optional(),
  });
  const discovery = z
    .looseObject({
      servicePath: z.string(),
      resources: z.record(
        z.string(),
        z.looseObject({
          methods: z.record(
            z.string(),
            z.looseObject({
              path: z.string(),
              httpMethod: z.string(),
              parameters: z.record(z.string(), parameter).default({}),
              scopes: z.array(z.string()),
              request: z.object({ $ref: z.string() }).optional(),
            }),
          ),
        }),
      ),
      schemas: z.record(
        z.string(),
        z.looseObject({ properties: z.record(z.string(), z.unknown()).default({}) }),
      ),
    })
    .nullable()
    .parse(contractAt("google-calendar", "calendar-v3.discovery.json"));

  async function everyCall(): Promise<readonly RecordedCall[]> {
    const { session, calls } = recordedSession(googleCalendar, [
      { body: { items: [{ id: "a", primary: true }] } },
      { body: { items: [], nextPageToken: "p" } },
      { body: { items: [], nextSyncToken: "s" } },
      { body: { items: [], nextSyncToken: "s2" } },
      { body: { id: "h", resourceId: "r", expiration: "1773504000000" } },
      { status: 204, body: null },
    ]);
    for (const setting of googleCalendar.settings) {
      if (setting.kind === "choices") await setting.load(session);
    }
    const now = new Date("2026-03-01T00:00:00Z");
    let cursor: string | null = null;
    for (let reading = 0; reading < 3; reading += 1) {
      const made: Page<"event"> | undefined = await googleCalendar.capabilities.event?.pull?.page(
        session,
        {
          stream: "a",
          cursor,
          since: now,
          now,
        },
      );
      cursor = made?.cursor ?? null;
    }
    const { webhooks } = googleCalendar;
    const subscription = await webhooks?.subscribe?.(session, {
      resource: "event",
      stream: "a",
      url: "https://harmony.example/api/hooks/google_calendar/h",
      hookId: "h",
      secret: "s",
    });
    if (subscription) await webhooks?.unsubscribe?.(session, subscription);
    return calls;
  }

  function methodOf(call: RecordedCall) {
    const all = Object.values(discovery?.resources ?? {}).flatMap(({ methods }) =>
      Object.values(methods),
    );
    const found = all.find(({ path, httpMethod }) => {
      const pattern = new RegExp(
        `^/${discovery?.servicePath}${path.replace(/\{\w+\}/g, "[^/]+")}$`,
      );
      return httpMethod === call.method && pattern.test(call.path);
    });
    if (!found) throw new Error(`Google has no ${call.method} ${call.path}`);
    return found;
  }

  function expectFits(known: z.output<typeof parameter>, value: unknown): void {
    const { repeated = false, type, minimum = "-Infinity", maximum = "Infinity" } = known;
    for (const one of repeated ? z.array(z.unknown()).parse(value) : [value]) {
      expect(typeof one).toBe(type === "integer" ? "number" : type);
      if (known.enum) expect(known.enum).toContain(one);
      if (type === "integer") {
        expect(one).toBeGreaterThanOrEqual(Number(minimum));
        expect(one).toBeLessThanOrEqual(Number(maximum));
      }
    }
  }

  // google-calendar discovery, description of syncToken.
  const forbiddenWithSyncToken = [
    ...["iCalUID", "orderBy", "privateExtendedProperty", "q", "sharedExtendedProperty"],
    ...["timeMin", "timeMax", "updatedMin"],
  ];

  test.skipIf(skipReason(discovery, "Google Calendar"))(
    "each call is a known method whose parameters have the types and values that it takes",
    async () => {
      const calls = await everyCall();
      expect(calls).toHaveLength(6);
      for (const call of calls) {
        const { parameters, request } = methodOf(call);
        for (const [name, value] of Object.entries(call.query)) {
          const known = parameters[name];
          if (!known) throw new Error(`${call.path} has no parameter ${name}`);
          expectFits(known, value);
        }
        const allowed = discovery?.schemas[request?.$ref ?? ""]?.properties ?? {};
        expect(Object.keys(allowed)).toEqual(expect.arrayContaining(Object.keys(call.json ?? {})));
      }
      const incremental = calls.filter(({ query }) => query.syncToken !== undefined);
      expect(incremental).toHaveLength(1);
      for (const name of forbiddenWithSyncToken) {
        expect(incremental[0]?.query).not.toHaveProperty(name);
      }
    },
  );

  test.skipIf(skipReason(discovery, "Google Calendar"))(
    "each method takes one of the scopes that are asked for",
    async () => {
      const asked = new Set(googleCalendar.auth.baseScopes);
      for (const call of await everyCall()) {
        expect(methodOf(call).scopes.some((scope) => asked.has(scope))).toBe(true);
      }
    },
  );

  test("every scope that is asked for has its words, and no words are left over", () => {
    expect(Object.keys(googleCalendar.scopeWords).sort()).toEqual(
      [...googleCalendar.auth.baseScopes].sort(),
    );
  });
});
