/** Query values to set; `null` and the empty string remove the key. */
export type QueryChanges = Readonly<Record<string, string | null>>;

/**
 * Applies changes to a query string and keeps everything else, so that filters, tabs and pages
 * compose. Returns `""` or a string that starts with `?`.
 */
export function withQuery(current: string, changes: QueryChanges): string {
  const params = new URLSearchParams(current);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === "") params.delete(name);
    else params.set(name, value);
  }
  const query = params.toString();
  return query === "" ? "" : `?${query}`;
}

/** What `searchParams` of a Next page resolves to. */
export type PageSearchParams = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Writes a page's `searchParams` back as a query string without the question mark. */
export function toQuery(params: PageSearchParams): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    for (const item of [value].flat()) if (item !== undefined) query.append(name, item);
  }
  return query.toString();
}
