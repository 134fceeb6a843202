import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import type { MessageRecord, Outgoing, RawRequest, Session } from "@/lib/integrations/contract";
import { refreshGrant, revokeGrant } from "@/lib/integrations/oauth-client";
import { slack } from "@/lib/integrations/providers/slack/index";
import { type Receiver, startReceiver } from "../../support/receiver";
import type { Json, TestSandbox } from "../../support/sandbox";
import { waitFor } from "../../support/wait-for";
import { authorize, errorOf, registrationOf, sessionWith, signal, startFor } from "./fixtures";

// The connector of Slack against the stand-in, over HTTP: what it sends is checked there as Slack checks it.

let sandbox: TestSandbox;
let receiver: Receiver;
let session: Session;

beforeAll(async () => {
  [sandbox, receiver] = await Promise.all([startFor(slack), startReceiver()]);
});
afterAll(async () => {
  await sandbox.stop();
  await receiver.stop();
});

const control = (...commands: readonly Json[]) => sandbox.control("slack", ...commands);

beforeEach(async () => {
  await control({ do: "reset" }, { do: "settings", strict: true, hookUrl: receiver.url });
  receiver.received.length = 0;
  listed = null;
  const reply = await authorize(sandbox, slack, "Acme");
  const identity = await slack.identify(sessionWith(slack, reply));
  session = sessionWith(slack, reply, {}, identity.facts);
});

async function choicesOf(): Promise<readonly { id: string; label: string; hint?: string }[]> {
  const setting = slack.settings.find(({ key }) => key === "channel");
  if (setting?.kind !== "choice") throw new Error("the channel is no choice");
  return await setting.load(session);
}

/** The id of a channel, from one list a test: the method is paced. */
let listed: Promise<readonly { id: string; label: string }[]> | null = null;
async function channelId(label: string): Promise<string> {
  listed ??= choicesOf();
  const found = (await listed).find((choice) => choice.label === label);
  if (!found) throw new Error(`no channel ${label}`);
  return found.id;
}

const record: MessageRecord = {
  kind: "meeting_processed",
  title: "Renewal call",
  startsAt: new Date("2026-03-03T14:00:00Z"),
  durationSeconds: 1800,
  body: "Agreed on two years.",
  actionItems: [{ text: "Send the offer", assignee: "Jo", dueOn: "2026-03-10" }],
  attendees: ["Ravi Shah"],
  note: null,
  link: { label: "Open in Harmony", url: "https://harmony.example/meetings/mtg_1" },
  severity: "info",
  lines: [],
};

function post(place: string, rest: Partial<Outgoing<"message">> = {}) {
  const push = slack.capabilities.message?.push;
  if (!push) throw new Error("Slack takes no messages");
  return push.apply(session, {
    record,
    externalId: null,
    version: null,
    idempotencyKey: "itm_1",
    follows: null,
    ...rest,
    place,
  });
}

const storedMessages = z.object({
  messages: z.array(
    z.looseObject({
      ts: z.string(),
      text: z.string(),
      isBot: z.boolean(),
      blocks: z.array(z.unknown()).nullable(),
      threadTs: z.string().nullable(),
      metadata: z.unknown(),
    }),
  ),
});

async function messagesIn(channel: string) {
  const [result] = await control({ do: "read", channel });
  return storedMessages.parse(result).messages.filter(({ isBot }) => isBot);
}

test("connecting ends with the workspace and exactly the scopes that were asked for", async () => {
  const reply = await authorize(sandbox, slack, "Acme");
  expect(reply).toMatchObject({ refreshToken: null, expiresInSeconds: null });
  expect([...(reply.scopes ?? [])].sort()).toEqual([...slack.auth.baseScopes].sort());
  expect(await slack.identify(sessionWith(slack, reply))).toMatchObject({
    accountId: "T9TK3CUKW",
    label: "Acme",
    facts: { url: "https://acme.slack.com/" },
    grantedScopes: expect.arrayContaining(["chat:write"]),
  });
});

test("channels come over several pages, without archived ones and private ones that it is not in", async () => {
  // Three pages: the method may be called every three seconds.
  await control({ do: "settings", pageSize: 20 });
  const choices = await choicesOf();
  const labels = choices.map(({ label }) => label);
  expect(labels).toEqual(expect.arrayContaining(["#general", "#sales", "#leadership"]));
  expect(labels).not.toContain("#old-website");
  expect(labels).not.toContain("#board-prep");
  expect(labels.length).toBeGreaterThan(40);
  expect(choices.find(({ label }) => label === "#leadership")?.hint).toBe("private");
});

