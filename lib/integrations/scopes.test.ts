import { describe, expect, test } from "vitest";
import type { Provider } from "@/lib/integrations/contract";
import { providers } from "@/lib/integrations/registry";
import { defaultsOf, missingScopes, scopesFor } from "@/lib/integrations/scopes";

const none = { meeting_data: false, action_items: false, contacts: false, notes: false };
const tool = {
  auth: { baseScopes: ["me"] },
  capabilities: {
    contact: { pull: { scopes: ["contacts.read"] }, push: { scopes: ["contacts.write"] } },
    action_item: { push: { scopes: ["tasks"] } },
  },
} as unknown as Provider;

describe("the scopes that are asked", () => {
  test("are those of what is switched on, and of the way that it goes", () => {
    const ask = (data: Partial<typeof none>, direction: "one_way" | "two_way" | "import_only") =>
      scopesFor(tool, { data: { ...none, ...data }, direction });
    expect(ask({}, "two_way")).toEqual(["me"]);
    expect(ask({ contacts: true }, "one_way")).toEqual(["me", "contacts.write"]);
    expect(ask({ contacts: true }, "import_only")).toEqual(["me", "contacts.read"]);
    expect(ask({ contacts: true, action_items: true }, "two_way")).toEqual([
      "me",
      "contacts.read",
      "contacts.write",
      "tasks",
    ]);
  });

  test("are missing unless they, or one that implies them, are granted", () => {
    const auth = { impliedBy: { read: ["all"] } };
    expect(missingScopes(auth, ["read", "write"], ["all"])).toEqual(["write"]);
    expect(missingScopes(auth, ["read", "write"], ["read", "write"])).toEqual([]);
  });
});

describe("every tool", () => {
  test.for(providers().map((provider) => [provider.slug, provider] as const))(
    "%s has words for each scope that it can ask, and defaults that it can do",
    ([, provider]) => {
      const all = { meeting_data: true, action_items: true, contacts: true, notes: true };
      const asked = scopesFor(provider, { data: all, direction: "two_way" });
      expect(asked.filter((scope) => !(scope in provider.scopeWords))).toEqual([]);
      const { data } = defaultsOf(provider);
      const off = Object.entries(provider.dataOptions).filter(([, spec]) => spec.off !== undefined);
      expect(off.filter(([option]) => data[option as keyof typeof data])).toEqual([]);
      for (const role of ["authorize", "token", "revoke", "api"]) {
        expect(provider.urls).toHaveProperty(role);
      }
    },
  );
});
