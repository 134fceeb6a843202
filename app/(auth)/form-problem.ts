import type { ActionError } from "@/components/hooks/use-action";
import type { Problem } from "@/components/ui/problem";

/** The sentences about single fields that a refused form came back with, by field name. */
export function fieldErrors(error: ActionError | null): Readonly<Record<string, string>> {
  const fields = error?.details?.fields;
  if (typeof fields !== "object" || fields === null) return {};
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, text]) =>
      typeof text === "string" ? [[name, text]] : [],
    ),
  );
}

/** What stands above the buttons: nothing when a field says it already, the request id only for failures of ours. */
export function formProblem(error: ActionError | null): Problem | null {
  if (error === null || Object.keys(fieldErrors(error)).length > 0) return null;
  if (error.code === "server_error") return error;
  return { message: error.message, fix: error.fix };
}
