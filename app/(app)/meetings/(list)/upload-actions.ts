"use server";

import { z } from "zod";
import { action } from "@/lib/http/action";
import { checkRecordingUrl, importFromUrl } from "@/lib/uploads/import-url";
import { uploadFields } from "@/lib/uploads/schema";

const url = z.string().trim().min(1, "must not be empty").max(2048);

/** Looks at what is at an address, without taking it. */
export const checkAddress = action({
  permission: ["meetings:create", "own"],
  input: z.strictObject({ url }),
  run: (ctx, input) => checkRecordingUrl(ctx, input.url),
});

/** Makes a meeting out of the recording at an address; a worker fetches it. */
export const importAddress = action({
  permission: ["meetings:create", "own"],
  input: z.strictObject({ url, ...uploadFields.shape }),
  run: (ctx, { url: address, ...fields }) => importFromUrl(ctx, { url: address, fields }),
});
