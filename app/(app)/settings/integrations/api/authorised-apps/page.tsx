import { AppWindow } from "lucide-react";
import type { Metadata } from "next";
import type { ReactNode } from "react";
import { z } from "zod";
import { readSearch } from "@/app/(app)/page-search";
import { requireSession } from "@/app/(app)/require-session";
import { readKills } from "@/app/(app)/settings/integrations/api/authorised-apps/actions";
import { AuthorisedAppList } from "@/app/(app)/settings/integrations/api/authorised-apps/authorised-app-list";
import { MyApps } from "@/app/(app)/settings/integrations/api/authorised-apps/my-apps";
import { PolicyCard } from "@/app/(app)/settings/integrations/api/authorised-apps/policy-card";
import { RevokeAll } from "@/app/(app)/settings/integrations/api/authorised-apps/revoke-all";
import { WorkspaceApps } from "@/app/(app)/settings/integrations/api/authorised-apps/workspace-apps";
import { KillProgress } from "@/app/(app)/settings/integrations/api/kill-progress";
import { NoMatch } from "@/components/meetings/no-match";
import { EmptyState } from "@/components/ui/empty-state";
import { FilterSelect } from "@/components/ui/filter-select";
import { formatCount } from "@/components/ui/format";
import { PageHeader } from "@/components/ui/page-header";
import { Pagination } from "@/components/ui/pagination";
import type { PageSearchParams } from "@/components/ui/query-string";
import type { Context } from "@/lib/auth/principal";
import { hasGrant } from "@/lib/auth/roles";
import { contextOf } from "@/lib/http/action";
import { pageQuery } from "@/lib/http/page";
import {
  listWorkspaceApps,
  readOauthPolicy,
  type WorkspaceApp,
} from "@/lib/oauth-server/approvals";
import {
  authorisedPerPage,
  listAuthorisedApps,
  listAuthorisingPeople,
  listMyApps,
} from "@/lib/oauth-server/authorised-apps";
import { listKills } from "@/lib/oauth-server/kills";

export const metadata: Metadata = { title: "Authorised apps" };

const query = z.object({
  page: pageQuery.page,
  app: z.string().max(60).optional(),
  person: z.string().max(60).optional(),
});

interface AuthorisedAppsPageProps {
  readonly searchParams: Promise<PageSearchParams>;
}

export default async function AuthorisedAppsPage(props: AuthorisedAppsPageProps) {
  const session = await requireSession();
  const ctx = await contextOf(session);
  if (!hasGrant(session.grants, "organization:update", "all")) {
    return (
      <>
        <PageHeader
          title="Authorised apps"
          description="Apps that you allowed to use your data. Admins see everybody’s."
        />
        <MyApps rows={await listMyApps(ctx)} />
      </>
    );
  }
  return <AdminPage ctx={ctx} searchParams={await props.searchParams} />;
}

interface AdminPageProps {
  readonly ctx: Context;
  readonly searchParams: PageSearchParams;
}

async function AdminPage({ ctx, searchParams }: AdminPageProps) {
  const [policy, apps, kills, all] = await Promise.all([
    readOauthPolicy(ctx),
    listWorkspaceApps(ctx),
    listKills(ctx, "workspace"),
    listAuthorisedApps(ctx, { page: 1 }),
  ]);
  const waiting = apps.filter(({ approval }) => approval === "pending");
  const others = apps.filter(({ approval }) => approval !== "pending");
  const inUse = apps.filter(({ people }) => people > 0).length;
  return (
    <>
      <PageHeader
        title="Authorised apps"
        description="Apps of third parties in this workspace: which can be connected, who allowed what, and how to end it."
      />
      <KillProgress kills={kills} read={readKills} />
      <div className="flex flex-col gap-8">
        {waiting.length === 0 ? null : (
          <Section id="waiting" title="Waiting for approval">
            <WorkspaceApps apps={waiting} />
          </Section>
        )}
        <PolicyCard policy={policy} />
        {others.length === 0 ? null : (
          <Section id="apps" title="Apps">
            <WorkspaceApps apps={others} />
          </Section>
        )}
        <Section id="people" title="Who allowed what">
          <Allowed ctx={ctx} searchParams={searchParams} apps={apps} />
        </Section>
        <RevokeAll total={all.total} apps={inUse} />
      </div>
    </>
  );
}

interface SectionProps {
  readonly id: string;
  readonly title: string;
  readonly children: ReactNode;
}

function Section({ id, title, children }: SectionProps) {
  return (
    <section aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`} className="pb-3 font-semibold text-lg">
        {title}
      </h2>
      {children}
    </section>
  );
}

interface AllowedProps extends AdminPageProps {
  readonly apps: readonly WorkspaceApp[];
}

async function Allowed({ ctx, searchParams, apps }: AllowedProps) {
  const given = readSearch(query, searchParams);
  if (given === null) {
    return (
      <NoMatch title="These filters cannot be used" clearHref="?">
        The address has a page or filter that does not exist.
      </NoMatch>
    );
  }
  const { page = 1, app: appId, person: userId } = given;
  const [{ rows, total }, people] = await Promise.all([
    listAuthorisedApps(ctx, { appId, userId, page }),
    listAuthorisingPeople(ctx),
  ]);
  if (people.length === 0) {
    return (
      <EmptyState icon={AppWindow} title="No app is connected">
        An app appears here once somebody of this workspace has allowed it to use their data.
      </EmptyState>
    );
  }
  return (
    <>
      <div className="flex flex-wrap gap-2 pb-3">
        <FilterSelect
          label="App"
          param="app"
          options={apps.map(({ id, name }) => ({ value: id, label: name }))}
        />
        <FilterSelect
          label="Person"
          param="person"
          options={people.map(({ id, name }) => ({ value: id, label: name }))}
        />
      </div>
      {rows.length === 0 ? (
        <NoMatch title="Nothing fits" clearHref="?">
          Nobody allowed this, or not any more.
        </NoMatch>
      ) : (
        <AuthorisedAppList rows={rows} about="person" />
      )}
      <Pagination
        page={page}
        perPage={authorisedPerPage}
        total={total}
        searchParams={searchParams}
        summary={formatCount(total, "authorised app")}
        label="Pages of authorised apps"
      />
    </>
  );
}
