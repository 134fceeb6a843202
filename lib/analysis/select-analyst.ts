import type { Analyst } from "./analyst";
import { createOpenAiAnalyst } from "./openai-compatible";
import { createRulesAnalyst } from "./rules/rules-analyst";

interface AnalystConfig {
  /** LLM_URL, LLM_KEY and LLM_MODEL; null or absent when no language model is configured. */
  readonly llm?: {
    readonly url: string;
    readonly key: string | null;
    readonly model: string;
  } | null;
}

/** The configured language model, or the offline rules when there is none; never one for the other. */
export function selectAnalyst({ llm }: AnalystConfig): Analyst {
  return llm === undefined || llm === null ? createRulesAnalyst() : createOpenAiAnalyst(llm);
}
