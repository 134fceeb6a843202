import { z } from "zod";
import { parseIso } from "@/lib/core/dates";
import { meetingMediums } from "@/lib/meetings/schema";

/** The form fields of an upload (handbook 17.2) beside the file; text, as a form carries it. */
export const uploadFields = z.object({
  title: z
    .string()
    .trim()
    .min(1, "must not be empty")
    .max(200, "has at most 200 characters")
    .optional()
    .meta({
      description: "Default: the file's name without its ending.",
      examples: ["Customer Call"],
    }),
  date: z
    .string()
    .max(40)
    .refine((text) => parseIso(text) !== null, "must be ISO 8601, such as 2026-02-01T10:00:00Z")
    .optional()
    .meta({
      description: "When the meeting was. Default now; at most 24 hours ahead.",
      examples: ["2026-02-01T10:00:00Z"],
    }),
  team_id: z
    .string()
    .max(60)
    .optional()
    .meta({ description: "A team of the workspace. Default: the team of the key's creator." }),
  contact_email: z
    .email("must be an e-mail address")
    .max(320)
    .optional()
    .meta({ description: "The external participant; made as a contact when unknown." }),
  contact_id: z.string().max(60).optional().meta({ description: "A known contact." }),
  medium: z
    .enum(meetingMediums, `must be one of ${meetingMediums.join(", ")}`)
    .optional()
    .meta({ description: "Default `video_call`." }),
  language: z
    .string()
    .regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$|^auto$/, "must be a BCP-47 tag such as en or de-DE")
    .max(35)
    .optional()
    .meta({ description: "BCP-47; default `auto`." }),
  speakers: z
    .string()
    .regex(/^(?:[1-9]|1\d|20)$/, "must be a whole number from 1 to 20")
    .optional()
    .meta({
      description:
        "How many people speak in the recording, 1 to 20. Default: found out by listening.",
      examples: ["2"],
    }),
});

export type UploadFields = z.output<typeof uploadFields>;

/** The whole form as the reference describes it. */
export const uploadForm = z.object({
  file: z.string().meta({
    format: "binary",
    description:
      "Audio, video, or a transcript (VTT, SRT, TXT, JSON), judged by its content. At most 2 GB, not empty.",
  }),
  ...uploadFields.shape,
});

export const uploadView = z
  .object({
    id: z.string(),
    title: z.string(),
    date: z.string().meta({ format: "date-time" }),
    status: z.literal("queued"),
    status_url: z.string().meta({ format: "uri" }),
  })
  .meta({ id: "Upload" });

export type UploadView = z.output<typeof uploadView>;
