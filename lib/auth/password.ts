import { hash, verify } from "@node-rs/argon2";

// OWASP's argon2id setting for interactive sign-in: 19 MiB, two passes, one lane.
const options = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** An argon2id hash (PHC string) with its own salt. */
export function hashPassword(password: string): Promise<string> {
  return hash(password, options);
}

// What an unknown address is checked against, so that it takes as long as a wrong password.
let decoy: Promise<string> | undefined;

/** True when the password fits. A null hash costs the same time and never fits. */
export async function verifyPassword(stored: string | null, password: string): Promise<boolean> {
  decoy ??= hashPassword("an account that does not exist");
  const fits = await verify(stored ?? (await decoy), password);
  return stored !== null && fits;
}
