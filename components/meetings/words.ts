import type { MeetingDetail, StatusView } from "@/lib/meetings/schema";

// What the values of a meeting are called on our pages.

type Status = StatusView["status"];
type Stage = NonNullable<StatusView["stage"]>;

export const mediumWords: Readonly<Record<MeetingDetail["medium"], string>> = {
  video_call: "Video call",
  phone_call: "Phone call",
  in_person: "In person",
  other: "Other",
};

export const sourceWords: Readonly<Record<MeetingDetail["source"], string>> = {
  companion_bot: "Companion",
  upload: "Upload",
  url_import: "Import from a link",
  transcript_paste: "Pasted transcript",
  zoom: "Zoom",
  google_meet: "Google Meet",
  microsoft_teams: "Microsoft Teams",
  talkdesk: "Talkdesk",
  api: "API",
};

export const statusWords: Readonly<Record<Status, string>> = {
  recording: "Recording",
  queued: "Queued",
  processing: "Processing",
  processed: "Processed",
  failed: "Failed",
};

/** The steps of processing in their order, as they are told while they last. */
export const stageWords: readonly { readonly stage: Stage; readonly label: string }[] = [
  { stage: "transcribing", label: "Getting the transcript" },
  { stage: "summarizing", label: "Writing the summary" },
  { stage: "generating_insights", label: "Answering the insight questions" },
];

/** What is going on with a meeting that is not finished, in one sentence. */
export function progressWords(status: Status, stage: StatusView["stage"]): string {
  if (status === "recording") return "The meeting is being recorded";
  if (status === "queued") return "Waiting for its turn";
  return stageWords.find((step) => step.stage === stage)?.label ?? "Getting started";
}

/** True while a meeting can still change by itself. */
export function isOpen(status: Status): boolean {
  return status === "queued" || status === "processing" || status === "recording";
}
