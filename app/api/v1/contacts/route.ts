import { contactListItem, listContactsQuery } from "@/lib/contacts/schema";
import { listContacts } from "@/lib/contacts/service";
import { endpoint, route } from "@/lib/http/endpoint";
import { pageOf } from "@/lib/http/page";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: endpoint({
    scope: "contacts:read",
    docs: {
      id: "listContacts",
      tag: "Contacts",
      summary: "List contacts",
      description: "Contacts that the credential may see, by name.",
    },
    query: listContactsQuery,
    response: pageOf(contactListItem),
    handler: ({ ctx, query }) => listContacts(ctx, query),
  }),
});
