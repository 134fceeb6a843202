/** The kinds of question that an insight definition asks (handbook 20.2); stored, served and validated by these names. */
export const insightTypeNames = [
  "summary",
  "open_question",
  "markdown",
  "competitors_analysis",
  "spin_improvement",
  "yes_no",
  "scale",
  "checklist",
] as const;
export type InsightType = (typeof insightTypeNames)[number];
