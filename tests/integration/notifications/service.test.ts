import { describe, expect, test } from "vitest";
import { db } from "@/db/client";
import { principalOfApiKey } from "@/lib/auth/api-key-principal";
import type { Context } from "@/lib/auth/principal";
import {
  countUnread,
  listNotifications,
  markAllRead,
  markRead,
  readPreferences,
  setPreference,
} from "@/lib/notifications/service";
import { notify } from "@/lib/notify/notify";
import { type Member, makeKey, makeMember, makeWorkspace } from "../../support/factories";

async function tell(person: Member, count: number, changes: { incidentKey?: string } = {}) {
  for (let n = 1; n <= count; n += 1) {
    await notify(db(), {
      workspaceId: person.workspaceId,
      to: { userIds: [person.userId] },
      type: n % 2 === 0 ? "sync_error" : "meeting_failed",
      severity: "error",
      title: `Notice ${n}`,
      body: "Something happened. Do something.",
      link: "/meetings",
      // Several at the same instant: the position tells them apart all the same.
      now: new Date(Date.UTC(2026, 10, 1, 9, Math.floor(n / 3))),
      ...changes,
    });
  }
}

const titles = (page: { readonly rows: readonly { readonly title: string }[] }) =>
  page.rows.map(({ title }) => title);

describe("the list", () => {
  test("comes newest first, in pages that neither skip nor repeat, with its filters", async () => {
    const { admin } = await makeWorkspace();
    await tell(admin, 7);
    const ctx = await admin.ctx();
    const seen: string[] = [];
    let cursor: string | null | undefined;
    do {
      const page = await listNotifications(ctx, {
        perPage: 3,
        ...(cursor ? { cursor } : {}),
      });
      seen.push(...titles(page));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect([...seen].sort()).toEqual([1, 2, 3, 4, 5, 6, 7].map((n) => `Notice ${n}`));
    expect(seen.slice(0, 2).sort()).toEqual(["Notice 6", "Notice 7"]);
    const errors = await listNotifications(ctx, { filters: { type: "sync_error" } });
    expect(titles(errors).sort()).toEqual(["Notice 2", "Notice 4", "Notice 6"]);
    await markRead(ctx, { id: errors.rows[0]?.id ?? "" });
    const unread = await listNotifications(ctx, { filters: { type: "sync_error", unread: "1" } });
    expect(unread.rows).toHaveLength(2);
  });

  test("tells how often the trouble came back and whether it lasts", async () => {
    const { admin } = await makeWorkspace();
    const key = { incidentKey: "connection:7" };
    await tell(admin, 1, key);
    await tell(admin, 1, key);
    await tell(admin, 1, key);
    const { rows } = await listNotifications(await admin.ctx());
    expect(rows).toMatchObject([{ title: "Notice 1", count: 3, isOpen: true, isRead: false }]);
  });

  test("a position from elsewhere is refused", async () => {
    const { admin } = await makeWorkspace();
    await expect(listNotifications(await admin.ctx(), { cursor: "x" })).rejects.toMatchObject({
      code: "invalid_request",
    });
  });
});

describe("reading", () => {
  test("one is read once, all are read up to the newest that was seen", async () => {
    const { admin } = await makeWorkspace();
    await tell(admin, 6);
    const ctx = await admin.ctx();
    expect(await countUnread(ctx)).toBe(6);
    const { rows } = await listNotifications(ctx);
    await markRead(ctx, { id: rows[3]?.id ?? "" });
    await markRead(ctx, { id: rows[3]?.id ?? "" });
    expect(await countUnread(ctx)).toBe(5);
    await markAllRead(ctx, { newestId: rows[2]?.id ?? "" });
    expect(await countUnread(ctx)).toBe(2);
    await markAllRead(ctx, { newestId: rows[0]?.id ?? "" });
    expect(await countUnread(ctx)).toBe(0);
  });

  test("somebody else's is not found, and what one person reads stays unread for the other", async () => {
    const workspace = await makeWorkspace();
    const other = await makeMember(workspace, { role: "admin" });
    await tell(workspace.admin, 1);
    await tell(other, 1);
    const mine = await listNotifications(await workspace.admin.ctx());
    const id = mine.rows[0]?.id ?? "";
    const ctx = await other.ctx();
    const refusal = { code: "not_found" };
    await expect(markRead(ctx, { id })).rejects.toMatchObject(refusal);
    await expect(markAllRead(ctx, { newestId: id })).rejects.toMatchObject(refusal);
    await markRead(await workspace.admin.ctx(), { id });
    expect(await countUnread(await other.ctx())).toBe(1);
  });

  test("the count stops at a hundred", async () => {
    const { admin } = await makeWorkspace();
    await tell(admin, 105);
    expect(await countUnread(await admin.ctx())).toBe(100);
  });

  test("an API key has no notifications", async () => {
    const { admin } = await makeWorkspace();
    const { token } = await makeKey(admin);
    const found = await principalOfApiKey(token, true);
    if (!found.ok) throw new Error("the key does not work");
    const ctx: Context = { ...(await admin.ctx()), principal: found.principal };
    await expect(listNotifications(ctx)).rejects.toMatchObject({ code: "forbidden" });
  });
});

describe("preferences", () => {
  test("begin as the grid of D-31, and are a person's own in each workspace", async () => {
    const { admin } = await makeWorkspace();
    const on = async (person: Member) =>
      (await readPreferences(await person.ctx())).map(({ alert, cells }) => [
        alert,
        ...cells.filter(({ isOn }) => isOn).map(({ channel }) => channel),
      ]);
    const begin = [
      ["connection_status_changed", "in_app", "email"],
      ["sync_error", "in_app", "email"],
      ["sync_succeeded"],
    ];
    expect(await on(admin)).toEqual(begin);
    const ctx = await admin.ctx();
    await setPreference(ctx, { alert: "sync_error", channel: "email", enabled: false });
    await setPreference(ctx, { alert: "sync_succeeded", channel: "in_app", enabled: true });
    await setPreference(ctx, { alert: "sync_succeeded", channel: "in_app", enabled: true });
    expect(await on(admin)).toEqual([
      ["connection_status_changed", "in_app", "email"],
      ["sync_error", "in_app"],
      ["sync_succeeded", "in_app"],
    ]);
    const { admin: elsewhere } = await makeWorkspace();
    expect(await on(elsewhere)).toEqual(begin);
  });

  test("what is locked, or needs a tool that is not connected, is refused with the reason", async () => {
    const { admin } = await makeWorkspace();
    const ctx = await admin.ctx();
    await expect(
      setPreference(ctx, { alert: "sync_error", channel: "in_app", enabled: false }),
    ).rejects.toMatchObject({ code: "invalid_request" });
    await expect(
      setPreference(ctx, { alert: "sync_error", channel: "slack", enabled: true }),
    ).rejects.toMatchObject({ code: "invalid_request", fix: "Connect Slack to use this." });
  });
});
