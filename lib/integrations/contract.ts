import type { z } from "zod";

// The whole of what a provider must read and be: plain data, and functions that take a `Session`. A provider touches
// no database, no environment, no clock and no sibling (docs/adr/0009). Capabilities are there or not, so that the
// settings, the consent screen and the engine read the same object and cannot disagree.

// --- What crosses the boundary --------------------------------------------------------------------------------

/** Text of a meeting as tools show it. Lengths are the provider's business. */
interface MeetingRecord {
  readonly title: string;
  readonly startsAt: Date;
  readonly durationSeconds: number;
  readonly url: string;
  readonly overview: string | null;
  readonly decisions: readonly string[];
  readonly nextSteps: readonly string[];
  readonly attendees: readonly { name: string; email: string | null; isInternal: boolean }[];
  /** Only when the person chose to attach it. */
  readonly transcript: string | null;
}

interface ActionItemRecord {
  readonly text: string;
  readonly isDone: boolean;
  /** A day such as `2026-02-06`. */
  readonly dueOn: string | null;
  readonly assigneeEmail: string | null;
  readonly assigneeName: string | null;
  readonly meeting: { readonly title: string; readonly url: string } | null;
}

interface ContactRecord {
  readonly email: string | null;
  readonly name: string;
  readonly phone: string | null;
  readonly title: string | null;
  readonly company: string | null;
  readonly lastInteractionAt: Date | null;
}

interface NoteRecord {
  readonly meeting: { readonly title: string; readonly url: string };
  readonly markdown: string;
}

interface DealUpdateRecord {
  readonly contactEmail: string;
  readonly stage: string | null;
  readonly note: string | null;
}

/** A message to a channel or a person, as facts; the provider lays it out in its tool's own way. */
export interface MessageRecord {
  readonly kind:
    | "meeting_processed"
    | "meeting_failed"
    | "insight_generated"
    | "alert"
    | "share"
    | "digest"
    | "test";
  readonly title: string;
  /** One line under the title: when, how long. */
  readonly startsAt: Date | null;
  readonly durationSeconds: number | null;
  /** Plain text; never markup of the tool. */
  readonly body: string | null;
  readonly actionItems: readonly {
    readonly text: string;
    readonly assignee: string | null;
    readonly dueOn: string | null;
  }[];
  readonly attendees: readonly string[];
  /** Of a share: who shared it and what they wrote. */
  readonly note: { readonly by: string; readonly text: string | null } | null;
  readonly link: { readonly label: string; readonly url: string } | null;
  readonly severity: "info" | "warning" | "error";
  /** Of a digest: one line each. */
  readonly lines: readonly { readonly text: string; readonly url: string }[];
}

export interface EventRecord {
  readonly uid: string | null;
  /** Which occurrence of a series: its planned start. */
  readonly occurrence: Date | null;
  readonly title: string;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly isAllDay: boolean;
  readonly isDeclined: boolean;
  readonly isPrivate: boolean;
  readonly organizerEmail: string | null;
  readonly attendees: readonly {
    readonly email: string;
    readonly name: string | null;
    readonly response: string;
    readonly isSelf?: boolean;
  }[];
  /** Where a conference link may be: structured fields first, then location, then the description. */
  readonly linkCandidates: readonly string[];
  readonly status: "confirmed" | "cancelled";
}

interface RecordingRecord {
  readonly title: string;
  readonly startsAt: Date;
  readonly durationSeconds: number;
  readonly hostEmail: string | null;
  readonly conferenceKey: string | null;
  readonly attendees: readonly { name: string; email: string | null }[];
  /** Files to download through the session, the best one first. */
  readonly files: readonly {
    url: string;
    kind: "audio" | "video" | "transcript";
    bytes: number | null;
  }[];
  readonly metadata: Readonly<Record<string, string>>;
}

export interface Records {
  readonly meeting: MeetingRecord;
  readonly action_item: ActionItemRecord;
  readonly contact: ContactRecord;
  readonly note: NoteRecord;
  readonly deal_update: DealUpdateRecord;
  readonly message: MessageRecord;
  readonly event: EventRecord;
  readonly recording: RecordingRecord;
}
export type Resource = keyof Records;

