import { DEMO_USERS } from "@/db/demo-users";
import { emptyOAuth, type OAuthState } from "../oauth";

// A Slack workspace as data, and the one that the stand-in begins with.

export interface Member {
  readonly id: string;
  readonly name: string;
  readonly realName: string;
  readonly email: string;
  readonly tz: string;
  isDeactivated: boolean;
}

export interface Message {
  readonly ts: string;
  /** A member's id, or the bot's user id. */
  readonly user: string;
  readonly isBot: boolean;
  text: string;
  blocks: readonly unknown[] | null;
  readonly threadTs: string | null;
  metadata: unknown;
  readonly fileId: string | null;
  editedAt: string | null;
}

export interface Channel {
  readonly id: string;
  name: string;
  readonly kind: "channel" | "group" | "im";
  readonly created: number;
  topic: string;
  isArchived: boolean;
  /** Our bot has been invited. */
  isBotMember: boolean;
  /** Slack Connect: another organization's channel. */
  readonly isForeign: boolean;
  /** Only some people may post. */
  isReadOnly: boolean;
  readonly memberIds: readonly string[];
  readonly messages: Message[];
}

export interface UploadedFile {
  readonly id: string;
  readonly name: string;
  readonly length: number;
  title: string;
  /** Its beginning, once the bytes came. */
  preview: string | null;
  isShared: boolean;
}

export interface Team {
  readonly id: string;
  readonly name: string;
  readonly domain: string;
  readonly botUserId: string;
  readonly botId: string;
  readonly members: Member[];
  readonly channels: Channel[];
  readonly files: UploadedFile[];
}

export interface SlackState {
  readonly oauth: OAuthState;
  readonly teams: Team[];
  /** Grows with everything that needs a fresh id. */
  serial: number;
}

export const APP_ID = "A0KRD7HC3";
export const APP_NAME = "Harmony";

/** An id in Slack's form, such as `C0000000AB`. */
export function slackId(letter: string, serial: number): string {
  return `${letter}0${serial.toString(36).toUpperCase().padStart(8, "0")}`;
}

/** `seconds.microseconds` with six decimals, later than every earlier one of the channel. */
export function nextTs(channel: Channel, now: Date): string {
  // Messages stand in the order in which they were said.
  const [seconds, micros] = (channel.messages.at(-1)?.ts ?? "0").split(".");
  const current = String(Math.floor(now.getTime() / 1_000));
  if (current > (seconds ?? "0")) return `${current}.000100`;
  return `${seconds}.${String(Number(micros) + 100).padStart(6, "0")}`;
}

type ChannelFacts = Partial<Omit<Channel, "id" | "name" | "created" | "messages">>;

/** A channel whose facts are those of an ordinary public one, but for those given. */
export function makeChannel(
  id: string,
  name: string,
  created: number,
  facts: ChannelFacts = {},
): Channel {
  return {
    kind: "channel",
    topic: "",
    isArchived: false,
    isBotMember: false,
    isForeign: false,
    isReadOnly: false,
    memberIds: [],
    ...facts,
    id,
    name,
    created,
    messages: [],
  };
}

const others = [
  ["maya.osei", "Maya Osei"],
  ["jonas.lind", "Jonas Lind"],
  ["priya.nair", "Priya Nair"],
  ["omar.haddad", "Omar Haddad"],
  ["clara.weiss", "Clara Weiss"],
] as const;

const rooms = [
  "announcements, design, engineering, marketing, people, finance, legal, support, product, research",
  "random, reading-group, running, office-berlin, office-lisbon, standup, incidents, releases, hiring, onboarding",
  "sales-emea, sales-amer, sales-apac, partners, renewals, pricing, competitors, wins, demo-requests, events",
  "security, data, analytics, platform, mobile, web, docs, customer-feedback, roadmap, all-hands-questions",
]
  .join(", ")
  .split(", ");

function acme(now: Date): Team {
  const members: Member[] = [
    ...Object.values(DEMO_USERS).map(({ email, name }) => [email.split("@")[0] ?? "", name]),
    ...others,
  ].map(([name = "", realName = ""], index) => ({
    id: slackId("U", 4_000 + index),
    name,
    realName,
    email: `${name}@acme.example`,
    tz: "Europe/Berlin",
    isDeactivated: name === "clara.weiss",
  }));
  const memberIds = members.map(({ id }) => id);
  const created = Math.floor(now.getTime() / 1_000) - 400 * 86_400;
  let serial = 1_000;
  const channel = (name: string, facts: ChannelFacts = {}) => {
    serial += 7;
    return makeChannel(slackId("C", serial), name, created + serial, { memberIds, ...facts });
  };
  const general = channel("general", { topic: "Company-wide announcements and work matters" });
  const sales = channel("sales", { topic: "Calls, deals and who needs help" });
  const channels = [
    general,
    sales,
    channel("customer-success", { topic: "Renewals and health of accounts", isBotMember: true }),
    channel("leadership", { kind: "group", isBotMember: true, memberIds: memberIds.slice(0, 3) }),
    channel("board-prep", { kind: "group", memberIds: memberIds.slice(0, 2) }),
    channel("old-website", { isArchived: true, topic: "Kept for the record" }),
    channel("northwind-acme", { isForeign: true, topic: "Shared by Northwind" }),
    ...rooms.map((name) => channel(name, { isReadOnly: name === "announcements" })),
  ];
  const say = (to: Channel, member: number, minutesAgo: number, text: string) => {
    const ts = nextTs(to, new Date(now.getTime() - minutesAgo * 60_000));
    const user = memberIds[member] ?? "";
    const rest = { blocks: null, threadTs: null, metadata: null, fileId: null, editedAt: null };
    to.messages.push({ ts, user, isBot: false, text, ...rest });
  };
  say(general, 3, 190, "Welcome to Omar, who joins the platform team today :wave:");
  say(sales, 1, 95, "Northwind renewal call is at three. Pricing sheet is in the folder.");
  say(sales, 2, 88, "Thanks! I will take notes.");
  return {
    id: "T9TK3CUKW",
    name: "Acme",
    domain: "acme",
    botUserId: "U0KRQLJ9H",
    botId: "B0KRQLJ2X",
    members,
    channels,
    files: [],
  };
}

/** A workspace with nothing but #general and one member. */
export function smallTeam(serial: number, name: string, domain: string, now: Date): Team {
  const member: Member = {
    id: slackId("U", serial),
    name: "owner",
    realName: "Sam Owner",
    email: `owner@${domain}.example`,
    tz: "Europe/London",
    isDeactivated: false,
  };
  const created = Math.floor(now.getTime() / 1_000) - 30 * 86_400;
  const general = makeChannel(slackId("C", serial + 1), "general", created, {
    memberIds: [member.id],
  });
  return {
    id: slackId("T", serial),
    name,
    domain,
    botUserId: slackId("U", serial + 2),
    botId: slackId("B", serial + 3),
    members: [member],
    channels: [general],
    files: [],
  };
}

export function seedSlack(now: Date): SlackState {
  return {
    oauth: emptyOAuth(),
    teams: [acme(now), smallTeam(900_000, "Northwind Traders", "northwind", now)],
    serial: 1_000_000,
  };
}
