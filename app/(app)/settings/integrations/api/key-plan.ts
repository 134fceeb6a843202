import { PLANS, type PlanName, planNames } from "@/lib/plans/plans";

/** What the workspace's plan says about keys. */
export interface KeyPlan {
  readonly label: string;
  readonly keysMax: number;
  readonly mayUpload: boolean;
  /** Shared by all keys; null where it is agreed with the workspace (Enterprise). */
  readonly requestsPerMinute: number | null;
  /** The next plan with more keys, or null on the largest. */
  readonly largerPlan: string | null;
}

/** The part of a plan that the dialogs about keys and API tokens tell. */
export function keyPlanOf(name: PlanName): KeyPlan {
  const plan = PLANS[name];
  const larger = planNames.find((other) => PLANS[other].apiKeysMax > plan.apiKeysMax);
  return {
    label: plan.label,
    keysMax: plan.apiKeysMax,
    mayUpload: plan.apiUpload,
    requestsPerMinute: name === "enterprise" ? null : plan.requestsPerMinute,
    largerPlan: larger ? PLANS[larger].label : null,
  };
}
