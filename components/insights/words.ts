import type { InsightType } from "@/lib/core/insight-types";

/** What the types of insight are called on our pages. */
export const insightTypeWords: Readonly<Record<InsightType, string>> = {
  summary: "Summary",
  open_question: "Open question",
  markdown: "Text",
  competitors_analysis: "Competitors analysis",
  spin_improvement: "SPIN improvement",
  yes_no: "Yes / no",
  scale: "Scale",
  checklist: "Checklist",
};

/** What each type answers with. */
export const insightTypeHints: Readonly<Record<InsightType, string>> = {
  summary: "A short summary of the meeting.",
  open_question: "A few sentences.",
  markdown: "A text of the form that you ask for, such as a handover note.",
  competitors_analysis: "Which competitors came up, and what was said about them.",
  spin_improvement: "Which situation, problem, implication and need-payoff questions were missed.",
  yes_no: "Yes, no, or not discussed.",
  scale: "A number between two bounds.",
  checklist: "For each item whether it was done.",
};

export const projectTabs = ["reports", "configuration", "criteria", "teams", "basics"] as const;
export type ProjectTab = (typeof projectTabs)[number];

/** The address of a project, or of one of its parts; the first is the page itself. */
export function projectHref(id: string, tab: ProjectTab = "reports"): string {
  const page = `/insights/projects/${id}`;
  return tab === "reports" ? page : `${page}?tab=${tab}`;
}

/** Who can make a language model available, and how. */
export const modelSteps =
  "An admin can connect a language model by setting LLM_URL, LLM_KEY and LLM_MODEL on the server.";
