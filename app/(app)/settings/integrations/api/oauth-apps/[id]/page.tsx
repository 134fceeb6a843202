import type { Metadata } from "next";
import { cache } from "react";
import { NoAccess } from "@/app/(app)/no-access";
import { readOrNotFound } from "@/app/(app)/read-or-not-found";
import { requireSession } from "@/app/(app)/require-session";
import { ConnectionFacts } from "@/app/(app)/settings/integrations/api/oauth-apps/[id]/connection-facts";
import { EditOAuthApp } from "@/app/(app)/settings/integrations/api/oauth-apps/[id]/edit-oauth-app";
import { OAuthLogo } from "@/app/(app)/settings/integrations/api/oauth-apps/[id]/oauth-logo";
import { OAuthSecrets } from "@/app/(app)/settings/integrations/api/oauth-apps/[id]/oauth-secrets";
import { StopOAuthApp } from "@/app/(app)/settings/integrations/api/oauth-apps/[id]/stop-oauth-app";
import { UsageCard } from "@/app/(app)/settings/integrations/api/oauth-apps/[id]/usage-card";
import {
  authenticationWords,
  kindWords,
} from "@/app/(app)/settings/integrations/api/oauth-apps/words";
import { ViewOnly } from "@/app/(app)/settings/view-only";
import { AppMark } from "@/components/oauth/app-mark";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { DataList } from "@/components/ui/data-list";
import { Notice } from "@/components/ui/notice";
import { PageHeader } from "@/components/ui/page-header";
import { RelativeTime } from "@/components/ui/relative-time";
import { Status } from "@/components/ui/status";
import { hasGrant } from "@/lib/auth/roles";
import { SCOPES } from "@/lib/auth/scopes";
import { env } from "@/lib/core/env";
import { contextOf } from "@/lib/http/action";
import { getOAuthApp, readOAuthAppUsage } from "@/lib/oauth-server/apps";
import { logoBytesMax } from "@/lib/oauth-server/logo";
import { logoUrlOf, type OAuthAppUsage, type OAuthAppView } from "@/lib/oauth-server/schema";

interface OAuthAppPageProps {
  readonly params: Promise<{ readonly id: string }>;
}

interface PageData {
  readonly app: OAuthAppView;
  readonly usage: OAuthAppUsage;
  readonly mayChange: boolean;
  readonly mayEnd: boolean;
}

/** Read once a request, for the title and the page; null for somebody who may not see apps. */
const pageOf = cache(async (id: string): Promise<PageData | null> => {
  const session = await requireSession();
  if (!hasGrant(session.grants, "api-keys:read", "all")) return null;
  const ctx = await contextOf(session);
  const app = await readOrNotFound(id, (known) => getOAuthApp(ctx, known));
  return {
    app,
    usage: await readOAuthAppUsage(ctx, id),
    mayChange: hasGrant(session.grants, "api-keys:create", "all"),
    mayEnd: hasGrant(session.grants, "api-keys:delete", "all"),
  };
});

export async function generateMetadata({ params }: OAuthAppPageProps): Promise<Metadata> {
  return { title: (await pageOf((await params).id))?.app.name ?? "OAuth apps" };
}

export default async function OAuthAppPage({ params }: OAuthAppPageProps) {
  const data = await pageOf((await params).id);
  if (data === null) return <NoAccess title="OAuth apps" what="OAuth apps" />;
  const { app, usage, mayChange, mayEnd } = data;
  const logo = logoUrlOf(app);
  return (
    <>
      <PageHeader
        title={
          <span className="flex min-w-0 items-center gap-3">
            <AppMark name={app.name} logoUrl={logo} size="md" />
            <span className="min-w-0 break-words">{app.name}</span>
          </span>
        }
        description={app.description === "" ? undefined : app.description}
        aside={
          <>
            <Status kind={app.status} />
            {mayChange || mayEnd ? null : <ViewOnly />}
          </>
        }
        actions={mayChange ? <EditOAuthApp app={app} /> : undefined}
      />
      <div className="flex max-w-3xl flex-col gap-5">
        {app.status === "disabled" ? (
          <Notice tone="warning" title="This app is disabled">
            Its tokens are refused, and nobody can connect it.{" "}
            {mayChange ? "Enable it at the foot of this page." : "An admin can enable it."}
          </Notice>
        ) : null}
        <Details app={app} />
        {app.authentication === "secret" ? (
          <OAuthSecrets app={app} mayAdd={mayChange} mayRemove={mayEnd} />
        ) : null}
        {app.authentication === "private_key_jwt" ? <Keys app={app} /> : null}
        {mayChange ? (
          <OAuthLogo appId={app.id} name={app.name} src={logo} maxBytes={logoBytesMax} />
        ) : null}
        <ConnectionFacts app={app} issuer={env().appUrl} />
        <UsageCard app={app} usage={usage} />
        {mayChange || mayEnd ? (
          <StopOAuthApp app={app} mayDisable={mayChange} mayDelete={mayEnd} />
        ) : null}
      </div>
    </>
  );
}

function Details({ app }: { readonly app: OAuthAppView }) {
  return (
    <Card>
      <CardHeader title="Details" />
      <CardBody>
        <DataList
          items={[
            { term: "Type", value: kindWords[app.kind].label },
            { term: "Authentication", value: authenticationWords[app.authentication].label },
            {
              term: "Redirect URIs",
              value: (
                <ul className="font-mono text-sm">
                  {app.redirectUris.map((uri) => (
                    <li key={uri} className="break-all">
                      {uri}
                    </li>
                  ))}
                </ul>
              ),
            },
            {
              term: "May ask for",
              value: (
                <ul>
                  {app.scopes.map((scope) => (
                    <li key={scope}>
                      {SCOPES[scope].title}{" "}
                      <code className="font-mono text-ink-muted text-xs">{scope}</code>
                    </li>
                  ))}
                </ul>
              ),
            },
            {
              term: "Sharing",
              value: app.isShared ? "Other workspaces may connect it" : "This workspace only",
            },
            {
              term: "Created",
              value: (
                <>
                  <RelativeTime value={app.createdAt} format="date" />
                  {app.registration === "dynamic" ? ", registered by a program" : null}
                </>
              ),
            },
          ]}
        />
      </CardBody>
    </Card>
  );
}

function Keys({ app }: { readonly app: OAuthAppView }) {
  return (
    <Card>
      <CardHeader
        title="Public keys"
        description="The app signs its token requests with one of the private keys that belong to these. To change over without a gap, edit the app and paste the old and the new key together."
      />
      <CardBody>
        <ul className="divide-y">
          {app.keys.map((key, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: keys need no id and are replaced together
            <li key={index} className="py-2 text-base">
              {key.kind}
              {key.alg === null ? null : `, ${key.alg}`}
              {key.kid === null ? null : (
                <code className="block break-all font-mono text-ink-muted text-xs">{key.kid}</code>
              )}
            </li>
          ))}
        </ul>
      </CardBody>
    </Card>
  );
}
