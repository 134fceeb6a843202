import { endpoint, route } from "@/lib/http/endpoint";
import { meetingParams, statusView } from "@/lib/meetings/schema";
import { getMeetingStatus } from "@/lib/meetings/service";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: endpoint({
    scope: "meetings:read",
    docs: {
      id: "getMeetingStatus",
      tag: "Uploads",
      summary: "Check processing status",
      description: "How far the processing of a meeting is.",
      errors: ["not_found"],
    },
    params: meetingParams,
    response: statusView,
    handler: ({ ctx, params }) => getMeetingStatus(ctx, params.id),
  }),
});
