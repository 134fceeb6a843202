import type { insights } from "@/db/schema/insights";
import type { DemoTeam } from "@/db/seed-data/people";

type Definition = Pick<typeof insights.$inferInsert, "name" | "type" | "question"> & {
  readonly options?: { scaleMin?: number; scaleMax?: number; items?: string[] };
  /** A definition is asked of meetings from its first day on, never of older ones. */
  readonly daysOld: number;
};

interface DemoProject {
  readonly name: string;
  readonly description: string;
  readonly teams: readonly DemoTeam[];
  readonly definitions: readonly Definition[];
}

const competitors = ["FieldPilot", "RouteWise", "Servora"];

/** Every type of insight; those that take judgement are young, so that few meetings wait for a language model. */
export const demoProjects: readonly DemoProject[] = [
  {
    name: "Sales discovery",
    description: "What we learn about a company before it becomes a customer.",
    teams: ["Sales"],
    definitions: [
      {
        name: "Pricing discussed",
        type: "yes_no",
        question: "Was pricing discussed?",
        options: { items: ["price", "pricing", "discount", "budget", "offer"] },
        daysOld: 100,
      },
      {
        name: "Competitors",
        type: "competitors_analysis",
        question: "Which competitors were mentioned, and what was said about them?",
        options: { items: competitors },
        daysOld: 100,
      },
      {
        name: "Discovery checklist",
        type: "checklist",
        question: "Which of these points were mentioned?",
        options: { items: ["Budget", "Pilot", "Works council", "Security", "Contract"] },
        daysOld: 75,
      },
      {
        name: "Intent to buy",
        type: "scale",
        question: "How likely is it that they buy within three months?",
        options: { scaleMin: 1, scaleMax: 10 },
        daysOld: 9,
      },
      {
        name: "SPIN coaching",
        type: "spin_improvement",
        question: "Which situation, problem, implication and need-payoff questions were missed?",
        daysOld: 9,
      },
    ],
  },
  {
    name: "Customer health",
    description: "How our customers do, and what they need from us next.",
    teams: ["Customer Success"],
    definitions: [
      {
        name: "Call outline",
        type: "summary",
        question: "What happened in this call?",
        daysOld: 100,
      },
      {
        name: "Renewal mentioned",
        type: "yes_no",
        question: "Was the contract or renewal mentioned?",
        daysOld: 100,
      },
      {
        name: "Competitors at customers",
        type: "competitors_analysis",
        question: "Which competitors were mentioned?",
        options: { items: competitors },
        daysOld: 60,
      },
      {
        name: "Biggest risk",
        type: "open_question",
        question: "What could make this customer leave?",
        daysOld: 12,
      },
      {
        name: "Handover note",
        type: "markdown",
        question: "Write a handover note for a colleague who takes this account over.",
        daysOld: 12,
      },
    ],
  },
  {
    name: "Product feedback",
    description: "Wishes and troubles that the product team should hear of, from every team.",
    teams: [],
    definitions: [
      {
        name: "Areas mentioned",
        type: "checklist",
        question: "Which areas of the product were mentioned?",
        options: { items: ["Photos", "Reports", "Parts", "App", "Export", "API"] },
        daysOld: 50,
      },
    ],
  },
];
