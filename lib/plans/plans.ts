import { AppError } from "@/lib/core/errors";

// Handbook 23 as one table. Nothing else in the product knows a plan's numbers.

export const planNames = ["solo", "plus", "max", "enterprise"] as const;
export type PlanName = (typeof planNames)[number];

export interface Plan {
  readonly label: string;
  readonly apiAccess: string;
  /** Requests a minute; Enterprise workspaces may carry a number of their own. */
  readonly requestsPerMinute: number;
  /** Longest recording in seconds; null is unlimited. */
  readonly recordingSecondsMax: number | null;
  readonly uploadBytesMax: number;
  readonly apiUpload: boolean;
  readonly apiKeysMax: number;
  readonly webhooksMax: number;
  readonly oauthAppsMax: number;
  readonly serviceAccounts: boolean;
  readonly customIntegrations: boolean;
  readonly sso: boolean;
}

const uploadBytesMax = 2_147_483_648;

export const PLANS = {
  solo: {
    label: "Solo",
    apiAccess: "Limited",
    requestsPerMinute: 20,
    recordingSecondsMax: 3600,
    uploadBytesMax,
    apiUpload: false,
    apiKeysMax: 1,
    webhooksMax: 1,
    oauthAppsMax: 0,
    serviceAccounts: false,
    customIntegrations: false,
    sso: false,
  },
  plus: {
    label: "Plus",
    apiAccess: "Standard",
    requestsPerMinute: 60,
    recordingSecondsMax: 4 * 3600,
    uploadBytesMax,
    apiUpload: true,
    apiKeysMax: 5,
    webhooksMax: 5,
    oauthAppsMax: 0,
    serviceAccounts: false,
    customIntegrations: false,
    sso: false,
  },
  max: {
    label: "Max",
    apiAccess: "Full",
    requestsPerMinute: 300,
    recordingSecondsMax: null,
    uploadBytesMax,
    apiUpload: true,
    apiKeysMax: 20,
    webhooksMax: 20,
    oauthAppsMax: 5,
    serviceAccounts: false,
    customIntegrations: false,
    sso: false,
  },
  enterprise: {
    label: "Enterprise",
    apiAccess: "Full + Custom",
    requestsPerMinute: 1000,
    recordingSecondsMax: null,
    uploadBytesMax,
    apiUpload: true,
    apiKeysMax: 100,
    webhooksMax: 50,
    oauthAppsMax: 50,
    serviceAccounts: true,
    customIntegrations: true,
    sso: true,
  },
} as const satisfies Record<PlanName, Plan>;

/** Requests a minute of a workspace: what was agreed with it, else what its plan says. */
export function requestsPerMinuteOf(plan: PlanName, agreed: number | null): number {
  return agreed ?? PLANS[plan].requestsPerMinute;
}

/** The first plan, from the smallest on, for which `includes` holds. */
function firstPlanThat(includes: (plan: Plan) => boolean): PlanName {
  return planNames.find((name) => includes(PLANS[name])) ?? "enterprise";
}

/**
 * Refuses what the plan does not include: `forbidden` with `details.required_plan` (handbook 23).
 * @param what completes the sentence "… is not part of the Solo plan".
 */
export function requirePlan(plan: PlanName, what: string, includes: (plan: Plan) => boolean): void {
  if (includes(PLANS[plan])) return;
  const required = firstPlanThat(includes);
  throw new AppError("forbidden", `${what} is not part of the ${PLANS[plan].label} plan`, {
    details: { plan, required_plan: required },
    fix: `Ask an admin to move the workspace to the ${PLANS[required].label} plan.`,
  });
}

/** Refuses one more when the plan's count is used up: `quota_exceeded` with limit, current use and plan needed. */
export function requireRoom(
  plan: PlanName,
  what: string,
  used: number,
  limitOf: (plan: Plan) => number,
): void {
  const limit = limitOf(PLANS[plan]);
  if (used < limit) return;
  const larger = planNames.find((name) => limitOf(PLANS[name]) > used);
  throw new AppError(
    "quota_exceeded",
    `The ${PLANS[plan].label} plan includes ${limit} ${what}, and ${used} are in use`,
    {
      details: { limit, used, plan, ...(larger ? { required_plan: larger } : {}) },
      fix: larger
        ? `Remove one that is no longer needed, or move to the ${PLANS[larger].label} plan.`
        : "Remove one that is no longer needed.",
    },
  );
}