/** What a provider hands us. Nothing else comes in. */
export type Change<R extends Resource> =
  | {
      readonly kind: "upsert";
      readonly externalId: string;
      /** Of this state of the thing over there; the same version is the same content. */
      readonly version: string | null;
      readonly modifiedAt: Date | null;
      readonly url: string | null;
      readonly record: Records[R];
    }
  | { readonly kind: "delete"; readonly externalId: string }
  /** It could not be read: logged and kept aside, and the page goes on. */
  | { readonly kind: "unreadable"; readonly externalId: string; readonly reason: string };

export interface Page<R extends Resource> {
  readonly changes: readonly Change<R>[];
  /** Stored in the transaction of the changes; a crash resumes here. Opaque to everybody but the provider. */
  readonly cursor: string;
  readonly hasMore: boolean;
  /** This reading began without a cursor: once it has ended, what it did not meet is gone. */
  readonly isWhole: boolean;
}

export interface Pull<R extends Resource> {
  readonly scopes: readonly string[];
  /** Parts of the account that are read each with a cursor of its own, such as calendars; absent where there is one. */
  readonly streams?: (session: Session) => readonly string[];
  /**
   * One page a call. `cursor: null` begins from the start, bounded by `since`. `now` is for tools that are read within
   * a window which moves on, such as the coming weeks of a calendar.
   */
  readonly page: (
    session: Session,
    from: {
      readonly stream: string;
      readonly cursor: string | null;
      readonly since: Date;
      readonly now: Date;
    },
  ) => Promise<Page<R>>;
}

/** What we hand to a provider. */
export interface Outgoing<R extends Resource> {
  readonly record: Records[R];
  /** Null creates. */
  readonly externalId: string | null;
  readonly version: string | null;
  /** The same over all tries of one writing. */
  readonly idempotencyKey: string;
  /** Where it belongs: a channel, a project; null where the settings say all. */
  readonly place: string | null;
  /** The earlier message that this one follows, where the tool has threads. */
  readonly follows: { readonly place: string; readonly externalId: string } | null;
}

export interface Applied {
  readonly externalId: string;
  readonly version: string | null;
  readonly url: string | null;
  /** Where it lies now. */
  readonly place: string | null;
}

export interface Push<R extends Resource> {
  readonly scopes: readonly string[];
  /** Creates when `externalId` is null, else changes. */
  readonly apply: (session: Session, item: Outgoing<R>) => Promise<Applied>;
  /**
   * Looks for what an earlier try with this key may have left behind. Absent where the tool offers no way: then an
   * uncertain writing is never repeated by itself, and the log says `unknown`.
   */
  readonly find?: (session: Session, item: Outgoing<R>) => Promise<Applied | null>;
  /** Present only where our deletions should reach the tool. */
  readonly remove?: (session: Session, externalId: string) => Promise<void>;
}

export type Capabilities = {
  readonly [R in Resource]?: { readonly pull?: Pull<R>; readonly push?: Push<R> };
};

// --- What a provider may touch --------------------------------------------------------------------------------

/** The calls a tool counts together, such as `chat.postMessage C012AB3CD`; each group has its own budget. */
export interface RateRule {
  readonly group: string;
  readonly calls: number;
  readonly perMs: number;
}

export interface ProviderCall<T> {
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Which of the provider's hosts; `api` unless said otherwise. */
  readonly host?: string;
  readonly path: string;
  readonly query?: Readonly<
    Record<string, string | number | boolean | readonly string[] | undefined>
  >;
  readonly json?: unknown;
  readonly form?: Readonly<Record<string, string | undefined>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly schema: z.ZodType<T>;
  /** Beside the provider's general budget. */
  readonly rate?: RateRule;
  readonly timeoutMs?: number;
}

export interface ProviderAnswer<T> {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: T;
}

export interface ProviderHttp {
  /** Authorised, within the budget, timed out, size-capped, classified. The body fits the schema, or it throws a ProviderError. */
  readonly request: <T>(call: ProviderCall<T>) => Promise<ProviderAnswer<T>>;
}

