import { eq } from "drizzle-orm";
import { closePool, db } from "@/db/client";
import { contacts } from "@/db/schema/contacts";
import { newId } from "@/lib/core/ids";
import { offerAll } from "@/lib/events/offer";
import { registerProvider } from "@/lib/integrations/registry";
import { createWorkspace } from "@/lib/workspaces/create-workspace";
import { connectReference } from "./connect";
import { referenceProviders } from "./providers";

// Makes and offers many contacts at once, for measurements. Each message is an order, and is answered when it is done.

type Order =
  | { readonly kind: "make"; readonly provider: string; readonly contacts: number }
  | { readonly kind: "offer"; readonly workspaceId: string; readonly connectionId: string };

const chunkRows = 1000;

for (const provider of referenceProviders) registerProvider(provider);

function chunksOf<T>(rows: readonly T[]): T[][] {
  const count = Math.ceil(rows.length / chunkRows);
  return Array.from({ length: count }, (_, n) => rows.slice(n * chunkRows, (n + 1) * chunkRows));
}

/** A workspace of that many contacts, connected to the tool; nothing is offered yet. */
async function make(slug: string, count: number) {
  const provider = referenceProviders.find((one) => one.slug === slug);
  if (!provider) throw new Error(`there is no ${slug}`);
  const { id: workspaceId } = await createWorkspace({ name: "Bench", plan: "enterprise" });
  const rows = Array.from({ length: count }, (_, n) => {
    const id = newId("contact");
    return { id, workspaceId, name: `Contact ${n}`, email: `${id}@bench.example` };
  });
  for (const chunk of chunksOf(rows)) await db().insert(contacts).values(chunk);
  // Probed just now: the daily look of the worker would be a call that no record makes.
  const connection = { lastProbeAt: new Date() };
  return {
    workspaceId,
    connectionId: await connectReference(workspaceId, provider, { connection }),
  };
}

/** Offers all contacts of the workspace in one transaction, whatever the tool has of them. */
async function offer(workspaceId: string, connectionId: string) {
  const rows = await db()
    .select({ objectId: contacts.id })
    .from(contacts)
    .where(eq(contacts.workspaceId, workspaceId));
  const offers = rows.map(({ objectId }) => ({ topic: "contact.changed", objectId, connectionId }));
  await db().transaction(async (tx) => {
    for (const chunk of chunksOf(offers)) await offerAll(tx, workspaceId, chunk);
  });
  return { at: Date.now() };
}

process.on("message", async (order: Order) => {
  const answer =
    order.kind === "make"
      ? await make(order.provider, order.contacts)
      : await offer(order.workspaceId, order.connectionId);
  process.send?.(answer);
});
process.on("disconnect", async () => {
  await closePool();
  process.exit(0);
});
