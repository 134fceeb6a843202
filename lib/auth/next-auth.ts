import type { AuthOptions, LoggerInstance, Profile } from "next-auth";
import type { EmailConfig } from "next-auth/providers/email";
import type { OAuthConfig } from "next-auth/providers/oauth";
import { db } from "@/db/client";
import { authAdapter, type DoorCall } from "@/lib/auth/adapter";
import { newSessionToken, sessionRenewSeconds, sessionSeconds } from "@/lib/auth/new-session";
import { sameOriginPath } from "@/lib/auth/same-origin-path";
import { sessionCookieName } from "@/lib/auth/session";
import { admissionOf, joinInvitedWorkspaces } from "@/lib/auth/sign-in-admission";
import { auditSignIn } from "@/lib/auth/sign-in-audit";
import { countAccountTry, type Visitor } from "@/lib/auth/sign-in-visitor";
import { derivedKey } from "@/lib/core/crypto";
import { env } from "@/lib/core/env";
import { AppError } from "@/lib/core/errors";
import { log } from "@/lib/core/log";
import { signInLinkMail } from "@/lib/mail/letters";
import { sendMail } from "@/lib/mail/send-mail";

// Sign-in by Google and by mailed link, through next-auth with database sessions. Passwords and the demo have
// their own way in (sign-in.ts), which opens the same kind of session.

/** Which ways of signing in this installation offers beside the password. */
export function signInWays(): { readonly google: boolean; readonly link: boolean } {
  const { AUTH_GOOGLE_CLIENT_ID, AUTH_GOOGLE_CLIENT_SECRET, mailConfigured, demo } = env();
  return {
    google: AUTH_GOOGLE_CLIENT_ID !== undefined && AUTH_GOOGLE_CLIENT_SECRET !== undefined,
    link: mailConfigured || demo,
  };
}

/** The sign-in page, saying why somebody was turned away; it knows the words for each reason. */
export function refusedUrl(
  reason: "NotInvited" | "EmailNotVerified" | "TooManyTries" | "NoSuchWay",
): string {
  return `${env().appUrl}/login?error=${reason}`;
}

interface GoogleProfile extends Profile {
  readonly sub: string;
  readonly email: string;
  readonly email_verified: boolean;
}

function googleProvider(clientId: string, clientSecret: string): OAuthConfig<GoogleProfile> {
  return {
    id: "google",
    name: "Google",
    type: "oauth",
    wellKnown: env().AUTH_GOOGLE_WELL_KNOWN,
    authorization: { params: { scope: "openid email profile", prompt: "select_account" } },
    idToken: true,
    checks: ["pkce", "state"],
    clientId,
    clientSecret,
    httpOptions: { timeout: 10_000 },
    // Only addresses that Google has verified get past the signIn callback, so an account with the same
    // address is the same person.
    allowDangerousEmailAccountLinking: true,
    profile: ({ sub, name, email }) => ({ id: sub, name: name ?? null, email }),
  };
}

const linkMinutes = 15;

/** Writes the letter beside the answer, so that its time does not tell whether the address is known. */
function writeLinkMail(email: string, callback: string): void {
  const write = async () => {
    if ((await admissionOf(email)).standing === "unknown") return;
    // Mail scanners open every link; the page behind this one asks for a press before the link is used up.
    const link = `${env().appUrl}/login/link${new URL(callback).search}`;
    await db().transaction((tx) => sendMail(tx, signInLinkMail(email, link, linkMinutes)));
  };
  write().catch((error: unknown) => log().error({ err: error }, "a sign-in link was not written"));
}

function linkProvider(): EmailConfig {
  return {
    id: "email",
    name: "Email",
    type: "email",
    server: "",
    from: "",
    maxAge: linkMinutes * 60,
    options: {},
    sendVerificationRequest: async ({ identifier, url }) => writeLinkMail(identifier, url),
  };
}

/** Whether a proven address may come in; somebody who was only invited so far joins here or in createUser. */
async function admit(visitor: Visitor, provider: string, email: string): Promise<boolean> {
  const { person, standing } = await admissionOf(email);
  if (standing === "unknown") {
    log().info({ provider }, "sign-in refused: neither a member nor invited");
    return false;
  }
  if (standing === "invited" && person) {
    await db().transaction((tx) => joinInvitedWorkspaces(tx, visitor, person, email));
  }
  return true;
}

async function recordUnverified(visitor: Visitor, provider: string, email: string): Promise<void> {
  const { person } = await admissionOf(email);
  if (!person) return;
  await auditSignIn(db(), visitor, person, {
    action: "user.sign_in_failed",
    result: "failure",
    metadata: { method: provider, reason: "email_not_verified" },
  });
}

/** Every address gets the same answer here; whether a letter is written is decided out of sight. */
async function allowLinkRequest(email: string): Promise<true | string> {
  try {
    await countAccountTry(email);
    return true;
  } catch (error) {
    if (error instanceof AppError) return refusedUrl("TooManyTries");
    throw error;
  }
}

/** Only codes and reasons: next-auth hands its logger whole profiles and token answers. */
const logger: LoggerInstance = {
  error: (code, metadata) => {
    const error = metadata instanceof Error ? metadata : metadata.error;
    const reason = error instanceof Error ? error.message : undefined;
    log().warn({ code, reason }, "sign-in");
  },
  warn: (code) => log().warn({ code }, "sign-in"),
  debug: () => undefined,
};

/**
 * next-auth's options for one request. Sessions live 30 days after they were last renewed (once a day); the
 * cookie's name and flags follow APP_URL.
 */
export function authOptions(call: DoorCall): AuthOptions {
  const { AUTH_GOOGLE_CLIENT_ID, AUTH_GOOGLE_CLIENT_SECRET, appUrl } = env();
  const { visitor } = call;
  const ways = signInWays();
  const secure = appUrl.startsWith("https:");
  return {
    adapter: authAdapter(call),
    providers: [
      ...(ways.google
        ? [googleProvider(AUTH_GOOGLE_CLIENT_ID ?? "", AUTH_GOOGLE_CLIENT_SECRET ?? "")]
        : []),
      ...(ways.link ? [linkProvider()] : []),
    ],
    secret: derivedKey("next-auth").toString("base64"),
    useSecureCookies: secure,
    cookies: {
      sessionToken: {
        name: sessionCookieName(),
        options: { httpOnly: true, sameSite: "lax", path: "/", secure },
      },
    },
    session: {
      strategy: "database",
      maxAge: sessionSeconds,
      updateAge: sessionRenewSeconds,
      generateSessionToken: newSessionToken,
    },
    pages: { signIn: "/login", error: "/login", verifyRequest: "/login?sent=1" },
    logger,
    callbacks: {
      redirect: ({ url }) => new URL(appUrl).origin + sameOriginPath(url),
      signIn: async ({ user, account, profile, email }) => {
        const address = user.email?.toLowerCase();
        if (!address || !account) return refusedUrl("NotInvited");
        if (email?.verificationRequest) return allowLinkRequest(address);
        const { provider } = account;
        if (provider === "google" && Reflect.get(profile ?? {}, "email_verified") !== true) {
          await recordUnverified(visitor, provider, address);
          return refusedUrl("EmailNotVerified");
        }
        return (await admit(visitor, provider, address)) || refusedUrl("NotInvited");
      },
    },
  };
}
