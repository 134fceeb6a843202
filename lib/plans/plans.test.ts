import { describe, expect, test } from "vitest";
import { PLANS, planNames, requirePlan, requireRoom } from "@/lib/plans/plans";

describe("the plans", () => {
  test("are the seed's numbers", () => {
    expect(planNames.map((name) => [PLANS[name].apiAccess, PLANS[name].requestsPerMinute])).toEqual(
      [
        ["Limited", 20],
        ["Standard", 60],
        ["Full", 300],
        ["Full + Custom", 1000],
      ],
    );
  });

  test("never include less than the smaller one", () => {
    for (const [index, name] of planNames.entries()) {
      const [smaller, plan] = [PLANS[planNames[index - 1] ?? name], PLANS[name]];
      for (const key of ["requestsPerMinute", "apiKeysMax", "webhooksMax", "oauthAppsMax"] as const)
        expect(plan[key]).toBeGreaterThanOrEqual(smaller[key]);
      expect(plan.recordingSecondsMax ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(
        smaller.recordingSecondsMax ?? Number.POSITIVE_INFINITY,
      );
    }
  });
});

test("requirePlan names the smallest plan that includes it", () => {
  expect(() => requirePlan("plus", "Uploading", (plan) => plan.apiUpload)).not.toThrow();
  expect(() => requirePlan("solo", "Uploading", (plan) => plan.apiUpload)).toThrow(
    expect.objectContaining({
      code: "forbidden",
      message: "Uploading is not part of the Solo plan",
      details: { plan: "solo", required_plan: "plus" },
      fix: "Ask an admin to move the workspace to the Plus plan.",
    }),
  );
  expect(() => requirePlan("max", "Single sign-on", (plan) => plan.sso)).toThrow(
    expect.objectContaining({ details: { plan: "max", required_plan: "enterprise" } }),
  );
});

test("requireRoom tells limit and use, and a larger plan only where there is one", () => {
  expect(() => requireRoom("plus", "keys", 4, (plan) => plan.apiKeysMax)).not.toThrow();
  expect(() => requireRoom("plus", "keys", 5, (plan) => plan.apiKeysMax)).toThrow(
    expect.objectContaining({
      code: "quota_exceeded",
      details: { limit: 5, used: 5, plan: "plus", required_plan: "max" },
    }),
  );
  expect(() => requireRoom("enterprise", "keys", 100, (plan) => plan.apiKeysMax)).toThrow(
    expect.objectContaining({
      details: { limit: 100, used: 100, plan: "enterprise" },
      fix: "Remove one that is no longer needed.",
    }),
  );
});
