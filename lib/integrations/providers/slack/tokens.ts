import { z } from "zod";
import { type Fault, ProviderError, type TokenReply } from "@/lib/integrations/contract";
import { refuseOrgInstall } from "@/lib/integrations/providers/slack/calls";
import { classify } from "@/lib/integrations/providers/slack/classify";

const granted = z.object({
  ok: z.literal(true),
  access_token: z.string().min(1),
  scope: z.string().optional(),
  // Both only where the app has token rotation switched on.
  refresh_token: z.string().min(1).optional(),
  expires_in: z.number().positive().optional(),
  is_enterprise_install: z.boolean().optional(),
});

const operatorErrors = new Set([
  "bad_client_secret",
  "invalid_client_id",
  "bad_redirect_uri",
  "oauth_authorization_url_mismatch",
  "invalid_grant_type",
  "pkce_not_allowed",
  "no_scopes",
]);

/** Words of oauth.v2.access that no other method has. */
function tokenFault(error: string): Fault | null {
  if (error === "invalid_refresh_token") return { kind: "reauth", reason: "token_expired" };
  if (error === "invalid_code") {
    return {
      kind: "rejected",
      code: "invalid_value",
      detail: "Slack no longer knows this sign-in. Connect again",
    };
  }
  if (error === "cannot_install_an_org_installed_app")
    return {
      kind: "forbidden",
      detail:
        "Harmony is already installed for the whole Slack organisation. Ask its admin to install it in one workspace instead",
    };
  if (operatorErrors.has(error)) {
    return {
      kind: "rejected",
      code: "invalid_value",
      detail: `Slack said ${error}: the app's credentials or addresses in this installation are wrong`,
    };
  }
  return null;
}

const refused = z.object({ ok: z.literal(false), error: z.string() });

/** Reads oauth.v2.access, which refuses with status 200 and `ok: false`. */
export function readTokenReply(answer: { status: number; body: unknown }): TokenReply {
  const no = refused.safeParse(answer.body);
  if (no.success) {
    const fault = tokenFault(no.data.error) ?? classify({ ...answer, headers: {} });
    throw new ProviderError(
      "slack",
      fault ?? { kind: "transient", detail: `Slack said ${no.data.error}` },
    );
  }
  const yes = granted.safeParse(answer.body);
  if (!yes.success) {
    throw new ProviderError("slack", {
      kind: "transient",
      detail: `Slack answered the sign-in with status ${answer.status} and a body that is not a token`,
    });
  }
  if (yes.data.is_enterprise_install === true) refuseOrgInstall();
  return {
    accessToken: yes.data.access_token,
    refreshToken: yes.data.refresh_token ?? null,
    expiresInSeconds: yes.data.expires_in ?? null,
    refreshExpiresInSeconds: null,
    scopes: yes.data.scope === undefined ? null : yes.data.scope.split(","),
  };
}
