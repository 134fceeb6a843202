import type { Metadata } from "next";
import { headers } from "next/headers";
import Link from "next/link";
import { requireSession } from "@/app/(app)/require-session";
import { AuthFrame } from "@/app/(auth)/auth-frame";
import { SignOutButton } from "@/app/(auth)/sign-out-button";
import { ConsentForm } from "@/app/oauth/consent/[uid]/consent-form";
import { AppMark } from "@/components/oauth/app-mark";
import { Button } from "@/components/ui/button";
import { AppError } from "@/lib/core/errors";
import { contextOf } from "@/lib/http/action";
import { type ConsentRequest, readConsent } from "@/lib/oauth-server/consent";

export const metadata: Metadata = {
  title: "Connect an app",
  referrer: "no-referrer",
  robots: { index: false },
};

interface ConsentPageProps {
  readonly params: Promise<{ readonly uid: string }>;
}

async function read(uid: string): Promise<ConsentRequest | null> {
  const ctx = await contextOf(await requireSession());
  try {
    return await readConsent(ctx, (await headers()).get("cookie") ?? "", uid);
  } catch (error) {
    if (error instanceof AppError && error.code === "not_found") return null;
    throw error;
  }
}

/** Where an app's request for access leads: who asks, for what, of which workspace. */
export default async function ConsentPage({ params }: ConsentPageProps) {
  const { uid } = await params;
  const session = await requireSession();
  const request = await read(uid);
  if (!request) {
    return (
      <AuthFrame
        title="This request is no longer open"
        description="It was answered, has expired, or belongs to another browser. Go back to the app and connect it again."
      >
        <Button asChild size="lg">
          <Link href="/">Go to Harmony</Link>
        </Button>
      </AuthFrame>
    );
  }
  if (request.mustSignInAgain) {
    return (
      <AuthFrame
        title="Sign in again"
        description={`${request.app.name} asks to see that it is really you. You come back here afterwards.`}
      >
        <SignOutButton label="Sign in again" next={`/oauth/consent/${uid}`} />
      </AuthFrame>
    );
  }
  return (
    <AuthFrame
      title={`${request.app.name} wants to use your Harmony data`}
      description={
        <div className="flex flex-col gap-4">
          <p>
            You are signed in as{" "}
            <strong className="break-words font-medium text-ink">{session.user.email}</strong>.
          </p>
          <div className="flex items-start gap-3">
            <AppMark name={request.app.name} logoUrl={request.app.logoUrl} />
            <div className="min-w-0">
              <p className="break-words">
                Published by{" "}
                <strong className="font-medium text-ink">{request.app.publisher}</strong>
              </p>
              {request.app.description === "" ? null : (
                <p className="break-words text-sm">{request.app.description}</p>
              )}
            </div>
          </div>
        </div>
      }
      footnote={<SignOutButton next={`/oauth/consent/${uid}`} />}
    >
      <ConsentForm request={request} currentWorkspaceId={session.workspace.id} />
    </AuthFrame>
  );
}
