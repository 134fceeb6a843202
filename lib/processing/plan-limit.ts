import { eq } from "drizzle-orm";
import { db } from "@/db/client";
import { workspaces } from "@/db/schema/workspaces";
import { PLANS } from "@/lib/plans/plans";
import { MeetingFailure } from "@/lib/processing/meeting-step";

/** Nobody's recordings are longer, whatever the plan: what is, is a mistake or an attack. */
const hoursMax = 24;

export interface DurationLimit {
  readonly seconds: number;
  /** The same for files that only say how long something was; Infinity where the plan sets no bound. */
  readonly planSeconds: number;
  /** @param what begins the sentence, such as "The recording is 70 minutes long". */
  readonly failure: (what: string) => MeetingFailure;
}

/** How long a recording of the workspace may be (handbook 17.1, 23). */
export async function planLimit(workspaceId: string): Promise<DurationLimit> {
  const [workspace] = await db()
    .select({ plan: workspaces.plan })
    .from(workspaces)
    .where(eq(workspaces.id, workspaceId));
  const plan = PLANS[workspace?.plan ?? "solo"];
  const { recordingSecondsMax: seconds, label } = plan;
  const words =
    seconds === null
      ? `no recording may have more than ${hoursMax} hours. Split it, then upload the parts.`
      : `the ${label} plan takes up to ${seconds / 60}. Split it or change the plan, then retry.`;
  return {
    seconds: seconds ?? hoursMax * 3600,
    planSeconds: seconds ?? Number.POSITIVE_INFINITY,
    failure: (what) => new MeetingFailure("duration_exceeds_plan", `${what}; ${words}`),
  };
}
