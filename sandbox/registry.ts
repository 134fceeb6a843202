import { googleCalendar } from "./google_calendar/index";
import { slack } from "./slack/index";
import type { ToolDefinition } from "./tool";

/** All stand-ins, in the order of the index page. */
export const tools: readonly ToolDefinition[] = [slack, googleCalendar];
