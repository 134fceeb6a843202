import { AppWindow } from "lucide-react";
import type { Metadata } from "next";
import { NoAccess } from "@/app/(app)/no-access";
import { requireSession } from "@/app/(app)/require-session";
import { KillProgress } from "@/app/(app)/settings/integrations/api/kill-progress";
import { readKills } from "@/app/(app)/settings/integrations/api/oauth-apps/actions";
import { CreateOAuthApp } from "@/app/(app)/settings/integrations/api/oauth-apps/create-oauth-app";
import { OAuthAppTable } from "@/app/(app)/settings/integrations/api/oauth-apps/oauth-app-table";
import { RegistrationSettings } from "@/app/(app)/settings/integrations/api/registration/registration-settings";
import { ViewOnly } from "@/app/(app)/settings/view-only";
import { EmptyState } from "@/components/ui/empty-state";
import { formatCount, formatNumber } from "@/components/ui/format";
import { Notice } from "@/components/ui/notice";
import { PageHeader } from "@/components/ui/page-header";
import { hasGrant } from "@/lib/auth/roles";
import { contextOf } from "@/lib/http/action";
import { listOAuthApps } from "@/lib/oauth-server/apps";
import { listKills } from "@/lib/oauth-server/kills";
import { PLANS, type PlanName, planNames } from "@/lib/plans/plans";

export const metadata: Metadata = { title: "OAuth apps" };

/** What the workspace's plan says about apps. */
interface AppPlan {
  readonly label: string;
  readonly appsMax: number;
  /** The next plan with more, or null on the largest. */
  readonly largerPlan: string | null;
}

function planOf(name: PlanName): AppPlan {
  const { label, oauthAppsMax: appsMax } = PLANS[name];
  const larger = planNames.find((one) => PLANS[one].oauthAppsMax > appsMax);
  return { label, appsMax, largerPlan: larger ? PLANS[larger].label : null };
}

export default async function OAuthAppsPage() {
  const session = await requireSession();
  if (!hasGrant(session.grants, "api-keys:read", "all"))
    return <NoAccess title="OAuth apps" what="OAuth apps" />;
  const ctx = await contextOf(session);
  const mayManage = hasGrant(session.grants, "api-keys:create", "all");
  const [apps, kills] = await Promise.all([listOAuthApps(ctx), listKills(ctx, "publisher")]);
  const plan = planOf(session.workspace.plan);
  const isIncluded = plan.appsMax > 0;
  return (
    <>
      <PageHeader
        title="OAuth apps"
        description="An app of yours that asks people for access to their Harmony data and calls the API on their behalf, without ever seeing their password or a key."
        aside={mayManage ? undefined : <ViewOnly />}
        actions={
          mayManage && isIncluded ? (
            <CreateOAuthApp isFull={apps.length >= plan.appsMax} />
          ) : undefined
        }
      />
      <KillProgress kills={kills} read={readKills} />
      <PlanNote plan={plan} used={apps.length} mayManage={mayManage} />
      {apps.length > 0 ? <OAuthAppTable apps={apps} /> : null}
      {apps.length === 0 && isIncluded ? (
        <EmptyState icon={AppWindow} title="No OAuth apps yet">
          {mayManage
            ? "Create one to get a client ID. Your app then sends people to Harmony, where they see what it asks for and allow it."
            : "An admin of the workspace can create one."}
        </EmptyState>
      ) : null}
      {isIncluded ? <RegistrationSettings ctx={ctx} /> : null}
    </>
  );
}

interface PlanNoteProps {
  readonly plan: AppPlan;
  readonly used: number;
  readonly mayManage: boolean;
}

/** How many the plan has room for, and what to do where it has none. */
function PlanNote({ plan, used, mayManage }: PlanNoteProps) {
  const { label, appsMax, largerPlan } = plan;
  if (appsMax === 0) {
    return (
      <Notice
        tone="info"
        title={`Making OAuth apps is part of the ${largerPlan} plan`}
        className="mb-4"
      >
        This workspace is on the {label} plan. Its people can connect apps that others publish; to
        publish one of your own, move to the {largerPlan} plan. API keys work on every plan.
      </Notice>
    );
  }
  return (
    <>
      <p className="pb-4 text-ink-muted text-sm tabular-nums">
        {formatNumber(used)} of {formatNumber(appsMax)} used on the {label} plan
      </p>
      {mayManage && used >= appsMax ? (
        <Notice tone="warning" title="Every OAuth app of the plan is in use" className="mb-4">
          The {label} plan includes {formatCount(appsMax, "OAuth app")}. Delete one that is no
          longer needed{largerPlan === null ? "" : `, or move to the ${largerPlan} plan`}.
        </Notice>
      ) : null}
    </>
  );
}
