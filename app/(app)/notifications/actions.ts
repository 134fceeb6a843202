"use server";

import { refresh } from "next/cache";
import { z } from "zod";
import { action } from "@/lib/http/action";
import * as notifications from "@/lib/notifications/service";

const id = z.string().min(1).max(60);
const shownInBell = 20;

/** The bell: how many are unread. */
export const countUnread = action({
  permission: null,
  input: z.strictObject({}),
  run: notifications.countUnread,
});

/** The bell's panel: the newest, and how many are unread. */
export const readBell = action({
  permission: null,
  input: z.strictObject({}),
  run: async (ctx) => {
    const [page, unread] = await Promise.all([
      notifications.listNotifications(ctx, { perPage: shownInBell }),
      notifications.countUnread(ctx),
    ]);
    return { rows: page.rows, unread };
  },
});

/** Marks one as read and says how many are still unread. */
export const markRead = action({
  permission: null,
  input: z.strictObject({ id }),
  run: async (ctx, input) => {
    await notifications.markRead(ctx, input);
    return await notifications.countUnread(ctx);
  },
});

/** The same from the list, which shows it. */
export const markReadHere = action({
  permission: null,
  input: z.strictObject({ id }),
  run: async (ctx, input) => {
    await notifications.markRead(ctx, input);
    refresh();
    return null;
  },
});

/** Marks everything up to one as read and says how many are still unread; the page shows it. */
export const markAllRead = action({
  permission: null,
  input: z.strictObject({ newestId: id }),
  run: async (ctx, input) => {
    await notifications.markAllRead(ctx, input);
    refresh();
    return await notifications.countUnread(ctx);
  },
});
