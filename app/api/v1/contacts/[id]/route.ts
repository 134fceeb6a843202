import { contactDetail, contactParams } from "@/lib/contacts/schema";
import { getContact } from "@/lib/contacts/service";
import { endpoint, route } from "@/lib/http/endpoint";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: endpoint({
    scope: "contacts:read",
    docs: {
      id: "getContact",
      tag: "Contacts",
      summary: "Get contact details",
      errors: ["not_found"],
    },
    params: contactParams,
    response: contactDetail,
    handler: ({ ctx, params }) => getContact(ctx, params.id),
  }),
});
