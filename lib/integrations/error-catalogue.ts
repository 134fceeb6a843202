import type { ConnectionRow } from "@/lib/integrations/connection-row";
import type { Fault, Provider, RecordErrorCode } from "@/lib/integrations/contract";
import type { Trouble } from "@/lib/integrations/schema";

/** A fault as the sync log shows it. */
export function recordErrorOf(_fault: Fault): {
  readonly code: RecordErrorCode;
  readonly message: string;
} {
  return { code: "unknown", message: "" };
}

/** What to do about a record that failed with this code: one sentence. */
export function fixOf(_code: RecordErrorCode, _toolName: string): string {
  return "";
}

/** What is wrong with a connection, who can mend it, and the button that helps; null while all is well. */
export function troubleOf(_connection: ConnectionRow, _provider: Provider): Trouble | null {
  return null;
}
