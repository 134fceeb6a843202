import { contactMeetingsQuery, contactParams } from "@/lib/contacts/schema";
import { requireContact } from "@/lib/contacts/service";
import { endpoint, requireScope, route } from "@/lib/http/endpoint";
import { pageOf } from "@/lib/http/page";
import { meetingListItem } from "@/lib/meetings/schema";
import { listMeetings } from "@/lib/meetings/service";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: endpoint({
    scope: "contacts:read",
    docs: {
      id: "listContactMeetings",
      tag: "Contacts",
      summary: "Contact's meetings",
      description: "Meetings with one contact, newest first. Needs `meetings:read` as well.",
      errors: ["not_found"],
    },
    params: contactParams,
    query: contactMeetingsQuery,
    response: pageOf(meetingListItem),
    handler: async ({ ctx, params, query }) => {
      requireScope(ctx.principal, "meetings:read");
      await requireContact(ctx, params.id);
      return listMeetings(ctx, { ...query, contact_id: params.id });
    },
  }),
});
