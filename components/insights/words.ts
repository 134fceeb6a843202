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
