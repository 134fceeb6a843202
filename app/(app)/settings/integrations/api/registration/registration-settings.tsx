import { RegistrationControls } from "@/app/(app)/settings/integrations/api/registration/registration-controls";
import { Notice } from "@/components/ui/notice";
import type { Context } from "@/lib/auth/principal";
import { hasGrant } from "@/lib/auth/roles";
import { env } from "@/lib/core/env";
import { readRegistration } from "@/lib/oauth-server/registration-tokens";
import { PLANS } from "@/lib/plans/plans";

/** Whether programs may register OAuth apps here, and their tokens: a section that reads what it shows. */
export async function RegistrationSettings({ ctx }: { readonly ctx: Context }) {
  const { grants, plan: planName } = ctx.principal;
  const plan = PLANS[planName];
  const { isAllowed, tokens } = await readRegistration(ctx);
  return (
    <section aria-labelledby="registration-heading">
      <h2 id="registration-heading" className="pb-1 font-semibold text-lg">
        Registration by programs
      </h2>
      <p className="max-w-2xl pb-4 text-ink-muted text-sm">
        A program that holds a registration token can make OAuth apps in this workspace by itself
        (RFC 7591). They count for the plan, and other workspaces cannot connect them until you
        share them.
      </p>
      {plan.oauthAppsMax === 0 ? (
        <Notice title="OAuth apps are part of the Max and Enterprise plans" className="mb-4">
          This workspace is on the {plan.label} plan, so no app can be registered.
        </Notice>
      ) : null}
      <RegistrationControls
        isAllowed={isAllowed}
        tokens={tokens}
        endpoint={`${env().appUrl}/oauth/register`}
        mayCreate={hasGrant(grants, "api-keys:create", "all")}
        maySwitchOn={plan.oauthAppsMax > 0}
        mayRevoke={hasGrant(grants, "api-keys:delete", "all")}
      />
    </section>
  );
}
