import type { InsightType } from "@/lib/core/insight-types";
import type { Transcript } from "@/lib/transcripts/transcript";

/** What must hold of a meeting before a question is asked; only an engine that reads can tell. */
export type Condition =
  | { readonly kind: "boolean"; readonly question: string }
  /** The meeting belongs to at least one of the categories. */
  | { readonly kind: "category"; readonly question: string; readonly any: readonly string[] };

export interface InsightQuestion {
  readonly id: string;
  readonly type: InsightType;
  readonly name: string;
  readonly question: string;
  readonly options: {
    /** Bounds of a scale, both inclusive; 1 and 10 when absent. */
    readonly scaleMin?: number;
    readonly scaleMax?: number;
    /** A checklist's items, or the competitors to look for. */
    readonly items?: readonly string[];
  };
  // For engines that read; empty or absent where nobody wrote any.
  /** What a good answer tells. */
  readonly desiredOutcome?: string | undefined;
  /** What helps to understand the question. */
  readonly context?: string | undefined;
  /** What is known beside the transcript: products, names, words of the house. */
  readonly knowledge?: string | undefined;
  /** BCP-47 of the answer; that of the meeting when absent or null. */
  readonly language?: string | null;
  /** All of them must hold; none asks always. */
  readonly onlyIf?: readonly Condition[];
}

export interface AnalysisInput {
  readonly transcript: Transcript;
  readonly meeting: {
    readonly title: string;
    readonly date: Date;
    /** IANA name; "tomorrow" is understood in it. */
    readonly timeZone: string;
    readonly attendees: readonly { readonly name: string; readonly email?: string | null }[];
  };
  readonly insights: readonly InsightQuestion[];
}

/** Who made a result; stored with it and shown beside it. */
export interface Engine {
  readonly id: "rules" | "openai-compatible";
  readonly name: string;
  readonly model: string | null;
  readonly version: string;
}

/** A statement and the index of the turn it comes from. */
export interface Cited {
  readonly text: string;
  readonly turn: number;
}

export interface SuggestedActionItem {
  readonly text: string;
  /** A name from the meeting; null when nobody took it. */
  readonly assignee: string | null;
  /** YYYY-MM-DD in the meeting's time zone. */
  readonly dueDate: string | null;
  /** 0 to 1. */
  readonly confidence: number;
  /** Fit to be shown without the "suggestion" mark. */
  readonly confident: boolean;
  readonly turn: number;
}

export interface Summary {
  readonly overview: string;
  readonly topics: readonly string[];
  readonly decisions: readonly Cited[];
  readonly nextSteps: readonly string[];
}

export interface MeetingOutline {
  readonly summary: Summary;
  readonly actionItems: readonly SuggestedActionItem[];
}

/** The shape follows the type: Markdown, true / false / null, a number, or checked items. */
export type InsightValue =
  | string
  | boolean
  | null
  | number
  | readonly { readonly item: string; readonly done: boolean }[];

export type InsightAnswer =
  | {
      readonly insightId: string;
      readonly status: "answered";
      readonly value: InsightValue;
      readonly score?: number;
      readonly explanation?: string;
      readonly evidence: readonly { readonly turn: number }[];
    }
  | {
      readonly insightId: string;
      readonly status: "needs_language_model";
      readonly reason: string;
    }
  | { readonly insightId: string; readonly status: "failed"; readonly reason: string };

interface AnalysisContext {
  readonly signal: AbortSignal;
}

/**
 * Reads a transcript in the two steps of processing (handbook 17.3). Both reject with the signal's
 * reason when it aborts, and with `AnalystError` when the engine cannot be reached or used.
 */
export interface Analyst {
  readonly engine: Engine;
  readonly summarize: (input: AnalysisInput, context: AnalysisContext) => Promise<MeetingOutline>;
  /** One answer for each question, in their order. */
  readonly answer: (
    input: AnalysisInput,
    context: AnalysisContext,
  ) => Promise<readonly InsightAnswer[]>;
}
