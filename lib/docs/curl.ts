import type { Parameter } from "@/lib/docs/schema-fields";

const fileExample = "@recording.mp3";

/** One `-F` for each form field that has an example; the file always has one. */
function formArguments(parameters: readonly Parameter[]): string[] {
  return parameters.flatMap(({ in: place, name, type, example }) => {
    if (place !== "form") return [];
    const value = type === "file" ? fileExample : example;
    return value === null ? [] : [`-F "${name}=${value}"`];
  });
}

/** The request as one would type it: required parameters filled with their examples, the others left out. */
export function curlOf(
  baseUrl: string,
  method: string,
  path: string,
  parameters: readonly Parameter[],
): string {
  const filled = parameters
    .filter(({ in: place }) => place === "path")
    .reduce((url, { name, example }) => url.replace(`{${name}}`, example ?? name), path);
  return [
    `curl -X ${method} "${baseUrl}${filled}"`,
    '-H "Authorization: Bearer YOUR_API_KEY"',
    ...formArguments(parameters),
  ].join(" \\\n  ");
}
