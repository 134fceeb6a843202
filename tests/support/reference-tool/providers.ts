import { z } from "zod";
import {
  type Applied,
  type Change,
  type Fault,
  type MessageRecord,
  type Outgoing,
  type Page,
  type Provider,
  ProviderError,
  type Pull,
  type Push,
  type Records,
  type Resource,
  type Session,
  type TokenReply,
} from "@/lib/integrations/contract";
import type { Kind } from "./tool";

// The reference tool as providers of ours: one that keeps records both ways, one that only takes messages, and one with
// calendars. They are what the contract asks for and nothing more.

const recordSchema = z.object({
  id: z.string(),
  place: z.string(),
  version: z.string(),
  modifiedAt: z.string(),
  isDeleted: z.boolean(),
  fields: z.record(z.string(), z.unknown()),
});
type Kept = z.output<typeof recordSchema>;

const pageSchema = z.object({
  items: z.array(recordSchema),
  cursor: z.string(),
  has_more: z.boolean(),
  is_whole: z.boolean(),
});

const appliedOf = (record: Kept): Applied => ({
  externalId: record.id,
  version: record.version,
  url: `https://reference.example/${record.id}`,
  place: record.place === "" ? null : record.place,
});

function pushOf<R extends Resource>(kind: Kind, canFind: boolean): Push<R> {
  const apply = async ({ http }: Session, item: Outgoing<R>): Promise<Applied> => {
    const isNew = item.externalId === null;
    const { body } = await http.request({
      method: isNew ? "POST" : "PUT",
      path: isNew ? `/${kind}` : `/${kind}/${encodeURIComponent(item.externalId ?? "")}`,
      json: {
        fields: { ...item.record, ...(item.follows ? { follows: item.follows.externalId } : {}) },
        ...(isNew ? { key: item.idempotencyKey, place: item.place ?? "" } : {}),
      },
      headers: item.version === null ? {} : { "if-match": item.version },
      schema: recordSchema,
    });
    return appliedOf(body);
  };
  if (!canFind) return { scopes: [], apply };
  return {
    scopes: [],
    apply,
    find: async ({ http }, { idempotencyKey }) => {
      const { body } = await http.request({
        path: `/${kind}/search`,
        query: { key: idempotencyKey },
        schema: z.object({ items: z.array(recordSchema) }),
      });
      const [found] = body.items;
      return found ? appliedOf(found) : null;
    },
  };
}

function pullOf<R extends Resource>(
  kind: Kind,
  read: z.ZodType<Records[R]>,
  streams?: (session: Session) => readonly string[],
): Pull<R> {
  const changeOf = (record: Kept): Change<R> => {
    if (record.isDeleted) return { kind: "delete", externalId: record.id };
    const parsed = read.safeParse(record.fields);
    if (!parsed.success) {
      return { kind: "unreadable", externalId: record.id, reason: "its fields do not fit" };
    }
    return {
      kind: "upsert",
      externalId: record.id,
      version: record.version,
      modifiedAt: new Date(record.modifiedAt),
      url: null,
      record: parsed.data,
    };
  };
  return {
    scopes: [],
    ...(streams ? { streams } : {}),
    page: async ({ http }, { stream, cursor }): Promise<Page<R>> => {
      const { body } = await http.request({
        path: `/${kind}`,
        query: { place: stream, ...(cursor === null ? {} : { cursor }) },
        schema: pageSchema,
      });
      return {
        changes: body.items.map(changeOf),
        cursor: body.cursor,
        hasMore: body.has_more,
        isWhole: body.is_whole,
      };
    },
  };
}

const text = z.string().nullable().default(null);
const date = z.coerce.date();

const contactSchema: z.ZodType<Records["contact"]> = z.object({
  email: text,
  name: z.string(),
  phone: text,
  title: text,
  company: text,
  lastInteractionAt: date.nullable().default(null),
});
const taskSchema: z.ZodType<Records["action_item"]> = z.object({
  text: z.string(),
  isDone: z.boolean(),
  dueOn: text,
  assigneeEmail: text,
  assigneeName: text,
  meeting: z.object({ title: z.string(), url: z.string() }).nullable().default(null),
});
const eventSchema: z.ZodType<Records["event"]> = z.object({
  uid: text,
  occurrence: z.null().default(null),
  title: z.string(),
  startsAt: date,
  endsAt: date,
  isAllDay: z.boolean().default(false),
  isDeclined: z.boolean().default(false),
  isPrivate: z.boolean().default(false),
  organizerEmail: text,
  attendees: z.array(z.never()).default([]),
  linkCandidates: z.array(z.string()).default([]),
  status: z.literal("confirmed").default("confirmed"),
});

const tokenSchema = z.object({
  access_token: z.string(),
  refresh_token: z.string().optional(),
  expires_in: z.number().optional(),
});

function readTokenReply({ status, body }: { status: number; body: unknown }): TokenReply {
  const parsed = tokenSchema.safeParse(body);
  if (status !== 200 || !parsed.success) {
    throw new ProviderError("reference", { kind: "reauth", reason: "token_revoked" });
  }
  return {
    accessToken: parsed.data.access_token,
    refreshToken: parsed.data.refresh_token ?? null,
    expiresInSeconds: parsed.data.expires_in ?? null,
    refreshExpiresInSeconds: null,
    scopes: null,
  };
}

const errorOf = (body: unknown) =>
  z.object({ error: z.string(), place: z.string().default("") }).safeParse(body).data ?? null;

