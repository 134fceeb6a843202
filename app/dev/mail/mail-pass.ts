import { signToken } from "@/lib/core/crypto";
import { env } from "@/lib/core/env";

export const mailPassCookie = "harmony-kept-mail";

/** What a browser that has given the demo password carries; it changes with the password. */
export function mailPass(): string | null {
  const { HARMONY_DEMO_PASSWORD } = env();
  return HARMONY_DEMO_PASSWORD ? signToken("kept-mail", HARMONY_DEMO_PASSWORD) : null;
}
