import { z } from "zod";

// Registration of apps by programs (RFC 7591) as its settings see it. Safe to import in the browser.

const registrationDaysMax = 90;

export const issueRegistrationTokenInput = z.object({
  name: z.string().trim().min(1, "Say what it is for.").max(80, "At most 80 characters."),
  expires_in_days: z.coerce
    .number("Give a number of days.")
    .int("Give whole days.")
    .min(1, "At least one day.")
    .max(registrationDaysMax, `At most ${registrationDaysMax} days.`),
});

export const revokeRegistrationTokenInput = z.object({ id: z.string().max(60) });
export const setAppRegistrationInput = z.object({ is_allowed: z.boolean() });

export interface RegistrationTokenView {
  readonly id: string;
  readonly name: string;
  readonly last4: string;
  readonly createdBy: string | null;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly lastUsedAt: string | null;
  readonly status: "active" | "expired" | "revoked";
}

export interface RegistrationView {
  readonly isAllowed: boolean;
  readonly tokens: readonly RegistrationTokenView[];
}

/** The token itself; shown once, kept nowhere. */
export interface IssuedRegistrationToken {
  readonly name: string;
  readonly token: string;
}