function classify({ status, body }: { status: number; body: unknown }): Fault | null {
  const error = errorOf(body);
  if (status === 412) return { kind: "rejected", code: "conflict", detail: "it has changed" };
  if (error?.error === "cursor_expired") return { kind: "cursor_expired" };
  if (error?.error === "archived") {
    return { kind: "place_unavailable", place: error.place, detail: "the channel is archived" };
  }
  return null;
}

const option = { what: "It goes to the reference tool", default: true };

function providerOf(
  own: Pick<Provider, "slug" | "name" | "capabilities"> & Partial<Provider>,
): Provider {
  return {
    category: "crm",
    scope: "workspace",
    purpose: "For tests",
    envPrefix: own.slug.toUpperCase(),
    urls: Object.fromEntries(
      ["authorize", "token", "revoke", "api"].map((role) => [
        role,
        { url: `https://reference.example/${role}`, sandboxPath: "" },
      ]),
    ),
    auth: {
      kind: "oauth2",
      scopeSeparator: " ",
      pkce: false,
      sendsResponseType: true,
      clientAuth: "body",
      tokenRequest: "form",
      refresh: "rotating",
      baseScopes: ["all"],
      readTokenReply,
    },
    scopeWords: {},
    identify: async ({ http }) => {
      const { body } = await http.request({
        path: "/me",
        schema: z.object({ id: z.string(), name: z.string() }),
      });
      return { accountId: body.id, label: body.name };
    },
    dataOptions: { meeting_data: option, action_items: option, contacts: option, notes: option },
    wants: () => ["meeting.processed", "action_item.changed", "contact.changed", "note.changed"],
    directions: ["one_way", "two_way"],
    frequencies: ["realtime", "hourly", "daily", "manual"],
    defaultFrequency: "realtime",
    canBackfill: true,
    settings: [],
    budget: { calls: 100_000, perMs: 1000 },
    classify,
    ...own,
  };
}

/** Keeps contacts, tasks, meetings and notes; both ways for the first two, and everything can be looked up. */
export const referenceCrm = providerOf({
  slug: "reference_crm",
  name: "Reference CRM",
  capabilities: {
    contact: { push: pushOf("contacts", true), pull: pullOf("contacts", contactSchema) },
    action_item: { push: pushOf("tasks", true), pull: pullOf("tasks", taskSchema) },
    meeting: { push: pushOf("meetings", true) },
    note: { push: pushOf("notes", true) },
  },
});

/** The same on the other side of a budget of 100 calls in 10 s. */
const referenceSlowCrm = providerOf({
  ...referenceCrm,
  slug: "reference_slow_crm",
  name: "Reference CRM with a budget",
  envPrefix: "REFERENCE_SLOW_CRM",
  budget: { calls: 100, perMs: 10_000 },
});

/** And of the same budget with a shorter window, for measurements that would take too long. */
const referenceScaledCrm = providerOf({
  ...referenceCrm,
  slug: "reference_scaled_crm",
  name: "Reference CRM with a scaled budget",
  envPrefix: "REFERENCE_SCALED_CRM",
  budget: { calls: 100, perMs: 4000 },
});

const messagePush = pushOf<"message">("messages", false);

/** Takes messages, which nobody can look up. */
export const referenceChat = providerOf({
  slug: "reference_chat",
  name: "Reference Chat",
  category: "communication",
  capabilities: {
    message: {
      push: {
        scopes: [],
        apply: async (session, item: Outgoing<"message">): Promise<Applied> => {
          const record: MessageRecord = item.record;
          return await messagePush.apply(session, { ...item, record, version: null });
        },
      },
    },
  },
  wants: () => [
    "meeting.processed",
    "meeting.failed",
    "insight.generated",
    "alert",
    "share",
    "test",
  ],
  directions: ["one_way"],
  frequencies: ["realtime", "daily", "manual"],
  canBackfill: false,
  hasTestMessage: true,
  settings: [
    {
      key: "channel",
      label: "Default channel",
      help: "",
      kind: "choice",
      isRequired: true,
      load: async () => [],
      takesPastedId: /^C[0-9A-Z]{3,}$/,
    },
    { key: "routes", label: "Team routing", help: "", kind: "team_routes", choicesOf: "channel" },
  ],
});

const calendarsOf = ({ options }: Session) =>
  Array.isArray(options.calendars) ? options.calendars.map(String) : [];

/** Calendars, read only; somebody's own. */
export const referenceCalendar = providerOf({
  slug: "reference_calendar",
  name: "Reference Calendar",
  category: "calendar",
  scope: "personal",
  capabilities: { event: { pull: pullOf("events", eventSchema, calendarsOf) } },
  wants: () => [],
  directions: ["import_only"],
  canBackfill: false,
});

export const referenceProviders = [
  referenceCrm,
  referenceSlowCrm,
  referenceScaledCrm,
  referenceChat,
  referenceCalendar,
] as const;

/** The environment in which these providers reach the tool at `url`. */
export function referenceEnv(url: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    referenceProviders.flatMap(({ envPrefix }) => [
      [`${envPrefix}_CLIENT_ID`, "reference-client"],
      [`${envPrefix}_CLIENT_SECRET`, "reference-client-secret"],
      [`${envPrefix}_API_URL`, url],
      [`${envPrefix}_TOKEN_URL`, `${url}/token`],
    ]),
  );
}
