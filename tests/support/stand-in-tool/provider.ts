import { z } from "zod";
import { safeEqual } from "@/lib/core/crypto";
import type { Provider } from "@/lib/integrations/contract";
import { registerProvider } from "@/lib/integrations/registry";
import { clientId, clientSecret } from "./server";

// The stand-in tool as a provider: nothing but the standard, so that what a test sees is the engine's doing.

const reply = z.object({
  access_token: z.string(),
  refresh_token: z.string().optional(),
  expires_in: z.number().optional(),
  refresh_token_expires_in: z.number().optional(),
  scope: z.string().optional(),
});

const hookBody = z.object({
  id: z.string(),
  account: z.string(),
  what: z.enum(["changed", "ended", "rooms"]),
  bot: z.string().optional(),
});

type Slug = `stand_in_${string}`;

function definition(slug: Slug, url: string, changes: Partial<Provider>): Provider {
  const at = (path: string) => ({ url: `${url}${path}`, sandboxPath: path });
  return {
    slug,
    name: "Stand-in",
    category: "project_management",
    scope: "workspace",
    purpose: "Tests",
    envPrefix: slug.toUpperCase(),
    urls: {
      authorize: at("/authorize"),
      token: at("/token"),
      revoke: at("/revoke"),
      api: at("/api"),
    },
    auth: {
      kind: "oauth2",
      scopeSeparator: " ",
      pkce: true,
      sendsResponseType: true,
      clientAuth: "body",
      tokenRequest: "form",
      refresh: "rotating",
      loginHintParam: "login_hint",
      baseScopes: ["me"],
      readTokenReply: ({ body }) => {
        const read = reply.parse(body);
        return {
          accessToken: read.access_token,
          refreshToken: read.refresh_token ?? null,
          expiresInSeconds: read.expires_in ?? null,
          refreshExpiresInSeconds: read.refresh_token_expires_in ?? null,
          scopes: read.scope === undefined ? null : read.scope.split(" "),
        };
      },
      revoke: async ({ accessToken, isShared, postForm }) => {
        if (!isShared) await postForm("revoke", { token: accessToken });
      },
    },
    scopeWords: { me: "See whose account it is", "tasks.write": "Create tasks" },
    identify: async (session) => {
      const { body } = await session.http.request({
        path: "/me",
        schema: z.object({ id: z.string(), name: z.string() }),
      });
      return { accountId: body.id, label: body.name, facts: { bot: `B-${body.id}` } };
    },
    capabilities: {
      action_item: {
        push: {
          scopes: ["tasks.write"],
          apply: async () => await Promise.reject(new Error("not of these tests")),
        },
      },
    },
    dataOptions: {
      meeting_data: { off: "It keeps tasks only", default: false },
      action_items: { what: "Tasks", default: true },
      contacts: { off: "It has no contacts", default: false },
      notes: { what: "Notes", default: false },
    },
    wants: ({ data }) => [...(data.action_items ? (["action_item.changed"] as const) : []), "test"],
    directions: ["one_way", "two_way"],
    frequencies: ["realtime", "hourly", "daily", "manual"],
    defaultFrequency: "realtime",
    canBackfill: false,
    settings: [
      {
        key: "room",
        label: "Room",
        help: "Where tasks go.",
        kind: "choice",
        isRequired: true,
        takesPastedId: /^X\d+$/,
        load: async (session) => {
          const { body } = await session.http.request({
            path: "/rooms",
            schema: z.object({ rooms: z.array(z.string()) }),
          });
          return body.rooms.map((id) => ({ id, label: `Room ${id}` }));
        },
        preset: (choices) => choices[0]?.id ?? null,
      },
      { key: "loud", label: "Loud", help: "", kind: "toggle", default: true },
    ],
    webhooks: {
      kind: "app",
      verify: (request, { secret, now }) => {
        const at = Number(request.headers.get("x-at"));
        const isFresh = Math.abs(now.getTime() / 1000 - at) <= 300;
        const sent = request.headers.get("x-signature") ?? "";
        const text = Buffer.from(request.body).toString();
        return isFresh && safeEqual(sent, `${secret}:${at}:${text}`);
      },
      read: (request) => {
        const { id, account, what, bot } = hookBody.parse(
          JSON.parse(Buffer.from(request.body).toString()),
        );
        const hint = {
          changed: { kind: "changed", resource: "action_item", accountId: account },
          rooms: { kind: "choices_changed", setting: "room", accountId: account },
          ended: {
            kind: "grant_ended",
            reason: "app_uninstalled",
            accountId: account,
            ...(bot === undefined ? {} : { where: { bot: [bot] } }),
          },
        } as const;
        return { hints: [hint[what]], callId: id, body: `heard ${id}` };
      },
    },
    budget: { calls: 10_000, perMs: 1000 },
    ...changes,
  };
}

/**
 * Registers the stand-in as a tool of this process with credentials in its environment. Each file has a slug of its own.
 */
export function registerStandIn(
  slug: Slug,
  url: string,
  changes: Partial<Provider> = {},
): Provider {
  const provider = definition(slug, url, changes);
  process.env[`${provider.envPrefix}_CLIENT_ID`] = clientId;
  process.env[`${provider.envPrefix}_CLIENT_SECRET`] = clientSecret;
  registerProvider(provider);
  return provider;
}
