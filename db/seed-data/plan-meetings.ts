import type { meetings } from "@/db/schema/meetings";
import { workingTime } from "@/db/seed-data/berlin-time";
import { type Cast, createComposer, type Line } from "@/db/seed-data/compose-conversation";
import { colleagueConversations } from "@/db/seed-data/conversations/colleagues";
import type { Conversation } from "@/db/seed-data/conversations/conversation";
import { customerConversations } from "@/db/seed-data/conversations/customers";
import { salesConversations } from "@/db/seed-data/conversations/sales";
import { type MeetingKind, meetingKinds } from "@/db/seed-data/meeting-kinds";
import {
  type DemoAccount,
  type DemoContact,
  type DemoTeam,
  demoAccounts,
  demoMembers,
} from "@/db/seed-data/people";
import type { Random } from "@/db/seed-data/random";

type MeetingRow = typeof meetings.$inferInsert;

/** A meeting as it was held, before any of it is stored. */
export interface PlannedMeeting {
  readonly title: string;
  readonly kind: MeetingKind;
  readonly account: DemoAccount | null;
  readonly team: DemoTeam;
  /** Key of the member who owns it. */
  readonly owner: string;
  readonly date: Date;
  readonly lines: readonly Line[];
  readonly source: MeetingRow["source"];
  readonly medium: NonNullable<MeetingRow["medium"]>;
  readonly tags: readonly string[];
}

const contactByKey = new Map<string, { contact: DemoContact; account: DemoAccount }>(
  demoAccounts.flatMap((account) =>
    account.contacts.map((contact) => [contact.key, { contact, account }] as const),
  ),
);
const memberByKey = new Map(demoMembers.map((member) => [member.key, member]));

/** The full name of a member or contact. */
export function nameOf(key: string): string {
  const name = memberByKey.get(key)?.name ?? contactByKey.get(key)?.contact.name;
  if (name === undefined) throw new Error(`nobody in the demo company is called ${key}`);
  return name;
}

const firstNameOf = (key: string): string => nameOf(key).split(" ", 1)[0] ?? key;

function teamOf(key: string): DemoTeam {
  const member = memberByKey.get(key);
  if (!member) throw new Error(`${key} is not a member`);
  return member.team;
}

// --- Written conversations --------------------------------------------------------------------------------

function linesOfText(text: string): Line[] {
  return text
    .trim()
    .split("\n")
    .map((line) => {
      const cut = line.indexOf(": ");
      return { speaker: line.slice(0, cut), text: line.slice(cut + 2) };
    });
}

/** The first member who speaks owns the meeting. */
function planWritten(now: Date, random: Random, written: Conversation): PlannedMeeting {
  const lines = linesOfText(written.text);
  const owner = lines.find((line) => memberByKey.has(line.speaker))?.speaker ?? "ada";
  const { team, tags } = meetingKinds[written.kind];
  return {
    title: written.title,
    kind: written.kind,
    account: demoAccounts.find((account) => account.key === written.account) ?? null,
    team: team ?? teamOf(owner),
    owner,
    date: workingTime(now, written.daysAgo, random.between(9, 16), random.pick([0, 30])),
    lines,
    tags,
    ...wayIn(written.kind, random),
  };
}

// --- Composed conversations -------------------------------------------------------------------------------

/** How many meetings of each kind the three months hold beside the written ones. */
const composedCounts: Record<MeetingKind, number> = {
  sales_call: 30,
  demo: 14,
  qbr: 12,
  check_in: 16,
  onboarding: 8,
  support_call: 24,
  interview: 8,
  one_on_one: 14,
  weekly: 12,
};

const hostsOfKind: Record<MeetingKind, readonly string[]> = {
  sales_call: ["lena", "jonas", "lena", "tom"],
  demo: ["lena", "jonas"],
  qbr: ["priya", "marcus"],
  check_in: ["priya", "mei", "marcus"],
  onboarding: ["priya"],
  support_call: ["mei", "mei", "priya"],
  interview: ["sofia", "hugo"],
  one_on_one: ["tom", "marcus", "hugo", "ada", "tom", "marcus"],
  weekly: ["tom", "marcus", "hugo"],
};

const colleaguesOfKind: Partial<Record<MeetingKind, readonly string[]>> = {
  demo: ["sofia", "hugo"],
  qbr: ["mei"],
  onboarding: ["mei"],
};

/** Who comes to the weekly of a team beside the host: guest and colleague. */
const weeklyCast: Partial<Record<string, readonly [string, string]>> = {
  tom: ["lena", "jonas"],
  marcus: ["priya", "mei"],
  hugo: ["sofia", "mei"],
};

