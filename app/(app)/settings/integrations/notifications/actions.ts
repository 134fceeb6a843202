"use server";

import { action } from "@/lib/http/action";
import * as notifications from "@/lib/notifications/service";

/** Switches one alert of the signed-in person on one channel. */
export const setPreference = action({
  permission: null,
  input: notifications.preferenceInput,
  run: async (ctx, input) => {
    await notifications.setPreference(ctx, input);
    return null;
  },
});

/** Chooses one alert on one channel for one connection; null goes back to the general choice. */
export const setAlertChoice = action({
  permission: null,
  input: notifications.alertChoiceInput,
  run: async (ctx, input) => {
    await notifications.setAlertChoice(ctx, input);
    return null;
  },
});
