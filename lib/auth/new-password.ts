import { z } from "zod";

const passwordLengthMin = 12;
const passwordLengthMax = 200;

/** The commonest passwords that are long enough to pass the length rule. */
const commonest = new Set([
  "123456789012",
  "1234567890123",
  "12345678901234",
  "123456789123",
  "111111111111",
  "000000000000",
  "abcdefghijkl",
  "qwertyuiop12",
  "qwertyuiop123",
  "qwertyuiopas",
  "qwertyuiop[]",
  "1q2w3e4r5t6y",
  "1qaz2wsx3edc",
  "qazwsxedcrfv",
  "asdfghjkl123",
  "password1234",
  "password12345",
  "password123!",
  "passwordpassword",
  "iloveyou1234",
  "letmein12345",
  "welcome12345",
  "administrator",
  "changeme1234",
  "harmony12345",
]);

const hasOneCharacter = (text: string) => new Set(text).size === 1;

/**
 * A password that somebody chooses: 12 to 200 characters and not one of the commonest. No rules about kinds of
 * characters, as NIST SP 800-63B (5.1.1.2) advises.
 */
export const newPassword = z
  .string()
  .refine((text) => Array.from(text).length >= passwordLengthMin, {
    error: `Use at least ${passwordLengthMin} characters; a few words in a row do well.`,
    abort: true,
  })
  .refine((text) => Array.from(text).length <= passwordLengthMax, {
    error: `Use at most ${passwordLengthMax} characters.`,
    abort: true,
  })
  .refine((text) => !(commonest.has(text.toLowerCase()) || hasOneCharacter(text)), {
    error: "This is one of the passwords that are tried first. Choose another.",
  });

/** A password that somebody types to be checked; only its size is limited here. */
export const typedPassword = z.string().min(1, "Enter the password.").max(1000, "Too long.");

/** An e-mail address as people type it; it leaves in lower case. */
export const emailAddress = z
  .string()
  .trim()
  .toLowerCase()
  .max(254, "An address has at most 254 characters.")
  .pipe(z.email("Enter an address such as ada@example.com."));
