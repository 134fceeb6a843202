import { endpoint, route } from "@/lib/http/endpoint";
import { uploadForm, uploadView } from "@/lib/uploads/schema";
import { uploadMeeting } from "@/lib/uploads/service";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  POST: endpoint({
    scope: "meetings:write",
    plan: { what: "Uploading through the API", includes: (plan) => plan.apiUpload },
    docs: {
      id: "uploadMeeting",
      tag: "Uploads",
      summary: "Upload recording",
      description:
        "A recording or a transcript file (VTT, SRT, TXT, JSON) as multipart/form-data. Send an `Idempotency-Key` so that a repeat after a lost answer makes no second meeting.",
      errors: [
        "conflict",
        "length_required",
        "payload_too_large",
        "quota_exceeded",
        "unsupported_media_type",
      ],
      form: uploadForm,
    },
    response: uploadView,
    status: 202,
    handler: ({ ctx, header, body }) => uploadMeeting(ctx, { header, body, source: "api" }),
  }),
});
