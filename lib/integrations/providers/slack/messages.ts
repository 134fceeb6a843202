import type { MessageRecord } from "@/lib/integrations/contract";

// Facts → Block Kit. Pure: the same record is the same message. What comes from a meeting is text of strangers; it is
// escaped here and nowhere else, so that it can neither mention a channel, nor hide a link, nor break the layout.

/** Slack's limits, in characters as sent (api.slack.com/reference/block-kit/blocks). */
const blocksMax = 50;
const sectionMax = 3000;
const headerMax = 150;
const fallbackMax = 1000;

const summaryMax = 600;
const sharedSummaryMax = 2900;
const namesShown = 10;

type Text =
  | { readonly type: "plain_text"; readonly text: string; readonly emoji: boolean }
  | { readonly type: "mrkdwn"; readonly text: string };

type Block =
  | { readonly type: "header" | "section"; readonly text: Text }
  | { readonly type: "context"; readonly elements: readonly Text[] };

/** What `chat.postMessage` takes beside the channel. */
export interface SlackMessage {
  /** For notifications and screen readers. */
  readonly text: string;
  readonly blocks: readonly Block[];
}

const entity: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

/** `:word:` would become an emoji; a space of no width behind the colon leaves it as written. */
function withoutEmoji(text: string): string {
  return text.replace(/:(?=[a-z0-9_+'-]{1,100}:)/gi, ":\u200b");
}

/** Text as Slack shows it unchanged: `<!channel>` and `<@U…>` in it stay words. */
function escapeMrkdwn(text: string): string {
  return withoutEmoji(text).replace(/[&<>]/g, (char) => entity[char] ?? char);
}

/** At most `max` characters, cut between words and never inside a character, with "…" where something is missing. */
function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  let end = max - 1;
  const last = text.charCodeAt(end - 1);
  if (last >= 0xd800 && last <= 0xdbff) end -= 1;
  const kept = text.slice(0, end);
  const space = kept.lastIndexOf(" ");
  return `${(space > end * 0.8 ? kept.slice(0, space) : kept).trimEnd()}…`;
}

/** Escaped text of at most `max` characters, counted as they are sent: each `&` takes five. */
function escapedWithin(text: string, max: number): string {
  let length = Math.min(text.length, max);
  for (;;) {
    const escaped = escapeMrkdwn(cut(text, length));
    if (escaped.length <= max) return escaped;
    length = Math.floor(length * Math.min(0.95, max / escaped.length));
  }
}

/** More of a single line is never shown. */
const lineMax = 2000;

/** One line: a title with line breaks would end the header or a list item. */
function oneLine(text: string): string {
  return text.slice(0, lineMax).replace(/\s+/g, " ").trim();
}

function header(text: string): Block {
  const shown = cut(withoutEmoji(oneLine(text)), headerMax);
  // An empty header is refused as a whole message.
  return { type: "header", text: { type: "plain_text", text: shown || "Untitled", emoji: true } };
}

const section = (text: string): Block => ({ type: "section", text: { type: "mrkdwn", text } });
const context = (text: string): Block => ({
  type: "context",
  elements: [{ type: "mrkdwn", text }],
});

/** `<https://…|label>`; what could end the address early is percent-encoded. */
function linkTo(url: string, label: string): string {
  const address = url
    .replace(/[<>|\s]/g, (char) => encodeURIComponent(char))
    .replace(/&/g, "&amp;");
  return `<${address}|${escapeMrkdwn(oneLine(label)).replaceAll("|", "¦")}>`;
}

const dayFormat = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  timeZone: "UTC",
});
const fullFormat = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  timeZone: "UTC",
});

