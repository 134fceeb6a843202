import type { DemoTeam } from "@/db/seed-data/people";

/** The kinds of meeting of the demo company, with how a title begins and which team holds them. */
export const meetingKinds = {
  sales_call: { title: "Sales Call", team: "Sales", tags: ["discovery"] },
  demo: { title: "Product Demo", team: "Sales", tags: ["demo"] },
  qbr: { title: "QBR", team: "Customer Success", tags: ["review"] },
  check_in: { title: "Check-in", team: "Customer Success", tags: ["check-in"] },
  onboarding: { title: "Onboarding", team: "Customer Success", tags: ["onboarding"] },
  support_call: { title: "Support Call", team: "Customer Success", tags: ["support"] },
  interview: { title: "Customer Interview", team: "Product", tags: ["research"] },
  one_on_one: { title: "1:1", team: null, tags: ["1:1"] },
  weekly: { title: "Weekly", team: null, tags: ["internal"] },
} as const satisfies Record<
  string,
  { title: string; team: DemoTeam | null; tags: readonly string[] }
>;

export type MeetingKind = keyof typeof meetingKinds;
