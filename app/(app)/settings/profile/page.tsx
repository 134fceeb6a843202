import { Monitor } from "lucide-react";
import type { Metadata } from "next";
import { requireSession } from "@/app/(app)/require-session";
import { MyApps } from "@/app/(app)/settings/integrations/api/authorised-apps/my-apps";
import { NameForm, PasswordForm, SessionButtons } from "@/app/(app)/settings/profile/profile-forms";
import { currentVisitor } from "@/app/(auth)/current-visitor";
import { Badge } from "@/components/ui/badge";
import { Card, CardBody, CardFooter, CardHeader } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { RelativeTime } from "@/components/ui/relative-time";
import { deviceName } from "@/lib/auth/device-name";
import { contextOf } from "@/lib/http/action";
import { listMySessions, type MySession, readProfile } from "@/lib/members/profile";
import { listMyApps } from "@/lib/oauth-server/authorised-apps";

export const metadata: Metadata = { title: "Profile" };

export default async function ProfilePage() {
  const session = await requireSession();
  const ctx = await contextOf(session);
  const { sessionToken } = await currentVisitor();
  const profile = await readProfile(ctx);
  const [sessions, apps] = await Promise.all([listMySessions(ctx, sessionToken), listMyApps(ctx)]);
  return (
    <>
      <PageHeader title="Profile" description="Who you are here, and where you are signed in." />
      <div className="flex max-w-2xl flex-col gap-6">
        <Card>
          <CardHeader title="You" description="Others in the workspace see your name." />
          <CardBody>
            <NameForm name={profile.name} email={profile.email} />
          </CardBody>
        </Card>
        <Card>
          <CardHeader title="Password" />
          <CardBody>
            {profile.hasPassword ? (
              <PasswordForm email={profile.email} />
            ) : (
              <p className="text-base text-ink-muted">
                Your account has no password: you sign in with Google or with a link by mail.
              </p>
            )}
          </CardBody>
        </Card>
        <Card>
          <CardHeader
            title="Sessions"
            description="A session ends by itself 30 days after you were last here."
          />
          <CardBody>
            <ul className="divide-y">
              {sessions.map((entry, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: sessions have no id that may leave the server
                <SessionLine key={index} {...entry} />
              ))}
            </ul>
          </CardBody>
          <CardFooter className="justify-start">
            <SessionButtons others={sessions.length - 1} />
          </CardFooter>
        </Card>
        <section id="authorised-apps" aria-labelledby="authorised-apps-title">
          <h2 id="authorised-apps-title" className="font-semibold text-base">
            Authorised apps
          </h2>
          <p className="mt-0.5 pb-3 text-ink-muted text-sm">
            Apps that you allowed to use your data, in all your workspaces.
          </p>
          <MyApps rows={apps} />
        </section>
      </div>
    </>
  );
}

function SessionLine({ isCurrent, userAgent, ip, startedAt }: MySession) {
  return (
    <li className="flex items-center gap-3 py-2.5">
      <Monitor aria-hidden className="size-4 shrink-0 text-ink-faint" />
      <div className="min-w-0 flex-1">
        <p className="truncate font-medium text-base">{deviceName(userAgent)}</p>
        <p className="text-ink-muted text-sm">
          {ip ?? "Unknown address"} · since <RelativeTime value={startedAt.toISOString()} />
        </p>
      </div>
      {isCurrent ? <Badge tone="brand">This browser</Badge> : null}
    </li>
  );
}
