import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { AuthFrame } from "@/app/(auth)/auth-frame";
import { currentVisitor } from "@/app/(auth)/current-visitor";
import { type DemoPerson, DemoSignIn } from "@/app/(auth)/login/demo-sign-in";
import { LoginForm, Or } from "@/app/(auth)/login/login-form";
import { refusalOf } from "@/app/(auth)/login/refusals";
import { FormError } from "@/components/ui/form-error";
import { DEMO_USERS } from "@/db/demo-users";
import { accountOfSession } from "@/lib/auth/account-of-session";
import { signInWays } from "@/lib/auth/next-auth";
import { BUILT_IN_ROLES } from "@/lib/auth/roles";
import { sameOriginPath } from "@/lib/auth/same-origin-path";
import { demoRoles } from "@/lib/auth/sign-in";
import { env } from "@/lib/core/env";
import { needsSetUp } from "@/lib/workspaces/set-up";

export const metadata: Metadata = { title: "Sign in" };

type Query = Readonly<Record<string, string | string[] | undefined>>;

function single(query: Query, name: string): string | null {
  const value = query[name];
  return typeof value === "string" ? value : null;
}

const demoPeople: readonly DemoPerson[] = demoRoles.map((role) => ({
  role,
  roleName: BUILT_IN_ROLES[role].name,
  name: DEMO_USERS[role].name,
}));

export default async function LoginPage(props: { readonly searchParams: Promise<Query> }) {
  const query = await props.searchParams;
  if (await needsSetUp()) redirect("/setup");
  // next-auth names the place to return to `callbackUrl`.
  const next = sameOriginPath(single(query, "next") ?? single(query, "callbackUrl"));
  const { sessionToken } = await currentVisitor();
  if (await accountOfSession(sessionToken)) redirect(next);
  const { demo, demoNeedsPassword, mailConfigured, SUPPORT_EMAIL } = env();
  return (
    <AuthFrame
      title="Sign in to Harmony"
      description="Your meetings, and what they led to."
      footnote={
        <>
          No account? Ask an admin of your workspace to invite you. Help:{" "}
          <a href={`mailto:${SUPPORT_EMAIL}`} className="underline underline-offset-4">
            {SUPPORT_EMAIL}
          </a>
        </>
      }
    >
      <FormError error={refusalOf(single(query, "error"))} />
      {demo ? (
        <>
          <DemoSignIn people={demoPeople} needsPassword={demoNeedsPassword} next={next} />
          <Or>or with an account of your own</Or>
        </>
      ) : null}
      <LoginForm
        next={next}
        ways={signInWays()}
        linkSent={single(query, "sent") === "1"}
        keptMailHref={demo && !mailConfigured ? "/dev/mail" : null}
      />
    </AuthFrame>
  );
}
