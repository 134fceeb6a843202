import { endpoint, route } from "@/lib/http/endpoint";
import { meetingInsightsView } from "@/lib/insights/schema";
import { getMeetingInsights } from "@/lib/insights/service";
import { meetingParams } from "@/lib/meetings/schema";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: endpoint({
    scope: "insights:read",
    docs: {
      id: "getMeetingInsights",
      tag: "Meetings",
      summary: "Get insights",
      description: "The answers that were found for one meeting.",
      errors: ["not_found", "not_ready"],
    },
    params: meetingParams,
    response: meetingInsightsView,
    handler: ({ ctx, params }) => getMeetingInsights(ctx, params.id),
  }),
});
