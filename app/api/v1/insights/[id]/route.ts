import { endpoint, route } from "@/lib/http/endpoint";
import { insightParams, insightView } from "@/lib/insights/schema";
import { getInsight } from "@/lib/insights/service";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: endpoint({
    scope: "insights:read",
    docs: {
      id: "getInsight",
      tag: "Insights",
      summary: "Get insight details",
      errors: ["not_found"],
    },
    params: insightParams,
    response: insightView,
    handler: ({ ctx, params }) => getInsight(ctx, params.id),
  }),
});
