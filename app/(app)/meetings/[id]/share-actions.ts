"use server";

import { action } from "@/lib/http/action";
import { loadChoicesInput } from "@/lib/integrations/schema";
import * as integrations from "@/lib/integrations/service";
import { shareMeetingInput } from "@/lib/sync/schema";
import * as sync from "@/lib/sync/service";

/** The channels that the person may share to. */
export const loadPlaces = action({
  permission: ["meetings:read", "own"],
  input: loadChoicesInput,
  run: (ctx, input) => integrations.loadPlaces(ctx, input),
});

/** Posts the meeting to a channel; the service checks that the person may read it. */
export const shareMeeting = action({
  permission: ["meetings:read", "own"],
  input: shareMeetingInput,
  run: sync.shareMeeting,
});