/** Everything a provider may touch. */
export interface Session {
  readonly http: ProviderHttp;
  readonly signal: AbortSignal;
  readonly accountId: string | null;
  readonly tenant: string | null;
  /** What was asked before Connect. */
  readonly fields: Readonly<Record<string, string>>;
  /** What `identify` said about the account. */
  readonly facts: Readonly<Record<string, string>>;
  /** The person's choices by key of `settings`. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly grantedScopes: readonly string[];
}

/** Seven words, each with exactly one consequence in the engine. */
export type Fault =
  /** The grant is dead or narrowed: the connection needs attention at once. */
  | {
      readonly kind: "reauth";
      readonly reason: AttentionReason;
      readonly missing?: readonly string[];
    }
  /** The account may not do this one thing: the record fails, the connection goes on. */
  | { readonly kind: "forbidden"; readonly detail: string }
  | { readonly kind: "rate_limited"; readonly retryAfterMs: number | null }
  /** Back off and try again. */
  | { readonly kind: "transient"; readonly detail: string }
  /** Drop the cursor and read again from the start. */
  | { readonly kind: "cursor_expired" }
  /** It is not there any more: unlink. */
  | { readonly kind: "gone" }
  /** The place it should go to cannot be used: pause that place, not the connection. */
  | { readonly kind: "place_unavailable"; readonly place: string; readonly detail: string }
  /** Our bug or data that the tool does not take: never repeated. */
  | { readonly kind: "rejected"; readonly code: RecordErrorCode; readonly detail: string };

export const attentionReasons = [
  "token_expired",
  "token_revoked",
  "scope_missing",
  "account_mismatch",
  "app_uninstalled",
  "provider_auth_error",
] as const;
export type AttentionReason = (typeof attentionReasons)[number];

/** Codes of single records that failed (handbook 7.8 and 12). */
export const recordErrorCodes = [
  "auth_expired",
  "permission_denied",
  "required_field_missing",
  "invalid_value",
  "field_not_found",
  "duplicate_rule",
  "duplicate",
  "conflict",
  "record_locked",
  "record_deleted",
  "not_found",
  "channel_unavailable",
  "provider_rate_limited",
  "provider_unavailable",
  "plan_limit",
  "outcome_unknown",
  "unknown",
] as const;
export type RecordErrorCode = (typeof recordErrorCodes)[number];

const brand = Symbol.for("harmony.ProviderError");

/**
 * What a tool did instead of answering. `isUncertain`: the request may have been carried out, since its answer was
 * lost. The detail never holds a secret and may be shown to admins.
 */
export class ProviderError extends Error {
  readonly provider: string;
  readonly fault: Fault;
  readonly isUncertain: boolean;
  /** There was an answer, and nobody can read it. */
  readonly isUnreadable: boolean;

