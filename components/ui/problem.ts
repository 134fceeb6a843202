/** What a person needs to know of a failure, wherever it came from (server action or API). */
export interface Problem {
  readonly message: string;
  readonly fix?: string | undefined;
  readonly request_id?: string | undefined;
}

/** Message and remedy as running text; a full stop is added where a message came without one. */
export function problemText({ message, fix }: Problem): string {
  return [message, fix]
    .filter((part) => part !== undefined && part !== "")
    .map((part) => (/[.!?…]$/u.test(part ?? "") ? part : `${part}.`))
    .join(" ");
}
