import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { AuthFrame } from "@/app/(auth)/auth-frame";
import { SetUpForm } from "@/app/setup/set-up-form";
import { Notice } from "@/components/ui/notice";
import { env } from "@/lib/core/env";
import { needsSetUp } from "@/lib/workspaces/set-up";

export const metadata: Metadata = {
  title: "Set up Harmony",
  // The address holds the set-up token.
  referrer: "no-referrer",
  robots: { index: false },
};

interface SetUpPageProps {
  readonly searchParams: Promise<Readonly<Record<string, string | string[] | undefined>>>;
}

/** The first run: there only until the first account exists. */
export default async function SetUpPage({ searchParams }: SetUpPageProps) {
  if (!(await needsSetUp())) notFound();
  const { token } = await searchParams;
  return (
    <AuthFrame
      title="Set up Harmony"
      description="This installation is empty. Make its first workspace; you will be its Admin and can invite everybody else."
    >
      {env().HARMONY_SETUP_TOKEN === undefined ? (
        <Notice tone="warning" title="No set-up token is configured">
          Set HARMONY_SETUP_TOKEN to a long random text and start Harmony again, or make the first
          account with the harmony command.
        </Notice>
      ) : (
        <SetUpForm token={typeof token === "string" ? token : ""} />
      )}
    </AuthFrame>
  );
}
