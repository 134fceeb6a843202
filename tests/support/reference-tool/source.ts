import { setTimeout as delay } from "node:timers/promises";
import { db } from "@/db/client";
import { contacts } from "@/db/schema/contacts";
import { meetings } from "@/db/schema/meetings";
import { newId, randomBase62 } from "@/lib/core/ids";
import { offerAll } from "@/lib/events/offer";
import { registerProvider } from "@/lib/integrations/registry";
import { createUser, createWorkspace } from "@/lib/workspaces/create-workspace";
import { connectReference } from "./connect";
import { referenceCalendar, referenceChat, referenceCrm, referenceProviders } from "./providers";

// What happens while a drill kills workers: in many workspaces at once people and meetings come up and are offered to
// tools, and events and contacts change at the tool. Driven over IPC; it says how much it did.

interface Ask {
  readonly toolUrl: string;
  readonly workspaces: number;
  readonly contactsEach: number;
  readonly messagesEach: number;
  readonly eventsEach: number;
  /** Of the CRM connections, when their tokens end and are refreshed. */
  readonly refreshToken?: string;
  /** Over how long everything is spread. */
  readonly seconds: number;
}

interface Place {
  readonly workspaceId: string;
  readonly crm: string;
  readonly chat: string;
  readonly calendar: string;
}

for (const provider of referenceProviders) registerProvider(provider);

async function makePlace({ refreshToken }: Ask): Promise<Place> {
  const { id: workspaceId } = await createWorkspace({
    name: `Drill ${randomBase62(10)}`,
    plan: "enterprise",
  });
  const email = `${randomBase62(12).toLowerCase()}@drill.example`;
  const { id: ownerUserId } = await db().transaction((tx) =>
    createUser(tx, { email, name: "Drill" }),
  );
  return {
    workspaceId,
    crm: await connectReference(workspaceId, referenceCrm, {
      settings: { direction: "two_way" },
      ...(refreshToken === undefined ? {} : { tokens: { refreshToken, expiresInSeconds: 3600 } }),
    }),
    chat: await connectReference(workspaceId, referenceChat, {
      settings: { options: { channel: "C100" } },
    }),
    calendar: await connectReference(workspaceId, referenceCalendar, {
      connection: { ownerUserId, nextSyncAt: new Date() },
      settings: { options: { calendars: [workspaceId] } },
    }),
  };
}

async function addContact({ workspaceId, crm }: Place): Promise<void> {
  const id = newId("contact");
  await db().transaction(async (tx) => {
    await tx.insert(contacts).values({ id, workspaceId, name: id, email: `${id}@drill.example` });
    await offerAll(tx, workspaceId, [
      { topic: "contact.changed", objectId: id, connectionId: crm },
    ]);
  });
}

async function addMeeting({ workspaceId, chat }: Place): Promise<void> {
  const id = newId("meeting");
  await db().transaction(async (tx) => {
    await tx.insert(meetings).values({
      ...{ id, workspaceId, title: id, date: new Date(), source: "api", status: "processed" },
      progress: 100,
    });
    await offerAll(tx, workspaceId, [
      { topic: "meeting.processed", objectId: id, connectionId: chat },
    ]);
  });
}

async function control(toolUrl: string, path: string, body: unknown): Promise<void> {
  const answer = await fetch(`${toolUrl}/_control/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`the tool answered ${answer.status}`);
}

async function addEvent(toolUrl: string, { workspaceId }: Place, n: number): Promise<void> {
  const startsAt = new Date(Date.now() + n * 3_600_000).toISOString();
  const fields = { title: `Event ${n}`, startsAt, endsAt: startsAt };
  await control(toolUrl, "put/events", { place: workspaceId, fields });
}

async function produce(ask: Ask, places: readonly Place[]): Promise<void> {
  const { toolUrl, contactsEach, messagesEach, eventsEach, seconds } = ask;
  const steps = Math.max(contactsEach, messagesEach, eventsEach);
  const isTurn = (step: number, each: number) =>
    Math.floor(((step + 1) * each) / steps) > Math.floor((step * each) / steps);
  for (let step = 0; step < steps; step += 1) {
    for (const place of places) {
      if (isTurn(step, contactsEach)) await addContact(place);
      if (isTurn(step, messagesEach)) await addMeeting(place);
      if (isTurn(step, eventsEach)) await addEvent(toolUrl, place, step);
    }
    await delay((seconds * 1000) / steps);
  }
}

process.once("message", async (ask: Ask) => {
  const places: Place[] = [];
  for (let n = 0; n < ask.workspaces; n += 1) places.push(await makePlace(ask));
  process.send?.({ kind: "began" });
  await produce(ask, places);
  process.send?.({ kind: "done", places }, () => process.exit(0));
});
process.on("disconnect", () => process.exit(0));
