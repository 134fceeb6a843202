import { endpoint, route } from "@/lib/http/endpoint";
import { meetingDetail, meetingParams } from "@/lib/meetings/schema";
import { getMeeting } from "@/lib/meetings/service";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: endpoint({
    scope: "meetings:read",
    docs: {
      id: "getMeeting",
      tag: "Meetings",
      summary: "Get meeting details",
      description: "One meeting with its participants.",
      errors: ["not_found"],
    },
    params: meetingParams,
    response: meetingDetail,
    handler: ({ ctx, params }) => getMeeting(ctx, params.id),
  }),
});
