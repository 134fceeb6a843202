"use server";

import { z } from "zod";
import { activityFilters, activityPosition, countNewerActivity } from "@/lib/audit/activity";
import { action } from "@/lib/http/action";

/** How many entries of the same filters have come since the page was shown. */
export const watchActivity = action({
  permission: ["audit:read", "own"],
  input: z.object({
    filters: activityFilters,
    /** The position of the newest row that is shown; null where none is. */
    after: activityPosition.nullable(),
  }),
  run: countNewerActivity,
});
