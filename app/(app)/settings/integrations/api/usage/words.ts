import { withQuery } from "@/components/ui/query-string";
import type { Program } from "@/lib/api-usage/schema";

/** The page of the API's use; of one program. */
export function usageHref(program: string | null = null): string {
  return `/settings/integrations/api/usage${withQuery("", { program })}`;
}

/** Where the documentation describes an operation; the resumable door has a section of its own. */
export function docsHref(operation: string): string {
  return `/docs#${operation === "resumableUpload" ? "large-uploads" : operation}`;
}

const kinds: Readonly<Record<Program["kind"], string>> = {
  api_key: "API key",
  oauth_app: "App",
  service_account: "Service account’s OAuth client",
  removed: "Not here any more",
};

/** What a program is, in a line under its name. */
export function kindOf({ kind, account, people, masked }: Program): string {
  if (account !== null) return `API token of ${account}, ${masked ?? ""}`;
  if (masked !== null) return `${kinds[kind]} ${masked}`;
  if (people === null) return kinds[kind];
  return `${kinds[kind]}, for ${people === 1 ? "1 person" : `${people} people`}`;
}

/** A program's name; two keys may have the same, so theirs comes with their last characters. */
export function nameOf({ name, masked }: Program): string {
  return masked === null ? name : `${name} (…${masked.slice(-4)})`;
}