const titlesOfKind: Partial<Record<MeetingKind, readonly string[]>> = {
  sales_call: ["Sales Call", "Discovery Call", "Follow-up Call"],
  demo: ["Product Demo", "Demo with the team"],
};

const prospects = demoAccounts.filter((account) => account.stage === "prospect");
const customers = demoAccounts.filter((account) => account.stage === "customer");

function wayIn(kind: MeetingKind, random: Random): Pick<PlannedMeeting, "source" | "medium"> {
  if (kind === "support_call" && random.chance(0.6)) {
    return { source: "talkdesk", medium: "phone_call" };
  }
  const source = random.pick([
    "zoom",
    "zoom",
    "zoom",
    "google_meet",
    "google_meet",
    "microsoft_teams",
    "companion_bot",
    "upload",
    "upload",
    "api",
  ] as const);
  const isInPerson = source === "upload" && random.chance(0.5);
  return { source, medium: isInPerson ? "in_person" : "video_call" };
}

/** Somebody who reports to `key`. */
function reportOf(key: string, random: Random): string {
  return random.pick(demoMembers.filter((member) => member.manager === key)).key;
}

function castWithColleagues(kind: MeetingKind, host: string, random: Random): Cast {
  const trio = kind === "weekly" ? weeklyCast[host] : undefined;
  if (trio) return { H: host, G: trio[0], I: trio[1] };
  return { H: host, G: reportOf(host, random) };
}

function castWithContacts(
  kind: MeetingKind,
  host: string,
  account: DemoAccount,
  random: Random,
): Cast {
  const guest = random.pick(account.contacts).key;
  const others = account.contacts.filter((contact) => contact.key !== guest);
  const colleagues = colleaguesOfKind[kind];
  return {
    H: host,
    G: guest,
    ...(random.chance(0.45) ? { K: random.pick(others).key } : {}),
    ...(colleagues && random.chance(0.6) ? { I: random.pick(colleagues) } : {}),
  };
}

function titleOf(kind: MeetingKind, cast: Cast, account: DemoAccount | null, random: Random) {
  if (kind === "one_on_one") return `1:1 ${firstNameOf(cast.H)} / ${firstNameOf(cast.G)}`;
  if (!account) return `${teamOf(cast.H)} Weekly`;
  return `${random.pick(titlesOfKind[kind] ?? [meetingKinds[kind].title])} - ${account.name}`;
}

/** Accounts in turn, so that every one of them has a history. */
function accountFor(kind: MeetingKind, index: number): DemoAccount | null {
  const { team } = meetingKinds[kind];
  if (team === null) return null;
  const pool = team === "Sales" ? prospects : customers;
  return pool[index % pool.length] ?? null;
}

/**
 * The demo company's meetings of the last three months, oldest first, held on working days between nine and five
 * by the clock of Berlin; no owner is in two of them at the same hour.
 */
export function planMeetings(now: Date, random: Random): PlannedMeeting[] {
  const written = [...salesConversations, ...customerConversations, ...colleagueConversations];
  const planned = written.map((conversation) => planWritten(now, random, conversation));
  const compose = createComposer(random, firstNameOf);
  const taken = new Set(planned.map(({ owner, date }) => slotOf(owner, date)));

  const freeTime = (owner: string): Date => {
    for (;;) {
      const hour = random.between(9, 16);
      const date = workingTime(now, random.between(1, 91), hour, random.pick([0, 15, 30]));
      const slot = slotOf(owner, date);
      if (taken.has(slot)) continue;
      taken.add(slot);
      return date;
    }
  };

  const planComposed = (kind: MeetingKind, index: number): PlannedMeeting => {
    const owner = hostsOfKind[kind][index % hostsOfKind[kind].length] ?? "ada";
    const account = accountFor(kind, index);
    const cast = account
      ? castWithContacts(kind, owner, account, random)
      : castWithColleagues(kind, owner, random);
    const spokenOf = account ? [account] : rotated(demoAccounts, index * 3);
    return {
      title: titleOf(kind, cast, account, random),
      kind,
      account,
      team: meetingKinds[kind].team ?? teamOf(owner),
      owner,
      date: freeTime(owner),
      lines: compose(kind, cast, spokenOf),
      tags: meetingKinds[kind].tags,
      ...wayIn(kind, random),
    };
  };

  for (const [kind, count] of Object.entries(composedCounts) as [MeetingKind, number][]) {
    for (let index = 0; index < count; index += 1) planned.push(planComposed(kind, index));
  }
  return planned.sort((a, b) => a.date.getTime() - b.date.getTime());
}

function slotOf(owner: string, date: Date): string {
  return `${owner} ${date.toISOString().slice(0, 13)}`;
}

function rotated<T>(items: readonly T[], by: number): T[] {
  const cut = by % items.length;
  return [...items.slice(cut), ...items.slice(0, cut)];
}
