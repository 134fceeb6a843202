import { endpoint, route } from "@/lib/http/endpoint";
import { meetingParams, summaryView } from "@/lib/meetings/schema";
import { getSummary } from "@/lib/meetings/service";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: endpoint({
    scope: "meetings:read",
    docs: {
      id: "getSummary",
      tag: "Meetings",
      summary: "Get summary",
      description: "Overview, topics, decisions, next steps and action items.",
      errors: ["not_found", "not_ready"],
    },
    params: meetingParams,
    response: summaryView,
    handler: ({ ctx, params }) => getSummary(ctx, params.id),
  }),
});
