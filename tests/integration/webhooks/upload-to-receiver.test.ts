import { createHmac } from "node:crypto";
import { Webhook as StandardWebhook } from "standardwebhooks";
import { Webhook as SvixWebhook } from "svix";
import { afterAll, beforeAll, expect, test } from "vitest";
import { outboxGaps } from "@/lib/events/outbox-check";
import { webhookInput } from "@/lib/webhooks/schema";
import { createWebhook } from "@/lib/webhooks/service";
import { makeApi } from "../../support/api-client";
import { doors } from "../../support/doors";
import {
  makeForm,
  makeInsight,
  makeKey,
  makeProject,
  makeVtt,
  makeWorkspace,
} from "../../support/factories";
import { sql } from "../../support/pg";
import { type Receiver, startReceiver } from "../../support/receiver";
import { waitFor } from "../../support/wait-for";

// The whole way: a meeting is uploaded to the running product, its worker processes it, and a receiver that knows
// nothing of our code gets the events and verifies them.

const [{ url: laneUrl }] = doors;
let receiver: Receiver;

beforeAll(async () => {
  receiver = await startReceiver();
});

afterAll(() => receiver.stop());

test("a real upload reaches a real receiver, which verifies it as the source document says", async () => {
  const workspace = await makeWorkspace();
  const project = await makeProject(workspace);
  await makeInsight(workspace, project.id, { type: "summary" });
  const { secret } = await createWebhook(
    await workspace.admin.ctx(),
    webhookInput.parse({
      url: receiver.url,
      events: ["meeting.processed", "meeting.failed", "insight.generated"],
    }),
  );
  const api = await makeApi(laneUrl, {
    key: (await makeKey(workspace.admin, { access: "read_write" })).token,
  });
  const answer = await api.upload(makeForm(makeVtt(), "Sales Call.vtt"));
  expect(answer.status).toBe(202);
  const { id: meetingId } = JSON.parse(answer.text);
  await waitFor("both events", () => receiver.received.length >= 2, 20_000);
  const events = receiver.received.map(({ body }) => JSON.parse(body.toString()));
  const processed = events.find(({ event }) => event === "meeting.processed");
  expect(processed).toMatchObject({
    event: "meeting.processed",
    data: { meeting_id: meetingId, title: "Sales Call" },
    workspace_id: workspace.id,
  });
  const { duration } = JSON.parse((await api.get(`/meetings/${meetingId}`)).text);
  expect(processed.data.duration).toBe(duration);
  expect(events.find(({ event }) => event === "insight.generated").data).toMatchObject({
    meeting_id: meetingId,
    type: "summary",
  });
  for (const { headers, body } of receiver.received) {
    expect(headers["x-harmony-signature"]).toBe(
      createHmac("sha256", secret).update(body).digest("hex"),
    );
    const flat = headers as Record<string, string>;
    // Each throws for what it does not trust.
    new StandardWebhook(secret).verify(body.toString(), flat);
    new SvixWebhook(secret).verify(body.toString(), flat);
  }
  expect(await outboxGaps(sql, workspace.id)).toEqual([]);
});
