import type { MeetingHead } from "@/lib/meetings/page-queries";

export const meetingTabs = [
  "summary",
  "actions",
  "insights",
  "transcript",
  "speakers",
  "notes",
] as const;
export type MeetingTab = (typeof meetingTabs)[number];

/** The address of a tab; the first one is the page itself. */
export function tabHref(id: string, tab: MeetingTab): string {
  return tab === "summary" ? `/meetings/${id}` : `/meetings/${id}?tab=${tab}`;
}

/** The address of one turn of the transcript. */
export function turnHref(id: string, turn: number): string {
  return `${tabHref(id, "transcript")}&turn=${turn}`;
}

/** The tabs of a finished meeting, with how much is in them. */
export function tabItems({ id, counts }: Pick<MeetingHead, "id" | "counts">) {
  return [
    { href: tabHref(id, "summary"), label: "Summary" },
    { href: tabHref(id, "actions"), label: "Action items", count: counts.actionItems },
    { href: tabHref(id, "insights"), label: "Insights", count: counts.insights },
    { href: tabHref(id, "transcript"), label: "Transcript" },
    { href: tabHref(id, "speakers"), label: "Speakers" },
    { href: tabHref(id, "notes"), label: "Notes" },
  ];
}
