import { ApiClientError } from "@/components/hooks/api-client";
import type { ActionResult } from "@/components/hooks/use-action";

/** The data of a server action that only reads, for a query; a refusal is thrown and not tried again. */
export async function answerOfAction<T>(answer: Promise<ActionResult<T>>): Promise<T> {
  const result = await answer;
  if (result.ok) return result.data;
  const { details, ...error } = result.error;
  throw new ApiClientError({ status: error.code === "not_found" ? 404 : 400, ...error, details });
}
