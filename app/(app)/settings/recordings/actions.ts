"use server";

import { revalidatePath } from "next/cache";
import { action } from "@/lib/http/action";
import { retentionInput, saveRetention } from "@/lib/meetings/recording-retention";

export const setRetention = action({
  permission: ["organization:update", "all"],
  input: retentionInput,
  run: async (ctx, input) => {
    await saveRetention(ctx, input);
    revalidatePath("/settings/recordings");
    return null;
  },
});