  constructor(
    provider: string,
    fault: Fault,
    options: {
      readonly isUncertain?: boolean;
      readonly isUnreadable?: boolean;
      readonly cause?: unknown;
    } = {},
  ) {
    super(`${provider}: ${fault.kind}${"detail" in fault ? ` (${fault.detail})` : ""}`, {
      cause: options.cause,
    });
    this.name = "ProviderError";
    this.provider = provider;
    this.fault = fault;
    this.isUncertain = options.isUncertain ?? false;
    this.isUnreadable = options.isUnreadable ?? false;
    Object.defineProperty(this, brand, { value: true });
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === "object" && value !== null && brand in value;
  }
}

// --- How a tool is connected ----------------------------------------------------------------------------------

/** A token endpoint's answer in the words of RFC 6749 section 5.1, whatever the tool calls them. */
export interface TokenReply {
  readonly accessToken: string;
  readonly refreshToken: string | null;
  readonly expiresInSeconds: number | null;
  readonly refreshExpiresInSeconds: number | null;
  /** Null where the tool does not say: then what was asked counts as granted. */
  readonly scopes: readonly string[] | null;
}

/** OAuth 2.0 as this tool speaks it: its departures from the standard are data. */
export interface OAuth2 {
  readonly kind: "oauth2";
  readonly scopeSeparator: " " | ",";
  /** The name of the query parameter for scopes; `scope` unless said otherwise. */
  readonly scopeParam?: string;
  readonly pkce: boolean;
  /** False where the authorize page takes no `response_type`. */
  readonly sendsResponseType: boolean;
  readonly clientAuth: "body" | "basic";
  readonly tokenRequest: "form" | "json";
  /** `rotating`: each refresh token is for one use. `never_expires`: there is nothing to refresh. */
  readonly refresh: "rotating" | "stable" | "never_expires";
  readonly authorizeParams?: Readonly<Record<string, string>>;
  /** Sent on a reconnect, so that the tool offers the same account. */
  readonly loginHintParam?: string;
  /** Scopes of the identity call and of what every connection needs. */
  readonly baseScopes: readonly string[];
  /** Reads the answer; throws a ProviderError for one that means an error in spite of its status. */
  readonly readTokenReply: (answer: { status: number; body: unknown }) => TokenReply;
  /** Ends the grant at the tool. An already dead one is a success. Absent where there is no way. */
  readonly revoke?: (call: RevokeCall) => Promise<void>;
  /**
   * Scopes that count as present when one of these is granted, such as a broad one for a narrow one.
   */
  readonly impliedBy?: Readonly<Record<string, readonly string[]>>;
}

export interface RevokeCall {
  readonly accessToken: string;
  readonly refreshToken: string | null;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Another live connection of the same account uses the same registration: end nothing that both share. */
  readonly isShared: boolean;
  /** POSTs a form to one of the provider's addresses by role, such as `revoke`. */
  readonly postForm: (
    role: string,
    form: Readonly<Record<string, string>>,
    bearer?: string,
  ) => Promise<{ readonly status: number; readonly body: unknown }>;
}

/** A question before the redirect, which OAuth itself needs (D-06). */
export interface ConnectField {
  readonly key: string;
  readonly label: string;
  readonly help: string;
  readonly kind: "text" | "choice";
  readonly choices?: readonly { readonly id: string; readonly label: string }[];
  readonly pattern?: RegExp;
  readonly placeholder?: string;
}

export interface Identity {
  readonly accountId: string;
  readonly label: string;
  readonly facts?: Readonly<Record<string, string>>;
  /** What the tool says is granted now, where this call tells it. */
  readonly grantedScopes?: readonly string[];
}

// --- Settings -------------------------------------------------------------------------------------------------

export interface Choice {
  readonly id: string;
  readonly label: string;
  /** Grey text beside it, such as "private". */
  readonly hint?: string;
  /** It was chosen and is not offered any more. */
  readonly isGone?: boolean;
  /** Only those who manage the connection may know of it, such as a private channel. */
  readonly isPrivate?: boolean;
}

/** The four data options of the source document (handbook 6.1), stored as columns of sync_settings. */
export const dataOptions = ["meeting_data", "action_items", "contacts", "notes"] as const;
export type DataOption = (typeof dataOptions)[number];

export const frequencies = ["realtime", "hourly", "daily", "manual"] as const;
export type Frequency = (typeof frequencies)[number];
export const directions = ["one_way", "two_way", "import_only"] as const;
export type Direction = (typeof directions)[number];
export const conflictRules = ["tool_wins", "harmony_wins", "most_recent"] as const;
export type ConflictRule = (typeof conflictRules)[number];

/** A choice made once a connection, on the Sync tab. */
export type Setting = {
  readonly key: string;
  readonly label: string;
  readonly help: string;
  /** Shown only while this data option is on. */
  readonly of?: DataOption;
} & (
  | { readonly kind: "toggle"; readonly default: boolean }
  | {
      /** One out of a list that the tool gives. */
      readonly kind: "choice";
      readonly isRequired: boolean;
      readonly load: (session: Session) => Promise<readonly Choice[]>;
      /** The tool offers too many to list them all: a pasted id is taken as well. */
      readonly takesPastedId?: RegExp;
      /** Which one is chosen until the person chooses. */
      readonly preset?: (choices: readonly Choice[]) => string | null;
    }
  | {
      readonly kind: "choices";
      readonly isRequired: boolean;
      readonly load: (session: Session) => Promise<readonly Choice[]>;
      readonly preset?: (choices: readonly Choice[]) => readonly string[];
    }
  /** A list of team → one of the choices of the setting `choicesOf`. */
  | { readonly kind: "team_routes"; readonly choicesOf: string }
);

/** What a connection wants to be told of, by the topic of `lib/events/offer.ts`. */
export type Topic =
  | "meeting.processed"
  | "meeting.failed"
  | "insight.generated"
  | "action_item.changed"
  | "contact.changed"
  | "note.changed"
  | "alert"
  | "share"
  | "test";

interface DataOptionSpec {
  /** Where the option makes no sense: why it is disabled. Else what exactly goes where. */
  readonly off?: string;
  readonly what?: string;
  readonly default: boolean;
}

// --- Inbound --------------------------------------------------------------------------------------------------

export interface RawRequest {
  readonly method: string;
  readonly headers: Headers;
  readonly url: URL;
  readonly body: Uint8Array;
}

/** An inbound call is a hint to pull, or news about the grant; never data to trust. */
export type Hint =
  | { readonly kind: "changed"; readonly resource: Resource; readonly accountId: string | null }
  | {
      readonly kind: "grant_ended";
      readonly reason: AttentionReason;
      readonly accountId: string;
      /** Only if these facts of the connection fit, such as the bot's user id. */
      readonly where?: Readonly<Record<string, readonly string[]>>;
    }
  | { readonly kind: "choices_changed"; readonly setting: string; readonly accountId: string };

export interface HookAnswer {
  /** What must be answered at once; 200 without a body unless said otherwise. */
  readonly status?: number;
  readonly body?: string;
  readonly hints: readonly Hint[];
  /** The tool's id of this call: a repeat is answered and dropped. */
  readonly callId: string | null;
}

export interface Subscription {
  readonly externalId: string;
  readonly expiresAt: Date | null;
  readonly facts?: Readonly<Record<string, string>>;
}

export interface Webhooks {
  /**
   * `app`: one address for the whole app, with a secret of the environment. `subscription`: an address for each
   * subscription, with a secret of its own.
   */
  readonly kind: "app" | "subscription";
  /** Over the raw bytes, in constant time; false for anything malformed or older than the tool's tolerance. */
  readonly verify: (
    request: RawRequest,
    known: {
      readonly secret: string;
      readonly facts: Readonly<Record<string, string>>;
      readonly now: Date;
    },
  ) => boolean;
  readonly read: (request: RawRequest) => HookAnswer;
  /** Subscriptions are renewed by subscribing again before they end, then leaving the old one. */
  readonly subscribe?: (
    session: Session,
    to: {
      readonly resource: Resource;
      readonly stream: string;
      readonly url: string;
      readonly hookId: string;
      readonly secret: string;
    },
  ) => Promise<Subscription>;
  readonly unsubscribe?: (
    session: Session,
    subscription: Omit<Subscription, "expiresAt">,
  ) => Promise<void>;
  /** What is worth a subscription. */
  readonly resources?: readonly Resource[];
}

// --- The provider ---------------------------------------------------------------------------------------------

export type Category =
  | "calendar"
  | "crm"
  | "communication"
  | "project_management"
  | "video_conferencing"
  | "contact_center";

export interface Provider {
  /** The slug of handbook 3; also the folder, the logo `public/logos/<slug>.svg` and `docs/providers/<slug>.md`. */
  readonly slug: string;
  readonly name: string;
  readonly category: Category;
  readonly scope: "workspace" | "personal";
  /** One line of the catalogue. */
  readonly purpose: string;
  /** Variables `<PREFIX>_CLIENT_ID`, `<PREFIX>_CLIENT_SECRET`, `<PREFIX>_<ROLE>_URL`; the family's are the fallback. */
  readonly envPrefix: string;
  readonly envFamily?: string;
  /**
   * Every address by role: at least `authorize`, `token`, `revoke`, `api`. Each has an override in the environment and
   * a path in the sandbox. `{tenant}` and `{field}` stand for what the connection knows.
   */
  readonly urls: Readonly<Record<string, { readonly url: string; readonly sandboxPath: string }>>;
  readonly auth: OAuth2;
  readonly connectFields?: readonly ConnectField[];
  /** Each scope with what it lets Harmony do and why, in the words of the permission preview. */
  readonly scopeWords: Readonly<Record<string, string>>;
  /** Who is connected; read only, in one call, also "Test connection" and the probe. */
  readonly identify: (session: Session) => Promise<Identity>;
  readonly capabilities: Capabilities;
  readonly dataOptions: Readonly<Record<DataOption, DataOptionSpec>>;
  /** What becomes of each data option: the resources it switches, and the topics that they make the tool want. */
  readonly wants: (chosen: {
    readonly data: Readonly<Record<DataOption, boolean>>;
    readonly options: Readonly<Record<string, unknown>>;
  }) => readonly Topic[];
  readonly directions: readonly Direction[];
  readonly frequencies: readonly Frequency[];
  readonly defaultFrequency: Frequency;
  /** The choices of "Sync past meetings"; empty where nothing can be caught up. */
  readonly canBackfill: boolean;
  readonly settings: readonly Setting[];
  readonly webhooks?: Webhooks;
  /** How much the tool allows for one account, over all calls. */
  readonly budget: { readonly calls: number; readonly perMs: number };
  /** Only where the tool departs from HTTP: sees every answer, since some fail with 200. Null: as HTTP says. */
  readonly classify?: (answer: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: unknown;
  }) => Fault | null;
  /** A notice that the detail page always shows, such as what a calendar does not do. */
  readonly notice?: string;
  /** Sends the fixed test message; present where the tool has channels. */
  readonly hasTestMessage?: boolean;
}
