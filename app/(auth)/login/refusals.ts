import type { Problem } from "@/components/ui/problem";

const couldNot: Problem = {
  message: "You could not be signed in",
  fix: "Try again. If it stays, sign in with your password or ask an admin of your workspace.",
};

/** Words for the reasons in `?error=` of the sign-in page: ours, then next-auth's. */
const words: Readonly<Record<string, Problem>> = {
  NotInvited: {
    message: "This address is not a member of any workspace here",
    fix: "No account was made. Ask an admin of your workspace to invite this address, or sign in with another one.",
  },
  EmailNotVerified: {
    message: "Google has not verified this e-mail address",
    fix: "Verify it in your Google account, or sign in with your password.",
  },
  TooManyTries: {
    message: "Too many tries",
    fix: "Wait a minute and try again.",
  },
  Unreachable: {
    message: "Harmony could not be reached",
    fix: "Check your connection, then try again.",
  },
  Verification: {
    message: "This sign-in link is not valid any more",
    fix: "Each link works once and for 15 minutes. Ask for a new one below.",
  },
  EmailSignin: {
    message: "No link could be sent",
    fix: "Check the address and try again.",
  },
  OAuthSignin: {
    message: "Google could not be reached",
    fix: "Try again in a minute, or sign in with your password.",
  },
};

/** What to say for a reason; unknown reasons get general words, none at all gets nothing. */
export function refusalOf(reason: string | null): Problem | null {
  if (reason === null || reason === "") return null;
  return words[reason] ?? couldNot;
}
