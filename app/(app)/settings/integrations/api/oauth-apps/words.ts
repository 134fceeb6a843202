import type { OAuthAppInput, OAuthAppView } from "@/lib/oauth-server/schema";

export const oauthAppsHref = "/settings/integrations/api/oauth-apps";
export const oauthAppHref = (id: string) => `${oauthAppsHref}/${id}`;

interface Choice {
  readonly label: string;
  readonly description: string;
}

export const kindWords: Readonly<Record<OAuthAppView["kind"], Choice>> = {
  web: {
    label: "Web",
    description: "Runs on a server of yours, where a secret or a private key stays hidden.",
  },
  native: {
    label: "Native",
    description:
      "Runs on people’s own machines: desktop, mobile, command line. A loopback address matches any port.",
  },
};

export const authenticationWords: Readonly<Record<OAuthAppView["authentication"], Choice>> = {
  secret: {
    label: "Secret",
    description: "Harmony makes it and shows it once; your server sends it with token requests.",
  },
  none: {
    label: "None",
    description: "For apps that cannot keep a secret. PKCE alone protects the sign-in.",
  },
  private_key_jwt: {
    label: "Public key",
    description:
      "Your server signs each token request with its private key (private_key_jwt); Harmony keeps the public one.",
  },
};

/** Which ways of authenticating an app of a kind may have. What people install keeps no secret. */
export const authenticationsOf: Readonly<
  Record<OAuthAppView["kind"], readonly OAuthAppView["authentication"][]>
> = {
  web: ["secret", "private_key_jwt"],
  native: ["none", "secret", "private_key_jwt"],
};

/** What an access opens, for the person who makes the app. */
export const scopeWords: Readonly<Record<OAuthAppInput["scopes"][number], string>> = {
  "meetings:read":
    "Titles, people, transcripts, summaries and action items of meetings that the person can see.",
  "meetings:write":
    "Adds recordings and transcripts as new meetings of the person; changes and deletes nothing.",
  "contacts:read":
    "Names, addresses and companies of contacts in meetings that the person can see.",
  "insights:read": "Questions and their answers about meetings that the person can see.",
};
