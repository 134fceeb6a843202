import type { z } from "zod";
import { type AppError, invalidRequest } from "@/lib/core/errors";

/** Levenshtein distance, for "did you mean". Inputs are parameter names: short. */
function distance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= right.length; j += 1) {
      const swap = (row[j - 1] ?? 0) + (left[i - 1] === right[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[right.length] ?? 0;
}

function nearest(name: string, known: readonly string[]): string | undefined {
  const start = name.slice(0, 40);
  const best = known
    .map((candidate) => ({ candidate, far: distance(start, candidate) }))
    .sort((a, b) => a.far - b.far)[0];
  return best && best.far <= Math.max(2, Math.floor(start.length / 2)) ? best.candidate : undefined;
}

function unknownParameter(name: string, known: readonly string[]): AppError {
  const shown = name.slice(0, 60);
  const hint = nearest(name, known);
  const message =
    known.length === 0 ? "This endpoint takes no parameters" : `It takes: ${known.join(", ")}`;
  return invalidRequest(
    `Unknown parameter "${shown}"${hint ? `. Did you mean "${hint}"?` : ""}`,
    { [shown]: hint ? `Unknown. The nearest known parameter is "${hint}".` : "Unknown." },
    `${message}.`,
  );
}

// What no parameters mean to a schema: asked by most requests, and always the same.
const withoutParameters = new WeakMap<z.ZodObject, unknown>();

/**
 * Parses a query string against a schema of text fields. Unknown and repeated parameters are refused, since a
 * filter that is silently ignored gives wrong data (handbook D-41, D-69).
 */
export function parseQuery<S extends z.ZodObject>(
  search: string,
  schema: S | undefined,
): z.output<S> {
  if (search === "" && schema && withoutParameters.has(schema)) {
    return { ...(withoutParameters.get(schema) as z.output<S>) };
  }
  const known = schema ? Object.keys(schema.shape) : [];
  const values: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(search)) {
    if (!known.includes(name)) throw unknownParameter(name, known);
    if (name in values) {
      throw invalidRequest(`Parameter "${name}" is given twice`, { [name]: "Give it once." });
    }
    if (value.includes("\0")) {
      throw invalidRequest(`Parameter "${name}" contains a NUL character`, {
        [name]: "Not allowed.",
      });
    }
    values[name] = value;
  }
  if (!schema) return {} as z.output<S>;
  const parsed = schema.safeParse(values);
  if (!parsed.success) throw invalidFields(parsed.error);
  if (search === "") withoutParameters.set(schema, { ...parsed.data });
  return parsed.data;
}

/** Turns schema issues into `details.fields`, one sentence a field. */
export function invalidFields(error: z.ZodError): AppError {
  const fields: Record<string, string> = {};
  for (const issue of error.issues) {
    const name = issue.path.join(".") || "request";
    fields[name] ??= issue.message;
  }
  const [first] = Object.entries(fields);
  return invalidRequest(first ? `${first[0]}: ${first[1]}` : "The request is not valid", fields);
}
