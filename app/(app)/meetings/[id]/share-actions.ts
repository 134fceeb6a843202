"use server";

import { action } from "@/lib/http/action";
import { shareMeetingInput } from "@/lib/sync/schema";
import * as sync from "@/lib/sync/service";

/** Posts the meeting to a channel; the service checks that the person may read it. */
export const shareMeeting = action({
  permission: ["meetings:read", "own"],
  input: shareMeetingInput,
  run: sync.shareMeeting,
});
