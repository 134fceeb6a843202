import { describe, expect, it } from "vitest";
import { type CatalogueEntry, categoryWords } from "@/lib/integrations/schema";
import { findTools } from "./find-tools";

function tool(
  slug: string,
  name: string,
  category: CatalogueEntry["category"],
  purpose: string,
): CatalogueEntry {
  return {
    ...{ slug, name, category, purpose, scope: "workspace", availability: "configured" },
    ...{ reads: [], writes: [], connection: null, mayManage: true },
  };
}

const tools = [
  tool("google_calendar", "Google Calendar", "calendar", "Meeting sync, upcoming meetings"),
  tool("slack", "Slack", "communication", "Notifications, sharing"),
  tool("microsoft_teams_chat", "Microsoft Teams", "communication", "Alerts, sharing"),
  tool("microsoft_teams_meetings", "Microsoft Teams", "video_conferencing", "Meeting recording"),
];

const found = (q: string, category = "") =>
  findTools(tools, { q, category }, categoryWords).map(({ slug }) => slug);

describe("searching the catalogue", () => {
  it("looks at name, category and purpose, whatever the case", () => {
    expect(found("SLACK")).toEqual(["slack"]);
    expect(found("video conf")).toEqual(["microsoft_teams_meetings"]);
    expect(found("  sharing ")).toEqual(["slack", "microsoft_teams_chat"]);
  });

  it("shows both entries of Microsoft Teams", () => {
    expect(found("microsoft teams")).toEqual(["microsoft_teams_chat", "microsoft_teams_meetings"]);
  });

  it("is everything without words, and nothing for words that no tool has", () => {
    expect(found("")).toHaveLength(4);
    expect(found("fax machine")).toEqual([]);
  });

  it("keeps to the category that was chosen", () => {
    expect(found("", "communication")).toEqual(["slack", "microsoft_teams_chat"]);
    expect(found("meeting", "calendar")).toEqual(["google_calendar"]);
    expect(found("", "no-such-category")).toEqual([]);
  });
});
