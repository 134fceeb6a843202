import { type GoogleAccount, googleError } from "../families/google";
import { type Answer, json } from "../http";
import type { Settings } from "../settings";
import type { Calendar, GoogleState } from "./state";
import { calendarView, type Role } from "./views";

const RESULTS_DEFAULT = 100;
const RESULTS_MAX = 250;
const roles: readonly string[] = ["freeBusyReader", "reader", "writer", "owner"];

/** calendarList.list: what an account can see, the least role first filtered. */
export function listCalendars(
  state: GoogleState,
  account: GoogleAccount,
  query: URLSearchParams,
  settings: Settings,
): Answer {
  const least = query.get("minAccessRole") ?? "freeBusyReader";
  const wanted = Number(query.get("maxResults") ?? RESULTS_DEFAULT);
  const offset = Number(query.get("pageToken") ?? 0);
  if (!roles.includes(least)) return googleError("invalid", { location: "minAccessRole" });
  if (!(Number.isInteger(wanted) && wanted > 0)) {
    return googleError("invalid", { location: "maxResults" });
  }
  if (!Number.isInteger(offset)) return googleError("invalid", { location: "pageToken" });
  const visible = Object.values(state.calendars).flatMap((calendar): [Calendar, Role][] => {
    const role = calendar.access[account.email];
    return role && roles.indexOf(role) >= roles.indexOf(least) ? [[calendar, role]] : [];
  });
  const end = offset + Math.min(wanted, RESULTS_MAX, settings.pageSize ?? RESULTS_MAX);
  const syncToken = Buffer.from(`list ${visible.length}`).toString("base64url");
  return json(200, {
    kind: "calendar#calendarList",
    etag: `"${visible.length}"`,
    ...(end < visible.length ? { nextPageToken: String(end) } : { nextSyncToken: syncToken }),
    items: visible.slice(offset, end).map(([one, role]) => calendarView(one, account, role)),
  });
}
