import { RegistrationControls } from "@/app/(app)/settings/integrations/api/registration/registration-controls";
import type { Context } from "@/lib/auth/principal";
import { hasGrant } from "@/lib/auth/roles";
import { env } from "@/lib/core/env";
import { readRegistration } from "@/lib/oauth-server/registration-tokens";

/** Whether programs may register OAuth apps here, and their tokens: a section that reads what it shows. */
export async function RegistrationSettings({ ctx }: { readonly ctx: Context }) {
  const { grants } = ctx.principal;
  const { isAllowed, tokens } = await readRegistration(ctx);
  return (
    <section aria-labelledby="registration-heading" className="pt-10">
      <h2 id="registration-heading" className="pb-1 font-semibold text-lg">
        Registration by programs
      </h2>
      <p className="max-w-2xl pb-4 text-ink-muted text-sm">
        A program that holds a registration token can make OAuth apps in this workspace by itself
        (RFC 7591). They count for the plan, and other workspaces cannot connect them until you
        share them.
      </p>
      <RegistrationControls
        isAllowed={isAllowed}
        tokens={tokens}
        endpoint={`${env().appUrl}/oauth/register`}
        mayCreate={hasGrant(grants, "api-keys:create", "all")}
        mayRevoke={hasGrant(grants, "api-keys:delete", "all")}
      />
    </section>
  );
}
