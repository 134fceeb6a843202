import { z } from "zod";
import { insightTypeNames } from "@/lib/core/insight-types";
import { endpoint, route } from "@/lib/http/endpoint";
import { pageOf } from "@/lib/http/page";
import { aggregateView, insightDataQuery, insightParams, resultView } from "@/lib/insights/schema";
import { getInsightData } from "@/lib/insights/service";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: endpoint({
    scope: "insights:read",
    docs: {
      id: "getInsightData",
      tag: "Insights",
      summary: "Get insight data",
      description:
        "The collected answers of one insight, newest first, with an aggregate over all of them.",
      errors: ["not_found"],
    },
    params: insightParams,
    query: insightDataQuery,
    response: z.object({
      insight_id: z.string(),
      type: z.enum(insightTypeNames),
      aggregate: aggregateView,
      ...pageOf(resultView).shape,
    }),
    handler: ({ ctx, params, query }) => getInsightData(ctx, params.id, query),
  }),
});