function durationText(seconds: number): string {
  const minutes = Math.max(1, Math.round(seconds / 60));
  if (minutes < 60) return `${minutes} min`;
  const rest = minutes % 60;
  return rest === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${rest} min`;
}

/** Slack writes the time in each reader's own zone; the fallback says which one it is in. */
function dateToken(at: Date): string {
  const epoch = Math.floor(at.getTime() / 1000);
  return `<!date^${epoch}^{date_short_pretty} {time}|${fullFormat.format(at)} UTC>`;
}

function whenLine(record: MessageRecord): string | null {
  const parts = [
    record.startsAt === null ? null : dateToken(record.startsAt),
    record.durationSeconds === null || record.durationSeconds <= 0
      ? null
      : durationText(record.durationSeconds),
  ].filter((part) => part !== null);
  return parts.length === 0 ? null : parts.join(" · ");
}

/** Names only; addresses of people never leave for a channel. */
function peopleLine(names: readonly string[]): string | null {
  const shown = names.map(oneLine).filter((name) => name !== "" && !name.includes("@"));
  if (shown.length === 0) return null;
  const more = shown.length - namesShown;
  const list = shown.slice(0, namesShown).join(", ");
  return escapedWithin(`With ${list}${more > 0 ? ` and ${more} more` : ""}`, 1000);
}

/** A day such as `2026-02-10` as "10 Feb". */
function dayText(day: string): string {
  const at = new Date(`${day}T00:00:00Z`);
  return Number.isNaN(at.getTime()) ? day : dayFormat.format(at);
}

function itemLine(item: MessageRecord["actionItems"][number]): string {
  const assigned = [item.assignee, item.dueOn === null ? null : dayText(item.dueOn)].filter(
    (part) => part !== null && part !== "",
  );
  const tail = assigned.length === 0 ? "" : ` — ${assigned.join(", ")}`;
  return `• ${escapedWithin(oneLine(item.text), 500)}${escapedWithin(oneLine(tail) === "" ? "" : ` ${oneLine(tail)}`, 200)}`;
}

/** Lines under a bold heading, as many as one section holds; the last line counts the others. */
function listSection(heading: string, lines: readonly string[]): Block {
  const reserve = 40;
  let text = `*${heading}*`;
  let shown = 0;
  for (const line of lines) {
    if (text.length + 1 + line.length > sectionMax - reserve) break;
    text += `\n${line}`;
    shown += 1;
  }
  const left = lines.length - shown;
  return section(left === 0 ? text : `${text}\n…and ${left} more`);
}

function bodySection(body: string | null, max: number): Block[] {
  const text = body?.trim() ?? "";
  return text === "" ? [] : [section(escapedWithin(cut(text, max), sectionMax))];
}

function itemSection(record: MessageRecord): Block[] {
  return record.actionItems.length === 0
    ? []
    : [listSection("Action items", record.actionItems.map(itemLine))];
}

/**
 * A link in the text and no button: a button also calls the app's interactivity address, and where none is set Slack
 * shows a warning beside it.
 */
function linkBlock(record: MessageRecord): Block[] {
  return record.link === null ? [] : [context(linkTo(record.link.url, record.link.label))];
}

function factBlocks(record: MessageRecord): Block[] {
  return [whenLine(record), peopleLine(record.attendees)]
    .filter((line) => line !== null)
    .map((line) => context(line));
}

function sharedBy(record: MessageRecord): Block[] {
  if (record.note === null) return [];
  const by = `*${escapedWithin(oneLine(record.note.by), 200)}* shared a meeting`;
  const written = record.note.text?.trim() ?? "";
  if (written === "") return [section(by)];
  const quote = escapedWithin(written, 2500).replace(/^/gm, "> ");
  return [section(`${by}\n${cut(quote, sectionMax - by.length - 1)}`)];
}

function meetingBlocks(record: MessageRecord, max: number): Block[] {
  return [
    header(record.title),
    ...factBlocks(record),
    ...bodySection(record.body, max),
    ...itemSection(record),
    ...linkBlock(record),
  ];
}

const severityWords = { info: "Info", warning: "Warning", error: "Error" } as const;

function alertTitle(record: MessageRecord): string {
  return `${severityWords[record.severity]}: ${record.title}`;
}

/** Lines of a digest in as many sections as they need, within the blocks that a message may have. */
function digestBlocks(record: MessageRecord): Block[] {
  const lines = record.lines.map((line) => `• ${linkTo(line.url, cut(oneLine(line.text), 200))}`);
  const sections: string[] = [];
  let current = "";
  let shown = 0;
  for (const line of lines) {
    const joined = current === "" ? line : `${current}\n${line}`;
    if (joined.length <= sectionMax) {
      current = joined;
    } else {
      if (sections.length === blocksMax - 4) break;
      sections.push(current);
      current = line;
    }
    shown += 1;
  }
  if (current !== "") sections.push(current);
  const left = lines.length - shown;
  return [
    header(record.title),
    ...sections.map(section),
    ...(left === 0 ? [] : [context(`…and ${left} more`)]),
    ...linkBlock(record),
  ];
}

const testText =
  "This is a test message from Harmony. Messages of this workspace will be posted here.";

function blocksOf(record: MessageRecord): Block[] {
  switch (record.kind) {
    case "meeting_processed":
      return meetingBlocks(record, summaryMax);
    case "share":
      return [...sharedBy(record), ...meetingBlocks(record, sharedSummaryMax)];
    case "meeting_failed":
    case "insight_generated":
      return meetingBlocks(record, summaryMax);
    case "alert":
      return [
        header(alertTitle(record)),
        ...bodySection(record.body, summaryMax),
        ...linkBlock(record),
      ];
    case "digest":
      return digestBlocks(record);
    case "test":
      return [section(testText), ...linkBlock(record)];
  }
}

const prefixOf: Readonly<Record<MessageRecord["kind"], string>> = {
  meeting_processed: "Meeting processed: ",
  meeting_failed: "Meeting failed: ",
  insight_generated: "Insight generated: ",
  alert: "",
  share: "Meeting shared: ",
  digest: "",
  test: "",
};

function fallbackOf(record: MessageRecord): string {
  if (record.kind === "test") return testText;
  const title = record.kind === "alert" ? alertTitle(record) : record.title;
  const length =
    record.durationSeconds === null || record.durationSeconds <= 0
      ? ""
      : ` (${durationText(record.durationSeconds)})`;
  return escapedWithin(oneLine(`${prefixOf[record.kind]}${title}${length}`), fallbackMax);
}

/** The message of a record: within every limit of Slack, whatever is in it. */
export function layOut(record: MessageRecord): SlackMessage {
  return { text: fallbackOf(record), blocks: blocksOf(record).slice(0, blocksMax) };
}
