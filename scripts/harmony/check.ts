export type Status = "ok" | "warning" | "failed";

/** One thing that was looked at; `fix` says what to do when it is not fine. */
export interface Check {
  readonly name: string;
  readonly status: Status;
  readonly message: string;
  readonly fix?: string;
}

/** What a check found, before it has its name. */
export type Finding = Omit<Check, "name">;

export const ok = (message: string): Finding => ({ status: "ok", message });
export const warning = (message: string, fix: string): Finding => ({
  status: "warning",
  message,
  fix,
});
export const failed = (message: string, fix: string): Finding => ({
  status: "failed",
  message,
  fix,
});

/** The first line of an error's message. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split("\n", 1)[0] ?? text;
}
