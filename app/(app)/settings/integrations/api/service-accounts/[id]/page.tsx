import type { Metadata } from "next";
import { cache } from "react";
import { NoAccess } from "@/app/(app)/no-access";
import { readOrNotFound } from "@/app/(app)/read-or-not-found";
import { requireSession } from "@/app/(app)/require-session";
import { ApiKeys } from "@/app/(app)/settings/integrations/api/api-keys";
import { keyPlanOf } from "@/app/(app)/settings/integrations/api/key-plan";
import { AccountActions } from "@/app/(app)/settings/integrations/api/service-accounts/[id]/account-actions";
import { AccountClients } from "@/app/(app)/settings/integrations/api/service-accounts/[id]/account-clients";
import { readAccountChoices } from "@/app/(app)/settings/integrations/api/service-accounts/choices";
import { PlanNotice } from "@/app/(app)/settings/integrations/api/service-accounts/plan-notice";
import { ViewOnly } from "@/app/(app)/settings/view-only";
import { DataList } from "@/components/ui/data-list";
import { Notice } from "@/components/ui/notice";
import { PageHeader } from "@/components/ui/page-header";
import type { PageSearchParams } from "@/components/ui/query-string";
import { RelativeTime } from "@/components/ui/relative-time";
import { Status } from "@/components/ui/status";
import { listApiKeys } from "@/lib/api-keys/service";
import type { Context } from "@/lib/auth/principal";
import { hasGrant } from "@/lib/auth/roles";
import { env } from "@/lib/core/env";
import { contextOf } from "@/lib/http/action";
import { listServiceClients } from "@/lib/oauth-server/service-clients";
import { PLANS } from "@/lib/plans/plans";
import type { ServiceAccountView } from "@/lib/service-accounts/schema";
import { getServiceAccount } from "@/lib/service-accounts/service";

interface ServiceAccountPageProps {
  readonly params: Promise<{ readonly id: string }>;
  readonly searchParams: Promise<PageSearchParams>;
}

interface PageData {
  readonly ctx: Context;
  readonly account: ServiceAccountView;
}

/** Read once a request, for the title and the page; null for somebody who may not see service accounts. */
const pageOf = cache(async (id: string): Promise<PageData | null> => {
  const session = await requireSession();
  if (!hasGrant(session.grants, "api-keys:read", "all")) return null;
  const ctx = await contextOf(session);
  const account = await readOrNotFound(id, (known) => getServiceAccount(ctx, known));
  return { ctx, account };
});

export async function generateMetadata({ params }: ServiceAccountPageProps): Promise<Metadata> {
  return { title: (await pageOf((await params).id))?.account.name ?? "Service accounts" };
}

export default async function ServiceAccountPage(props: ServiceAccountPageProps) {
  const data = await pageOf((await props.params).id);
  if (data === null) return <NoAccess title="Service accounts" what="service accounts" />;
  const { ctx, account } = data;
  const { grants, plan: planName } = ctx.principal;
  const plan = PLANS[planName];
  const mayManage = hasGrant(grants, "api-keys:create", "all");
  const mayCreate = mayManage && plan.serviceAccounts;
  const mayDelete = hasGrant(grants, "api-keys:delete", "all");
  const { revoked } = await props.searchParams;
  const [tokens, clients, choices] = await Promise.all([
    listApiKeys(ctx, { withRevoked: revoked === "1", serviceAccountId: account.id }),
    listServiceClients(ctx, account.id),
    mayCreate ? readAccountChoices(ctx) : null,
  ]);
  return (
    <>
      <PageHeader
        title={account.name}
        description={account.description === "" ? undefined : account.description}
        aside={
          <>
            <Status kind={account.status} />
            {mayManage ? null : <ViewOnly />}
          </>
        }
        actions={
          mayManage ? (
            <AccountActions account={account} choices={choices} mayDelete={mayDelete} />
          ) : undefined
        }
      />
      {plan.serviceAccounts ? null : <PlanNotice plan={plan.label} hasAccounts />}
      {account.status === "disabled" ? (
        <Notice tone="warning" title="This account is disabled" className="mb-4">
          Every token and client below is refused until it is enabled again.
        </Notice>
      ) : null}
      <DataList
        layout="grid"
        className="pb-8"
        items={[
          { term: "Role", value: account.role.name },
          {
            term: "Teams",
            value:
              account.teams.length === 0 ? null : account.teams.map(({ name }) => name).join(", "),
          },
          {
            term: "Created",
            value: (
              <>
                <RelativeTime value={account.createdAt} format="date" />
                {account.createdBy === null ? null : ` by ${account.createdBy}`}
              </>
            ),
          },
          {
            term: "Last used",
            value:
              account.lastUsedAt === null ? "Never" : <RelativeTime value={account.lastUsedAt} />,
          },
        ]}
      />
      <section aria-labelledby="tokens-heading" className="pb-10">
        <h2 id="tokens-heading" className="pb-1 font-semibold text-lg">
          API tokens
        </h2>
        <p className="max-w-2xl pb-4 text-ink-muted text-sm">
          The simplest way in: an API key of this account. It goes on working when the person who
          made it leaves.
        </p>
        <ApiKeys
          keys={tokens}
          roles={[]}
          account={{ id: account.id }}
          appUrl={env().appUrl}
          plan={keyPlanOf(planName)}
          mayCreate={mayCreate}
          mayRevoke={mayDelete}
        />
      </section>
      <section aria-labelledby="clients-heading">
        <h2 id="clients-heading" className="pb-1 font-semibold text-lg">
          OAuth clients
        </h2>
        <p className="max-w-2xl pb-4 text-ink-muted text-sm">
          For programs that speak OAuth 2.0: a client exchanges its secret, or a signature of its
          own key, for access tokens that work for an hour (client credentials).
        </p>
        <AccountClients
          accountId={account.id}
          clients={clients}
          appUrl={env().appUrl}
          mayCreate={mayCreate}
          mayManage={mayManage}
          mayDelete={mayDelete}
        />
      </section>
    </>
  );
}
