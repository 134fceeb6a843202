import { authenticationsOf } from "@/app/(app)/settings/integrations/api/oauth-apps/words";
import type { Scope } from "@/lib/auth/scopes";
import type { OAuthAppInput, OAuthAppView } from "@/lib/oauth-server/schema";

/** What the form holds; one text for each address, also for one that is still empty. */
export interface OAuthAppDraft {
  readonly name: string;
  readonly description: string;
  readonly kind: OAuthAppView["kind"];
  readonly authentication: OAuthAppView["authentication"];
  readonly jwks: string;
  readonly redirectUris: readonly string[];
  readonly scopes: readonly Scope[];
  readonly isShared: boolean;
}

const emptyDraft: OAuthAppDraft = {
  name: "",
  description: "",
  kind: "web",
  authentication: "secret",
  jwks: "",
  redirectUris: [""],
  scopes: [],
  isShared: false,
};

/** The form of a new app, or of one that is there; its keys are never filled in. */
export function draftOf(app: OAuthAppView | null): OAuthAppDraft {
  return app === null ? emptyDraft : { ...app, jwks: "" };
}

/** A kind of app with a way of authenticating that fits it: the first one unless the chosen one does. */
export function withKind(draft: OAuthAppDraft, kind: OAuthAppView["kind"]): OAuthAppDraft {
  const [first = "secret", ...others] = authenticationsOf[kind];
  const keeps = kind === "web" && others.includes(draft.authentication);
  return { ...draft, kind, authentication: keeps ? draft.authentication : first };
}

/** The draft without addresses that were left empty, so that a refusal stands beside the right one. */
export function tidied(draft: OAuthAppDraft): OAuthAppDraft {
  const filled = draft.redirectUris.map((uri) => uri.trim()).filter((uri) => uri !== "");
  return { ...draft, redirectUris: filled.length === 0 ? [""] : filled };
}

/** The draft as the service takes it. */
export function inputOf(draft: OAuthAppDraft): OAuthAppInput {
  const jwks = draft.jwks.trim();
  return {
    name: draft.name,
    description: draft.description,
    kind: draft.kind,
    authentication: draft.authentication,
    jwks: draft.authentication === "private_key_jwt" && jwks !== "" ? jwks : null,
    redirect_uris: draft.redirectUris.filter((uri) => uri !== ""),
    scopes: [...draft.scopes],
    is_shared: draft.isShared,
  };
}
