import { describe, expect, test } from "vitest";
import { type Api, errorOf, makeApi } from "../../support/api-client";
import { doors } from "../../support/doors";
import { makeKey, makeWorkspace } from "../../support/factories";
import type { Answer } from "../../support/openapi-check";

// Windows are counted in the memory of each web process here, so each door has its own.

async function sendMany(api: Api, n: number, path = "/meetings"): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let sent = 0; sent < n; sent += 1) answers.push(await api.get(path));
  return answers;
}

const header = (answers: readonly Answer[], name: string) =>
  answers.map(({ headers }) => headers[name]);
const count = (answers: readonly Answer[], status: number) =>
  answers.filter((answer) => answer.status === status).length;

describe.each(doors)("through the $door door", ({ url }) => {
  test.for([
    ["solo", 20],
    ["plus", 60],
  ] as const)(
    "the %s plan answers %i requests a minute and refuses the next",
    async ([plan, limit]) => {
      const { admin } = await makeWorkspace({ plan });
      const { token } = await makeKey(admin, { access: "read" });
      const api = await makeApi(url, { key: token });
      const answers = await sendMany(api, limit);
      expect(count(answers, 200)).toBe(limit);
      expect(header(answers, "x-ratelimit-remaining")).toEqual(
        Array.from({ length: limit }, (_, n) => String(limit - 1 - n)),
      );
      const reset = answers[0]?.headers["x-ratelimit-reset"];
      expect(new Set(header(answers, "x-ratelimit-reset"))).toEqual(new Set([reset]));
      const refused = await api.get("/meetings");
      expect(refused.status).toBe(429);
      expect(refused.headers).toMatchObject({
        "x-ratelimit-limit": String(limit),
        "x-ratelimit-remaining": "0",
        "x-ratelimit-reset": reset,
      });
      const wait = Number(refused.headers["retry-after"]);
      expect(Math.abs(Number(reset) - Date.now() / 1000 - wait)).toBeLessThan(2);
      expect(errorOf(refused)).toMatchObject({
        code: "rate_limited",
        details: { limit, reset: Number(reset) },
      });
      const again = await sendMany(api, 3);
      expect(count(again, 429)).toBe(3);
      expect(new Set(header(again, "x-ratelimit-reset"))).toEqual(new Set([reset]));
    },
  );

  test("Enterprise has its own number, or else the plan's", async () => {
    for (const [options, limit] of [
      [{ plan: "enterprise", rateLimitPerMinute: 7 }, "7"],
      [{ plan: "enterprise" }, "1000"],
      [{ plan: "max" }, "300"],
    ] as const) {
      const { admin } = await makeWorkspace(options);
      const { token } = await makeKey(admin);
      const [answer] = await sendMany(await makeApi(url, { key: token }), 1);
      expect(answer?.headers["x-ratelimit-limit"]).toBe(limit);
    }
  });

  test("all keys of a workspace share one bucket, and other workspaces have theirs", async () => {
    const { admin } = await makeWorkspace({ plan: "enterprise", rateLimitPerMinute: 6 });
    const keys = [await makeKey(admin), await makeKey(admin)];
    const [one, two] = await Promise.all(keys.map(({ token }) => makeApi(url, { key: token })));
    if (!one || !two) throw new Error("no clients");
    expect(count([...(await sendMany(one, 3)), ...(await sendMany(two, 3))], 200)).toBe(6);
    expect(count([...(await sendMany(one, 1)), ...(await sendMany(two, 1))], 429)).toBe(2);
    const other = await makeWorkspace({ plan: "enterprise", rateLimitPerMinute: 6 });
    const { token } = await makeKey(other.admin);
    expect(count(await sendMany(await makeApi(url, { key: token }), 1), 200)).toBe(1);
  });

  test("a key's own lower limit holds for it, and counts in the workspace's bucket too", async () => {
    const { admin } = await makeWorkspace({ plan: "enterprise", rateLimitPerMinute: 10 });
    const small = await makeKey(admin, { rateLimitPerMinute: 4 });
    const twin = await makeKey(admin, { rateLimitPerMinute: 4 });
    const whole = await makeKey(admin);
    const [a, b, c] = await Promise.all(
      [small, twin, whole].map(({ token }) => makeApi(url, { key: token })),
    );
    if (!a || !b || !c) throw new Error("no clients");
    const first = await sendMany(a, 5);
    expect(header(first, "x-ratelimit-limit")).toEqual(Array(5).fill("4"));
    expect(first.map(({ status }) => status)).toEqual([200, 200, 200, 200, 429]);
    expect(count(await sendMany(b, 5), 200)).toBe(4);
    // Eight of the workspace's ten are used; what the small keys were refused used up none.
    const rest = await sendMany(c, 3);
    expect(rest.map(({ status }) => status)).toEqual([200, 200, 429]);
    expect(header(rest, "x-ratelimit-limit")).toEqual(Array(3).fill("10"));
  });

  test("a small key tells the workspace's bucket when that has less left", async () => {
    const { admin } = await makeWorkspace({ plan: "enterprise", rateLimitPerMinute: 5 });
    const whole = await makeApi(url, { key: (await makeKey(admin)).token });
    const small = await makeApi(url, {
      key: (await makeKey(admin, { rateLimitPerMinute: 4 })).token,
    });
    await sendMany(whole, 4);
    const [answer] = await sendMany(small, 1);
    expect(answer?.headers).toMatchObject({
      "x-ratelimit-limit": "5",
      "x-ratelimit-remaining": "0",
    });
    expect(count(await sendMany(small, 1), 429)).toBe(1);
  });

  test("a key's own limit above the plan's changes nothing", async () => {
    const { admin } = await makeWorkspace({ plan: "enterprise", rateLimitPerMinute: 3 });
    const { token } = await makeKey(admin, { rateLimitPerMinute: 50 });
    const answers = await sendMany(await makeApi(url, { key: token }), 4);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429]);
  });

  test("every kind of answer counts, and carries the headers", async () => {
    const { admin } = await makeWorkspace({ plan: "enterprise", rateLimitPerMinute: 10 });
    const { token } = await makeKey(admin, { access: "read" });
    const api = await makeApi(url, { key: token });
    const first = await api.get("/meetings");
    const { etag = "" } = first.headers;
    const answers = [
      first,
      await api.get("/meetings", { "if-none-match": etag }),
      await api.get("/meetings?nonsense=1"),
      await api.get("/meetings/mtg_unknown"),
      await api.send({ method: "POST", path: "/api/v1/meetings/upload", body: "" }),
      await api.send({ method: "HEAD", path: "/api/v1/contacts" }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 304, 400, 404, 403, 200]);
    expect(header(answers, "x-ratelimit-remaining")).toEqual(["9", "8", "7", "6", "5", "4"]);
  });

  test("what needs no credential is not counted", async () => {
    const { admin } = await makeWorkspace({ plan: "enterprise", rateLimitPerMinute: 2 });
    const { token } = await makeKey(admin);
    const api = await makeApi(url, { key: token });
    await api.get("/openapi.json");
    await api.send({ method: "OPTIONS", path: "/api/v1/meetings" });
    await api.send({ method: "DELETE", path: "/api/v1/meetings" });
    await api.get("/nothing");
    expect(count(await sendMany(api, 2), 200)).toBe(2);
  });

  test("requests at once are counted one by one", async () => {
    const { admin } = await makeWorkspace({ plan: "enterprise", rateLimitPerMinute: 10 });
    const { token } = await makeKey(admin);
    const api = await makeApi(url, { key: token });
    const answers = await Promise.all(Array.from({ length: 30 }, () => api.get("/contacts")));
    expect(count(answers, 200)).toBe(10);
    expect(count(answers, 429)).toBe(20);
  });
});
