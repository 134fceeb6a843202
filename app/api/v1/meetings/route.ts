import { endpoint, route } from "@/lib/http/endpoint";
import { pageOf } from "@/lib/http/page";
import { listMeetingsQuery, meetingListItem } from "@/lib/meetings/schema";
import { listMeetings } from "@/lib/meetings/service";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: endpoint({
    scope: "meetings:read",
    docs: {
      id: "listMeetings",
      tag: "Meetings",
      summary: "List meetings",
      description: "Meetings that the credential may see, newest first.",
    },
    query: listMeetingsQuery,
    response: pageOf(meetingListItem),
    handler: ({ ctx, query }) => listMeetings(ctx, query),
  }),
});