describe("messages", () => {
  test("arrive with their blocks, go into a thread, and are changed in place", async () => {
    const sales = await channelId("#sales");
    const first = await post(sales);
    expect(first).toMatchObject({
      place: sales,
      url: expect.stringContaining(`/archives/${sales}/p`),
    });
    const [arrived] = await messagesIn(sales);
    expect(arrived).toMatchObject({
      ts: first.externalId,
      text: "Meeting processed: Renewal call (30 min)",
      threadTs: null,
    });
    expect(arrived?.blocks).toHaveLength(6);
    expect(JSON.stringify(arrived?.metadata)).toContain("itm_1");
    const reply = await post(sales, { follows: { place: sales, externalId: first.externalId } });
    expect((await messagesIn(sales)).find(({ ts }) => ts === reply.externalId)?.threadTs).toBe(
      first.externalId,
    );
    const changed = await post(sales, {
      externalId: first.externalId,
      record: { ...record, title: "Renewal call (corrected)" },
    });
    expect(changed.externalId).toBe(first.externalId);
    const all = await messagesIn(sales);
    expect(all).toHaveLength(2);
    expect(all[0]?.text).toContain("(corrected)");
  });

  test("of every kind and of the worst text are taken by the stand-in's check of blocks", async () => {
    const worst = "&<>:a: 🎉 ".repeat(3000);
    const kinds = [
      "meeting_failed",
      "insight_generated",
      "alert",
      "share",
      "digest",
      "test",
    ] as const;
    const channels = (await choicesOf()).filter(({ hint }) => hint === undefined);
    const rooms = channels.filter(({ label }) => label !== "#announcements");
    for (const [index, kind] of kinds.entries()) {
      const place = rooms[index]?.id ?? "";
      await post(place, {
        record: {
          ...record,
          kind,
          title: worst,
          body: worst,
          actionItems: Array.from({ length: 80 }, () => ({
            text: worst,
            assignee: worst,
            dueOn: null,
          })),
          note: { by: worst, text: worst },
          lines: Array.from({ length: 400 }, () => ({
            text: worst,
            url: "https://harmony.example/m",
          })),
        },
      });
      // Blocks that were refused would have arrived as plain text.
      expect((await messagesIn(place))[0]?.blocks).not.toBeNull();
    }
  });

  test("to a channel that was archived, removed or made read-only pause that channel only", async () => {
    const [sales, general] = [await channelId("#sales"), await channelId("#general")];
    await control({ do: "archive", channel: "#sales" });
    expect((await errorOf(post(sales))).fault).toMatchObject({
      kind: "place_unavailable",
      place: sales,
    });
    expect((await post(general)).place).toBe(general);
    expect((await errorOf(post("C0NOTTHERE1"))).fault).toMatchObject({
      kind: "place_unavailable",
      place: "C0NOTTHERE1",
    });
    const announcements = await channelId("#announcements");
    expect((await errorOf(post(announcements))).fault).toMatchObject({ kind: "place_unavailable" });
  });

  test("whose answer is lost are uncertain, one that was never sent is not", async () => {
    const sales = await channelId("#sales");
    const fault = { kind: "lose_answer", operation: "chat.postMessage" };
    await control({ do: "fault", fault });
    const lost = await errorOf(post(sales));
    expect(lost).toMatchObject({ isUncertain: true, fault: { kind: "transient" } });
    expect(await messagesIn(sales)).toHaveLength(1);
    const refused = { kind: "refused", operation: "chat.postMessage", code: "rate_limited" };
    await control({ do: "fault", fault: refused });
    const limited = await errorOf(post(await channelId("#general")));
    expect(limited).toMatchObject({ isUncertain: false, fault: { kind: "rate_limited" } });
  });
});

describe("the grant", () => {
  test("that ended at Slack is told apart from everything else", async () => {
    await control({
      do: "fault",
      fault: { kind: "refused", operation: "auth.test", code: "account_inactive" },
    });
    expect((await errorOf(slack.identify(session))).fault).toEqual({
      kind: "reauth",
      reason: "app_uninstalled",
    });
  });

  test("is ended by Disconnect, and ending it twice is no error", async () => {
    const reply = await authorize(sandbox, slack, "Acme");
    const registration = registrationOf(slack);
    await revokeGrant(registration, reply, false, signal());
    await revokeGrant(registration, reply, false, signal());
    expect((await errorOf(slack.identify(sessionWith(slack, reply)))).fault).toMatchObject({
      kind: "reauth",
    });
  });

  test("rotates where the app has rotation switched on", async () => {
    await control({ do: "settings", rotation: true });
    const first = await authorize(sandbox, slack, "Acme");
    expect(first.refreshToken).toMatch(/./);
    expect(first.expiresInSeconds).toBeGreaterThan(0);
    const second = await refreshGrant(registrationOf(slack), first.refreshToken ?? "", signal());
    expect(second.accessToken).not.toBe(first.accessToken);
    expect(second.refreshToken).not.toBe(first.refreshToken);
    expect(await slack.identify(sessionWith(slack, second))).toMatchObject({ label: "Acme" });
    const unknown = errorOf(refreshGrant(registrationOf(slack), "xoxe-1-unknown", signal()));
    expect((await unknown).fault).toEqual({ kind: "reauth", reason: "token_expired" });
  });
});

test("what Slack sends is signed, and says what happened", async () => {
  await control({ do: "archive", channel: "#sales" });
  const call = await waitFor("the call of Slack", () => receiver.received[0]);
  const request: RawRequest = {
    method: "POST",
    url: new URL("https://harmony.example/api/hooks/slack"),
    headers: new Headers(
      Object.entries(call.headers).map(
        ([name, value]) => [name, String(value)] as [string, string],
      ),
    ),
    body: call.body,
  };
  const known = { secret: "sandbox-slack-hook-secret", facts: {}, now: new Date() };
  expect(slack.webhooks?.verify(request, known)).toBe(true);
  expect(slack.webhooks?.verify(request, { ...known, secret: "another" })).toBe(false);
  expect(slack.webhooks?.read(request)).toEqual({
    hints: [{ kind: "choices_changed", setting: "channel", accountId: "T9TK3CUKW" }],
    callId: expect.stringMatching(/./),
  });
});
