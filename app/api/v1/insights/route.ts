import { endpoint, route } from "@/lib/http/endpoint";
import { pageOf } from "@/lib/http/page";
import { insightView, listInsightsQuery } from "@/lib/insights/schema";
import { listInsights } from "@/lib/insights/service";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: endpoint({
    scope: "insights:read",
    docs: {
      id: "listInsights",
      tag: "Insights",
      summary: "List insights",
      description: "Insight definitions: the questions that are asked of every meeting.",
    },
    query: listInsightsQuery,
    response: pageOf(insightView),
    handler: ({ ctx, query }) => listInsights(ctx, query),
  }),
});
