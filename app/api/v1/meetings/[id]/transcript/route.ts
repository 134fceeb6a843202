import { endpoint, route } from "@/lib/http/endpoint";
import { meetingParams, transcriptView } from "@/lib/meetings/schema";
import { getTranscript } from "@/lib/meetings/service";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: endpoint({
    scope: "meetings:read",
    docs: {
      id: "getTranscript",
      tag: "Meetings",
      summary: "Get transcript",
      description:
        "The transcript as it is now (edits included), one entry for each turn of a speaker.",
      errors: ["not_found", "not_ready"],
    },
    params: meetingParams,
    response: transcriptView,
    handler: ({ ctx, params }) => getTranscript(ctx, params.id),
  }),
});
