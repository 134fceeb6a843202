import { Bot } from "lucide-react";
import type { Metadata } from "next";
import { NoAccess } from "@/app/(app)/no-access";
import { requireSession } from "@/app/(app)/require-session";
import { readAccountChoices } from "@/app/(app)/settings/integrations/api/service-accounts/choices";
import { CreateServiceAccount } from "@/app/(app)/settings/integrations/api/service-accounts/create-service-account";
import { PlanNotice } from "@/app/(app)/settings/integrations/api/service-accounts/plan-notice";
import { ServiceAccountTable } from "@/app/(app)/settings/integrations/api/service-accounts/service-account-table";
import { ViewOnly } from "@/app/(app)/settings/view-only";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { hasGrant } from "@/lib/auth/roles";
import { contextOf } from "@/lib/http/action";
import { PLANS } from "@/lib/plans/plans";
import { listServiceAccounts } from "@/lib/service-accounts/service";

export const metadata: Metadata = { title: "Service accounts" };

export default async function ServiceAccountsPage() {
  const session = await requireSession();
  if (!hasGrant(session.grants, "api-keys:read", "all"))
    return <NoAccess title="Service accounts" what="service accounts" />;
  const ctx = await contextOf(session);
  const plan = PLANS[session.workspace.plan];
  const mayManage = hasGrant(session.grants, "api-keys:create", "all");
  const mayCreate = mayManage && plan.serviceAccounts;
  const [accounts, choices] = await Promise.all([
    listServiceAccounts(ctx),
    mayCreate ? readAccountChoices(ctx) : null,
  ]);
  return (
    <>
      <PageHeader
        title="Service accounts"
        description="A program that acts under a name of its own, with API tokens or an OAuth client. It belongs to the workspace, not to the person who made it, and signs in nowhere."
        aside={mayManage ? undefined : <ViewOnly />}
        actions={choices === null ? undefined : <CreateServiceAccount choices={choices} />}
      />
      {plan.serviceAccounts ? null : (
        <PlanNotice plan={plan.label} hasAccounts={accounts.length > 0} />
      )}
      {accounts.length > 0 ? <ServiceAccountTable accounts={accounts} /> : null}
      {accounts.length === 0 && plan.serviceAccounts ? (
        <EmptyState icon={Bot} title="No service accounts yet">
          {mayCreate
            ? "Create one for each program that works with this workspace, then give it an API token."
            : "An admin of the workspace can create one."}
        </EmptyState>
      ) : null}
    </>
  );
}
