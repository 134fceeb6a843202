import type { Provider } from "@/lib/integrations/contract";
import {
  classifyGoogle,
  googleAuth,
  googleUrls,
  identifyGoogle,
  identityScopeWords,
} from "@/lib/integrations/families/google";
import {
  chosenCalendars,
  listCalendars,
  pageOfEvents,
  presetCalendars,
  stopWatching,
  watch,
} from "@/lib/integrations/providers/google_calendar/calls";
import {
  readNotification,
  verifyNotification,
} from "@/lib/integrations/providers/google_calendar/hooks";

const eventsScope = "https://www.googleapis.com/auth/calendar.events.readonly";
const listScope = "https://www.googleapis.com/auth/calendar.calendarlist.readonly";
const wholeCalendar = [
  "https://www.googleapis.com/auth/calendar.readonly",
  "https://www.googleapis.com/auth/calendar",
];

/** Events of the calendars that a person chose; nothing is ever written. */
export const googleCalendar: Provider = {
  slug: "google_calendar",
  name: "Google Calendar",
  category: "calendar",
  scope: "personal",
  purpose: "Meeting sync, upcoming meetings",
  envPrefix: "GOOGLE_CALENDAR",
  envFamily: "GOOGLE",
  urls: {
    ...googleUrls,
    api: { url: "https://www.googleapis.com", sandboxPath: "" },
  },
  auth: googleAuth({
    scopes: [eventsScope, listScope],
    impliedBy: {
      [eventsScope]: ["https://www.googleapis.com/auth/calendar.events", ...wholeCalendar],
      [listScope]: ["https://www.googleapis.com/auth/calendar.calendarlist", ...wholeCalendar],
    },
  }),
  scopeWords: {
    ...identityScopeWords,
    [eventsScope]: "Read your events: titles, times, attendees and video links",
    [listScope]: "List your calendars, so that you can choose among them",
  },
  identify: identifyGoogle,
  capabilities: {
    event: { pull: { scopes: [eventsScope], streams: chosenCalendars, page: pageOfEvents } },
  },
  dataOptions: {
    meeting_data: {
      what: "Titles, times and video links of your events, to show what is coming up",
      default: true,
    },
    action_items: { off: "A calendar has no action items", default: false },
    contacts: {
      what: "Attendees of a recorded meeting become its participants and contacts",
      default: true,
    },
    notes: { off: "Notes are not written to calendars", default: false },
  },
  wants: () => [],
  directions: ["import_only"],
  frequencies: ["realtime", "hourly", "daily", "manual"],
  defaultFrequency: "realtime",
  canBackfill: false,
  settings: [
    {
      key: "calendars",
      label: "Calendars",
      help: "Events of the calendars that you tick are read.",
      kind: "choices",
      isRequired: true,
      load: listCalendars,
      preset: presetCalendars,
    },
  ],
  webhooks: {
    kind: "subscription",
    verify: verifyNotification,
    read: readNotification,
    subscribe: watch,
    unsubscribe: stopWatching,
    resources: ["event"],
  },
  // Set a user in the Google Cloud console; 600 a minute is what a new project has.
  budget: { calls: 300, perMs: 60_000 },
  classify: classifyGoogle,
  notice:
    "Joining by itself is not available: send Companion to a meeting through Quick menu → Remote.",
};
