import { z } from "zod";
import { pageQuery } from "@/lib/http/page";
import { meetingFilters, withDateRange } from "@/lib/meetings/schema";

const contactId = z.string().meta({ examples: ["con_abc123"] });
const utc = z.string().meta({ format: "date-time" });

export const contactListItem = z
  .object({
    id: contactId,
    name: z.string(),
    email: z.string().nullable(),
    company: z.string().nullable(),
    last_interaction_at: utc.nullable(),
    meetings_count: z
      .int()
      .meta({ description: "Meetings with this contact that the caller may see." }),
  })
  .meta({ id: "Contact" });

export const contactDetail = z
  .object({
    ...contactListItem.shape,
    phone: z.string().nullable(),
    title: z.string().nullable(),
    account_id: z.string().nullable(),
    tags: z.array(z.string()),
    attributes: z.record(z.string(), z.unknown()),
    external_refs: z.array(
      z.object({ provider: z.string(), external_id: z.string(), url: z.string().nullable() }),
    ),
    created_at: utc,
    updated_at: utc,
  })
  .meta({ id: "ContactDetail" });

export const listContactsQuery = z.object({
  ...pageQuery,
  email: z.string().max(320).optional().meta({ description: "Exact address, case-insensitive." }),
  q: z.string().max(100).optional().meta({ description: "Part of the name, address or company." }),
});

export const contactMeetingsQuery = withDateRange(z.object({ ...pageQuery, ...meetingFilters }));
export const contactParams = z.object({ id: contactId });

export type ContactListItem = z.output<typeof contactListItem>;
export type ContactDetail = z.output<typeof contactDetail>;
