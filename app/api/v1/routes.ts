import * as contactMeetings from "@/app/api/v1/contacts/[id]/meetings/route";
import * as contact from "@/app/api/v1/contacts/[id]/route";
import * as contacts from "@/app/api/v1/contacts/route";
import * as insightData from "@/app/api/v1/insights/[id]/data/route";
import * as insight from "@/app/api/v1/insights/[id]/route";
import * as insights from "@/app/api/v1/insights/route";
import * as meetingInsights from "@/app/api/v1/meetings/[id]/insights/route";
import * as meeting from "@/app/api/v1/meetings/[id]/route";
import * as meetingStatus from "@/app/api/v1/meetings/[id]/status/route";
import * as meetingSummary from "@/app/api/v1/meetings/[id]/summary/route";
import * as meetingTranscript from "@/app/api/v1/meetings/[id]/transcript/route";
import * as meetings from "@/app/api/v1/meetings/route";
import * as upload from "@/app/api/v1/meetings/upload/route";
import type { Route } from "@/lib/http/endpoint";

/**
 * The one table of the public API, path → module. The fast lane and the OpenAPI document are made from it (the
 * document itself is beside it: it reads this table), and a test proves that it agrees with the file tree. A literal segment wins over a parameter, as in Next.
 */
export const routes: readonly (readonly [path: string, module: Route])[] = [
  ["/meetings", meetings],
  ["/meetings/upload", upload],
  ["/meetings/[id]", meeting],
  ["/meetings/[id]/transcript", meetingTranscript],
  ["/meetings/[id]/summary", meetingSummary],
  ["/meetings/[id]/insights", meetingInsights],
  ["/meetings/[id]/status", meetingStatus],
  ["/contacts", contacts],
  ["/contacts/[id]", contact],
  ["/contacts/[id]/meetings", contactMeetings],
  ["/insights", insights],
  ["/insights/[id]", insight],
  ["/insights/[id]/data", insightData],
];
