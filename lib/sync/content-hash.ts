import { sha256 } from "@/lib/core/crypto";

function canonical(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([key, field]) => [key, canonical(field)]);
  return Object.fromEntries(entries);
}

/** The same for the same content, in whatever order its fields come: SHA-256 of its JSON with sorted keys. */
export function contentHash(content: unknown): string {
  return sha256(JSON.stringify(canonical(content)));
}

/** A record's fields as they are kept beside its link, to tell later which side changed what. */
export function plainFields(record: object): Record<string, unknown> {
  return canonical(record) as Record<string, unknown>;
}
