import type { UploadOptions } from "@/app/(app)/meetings/(list)/upload-button";
import { titleOfFile, type UploadKind } from "@/components/uploads/file-kinds";
import type { WantedUpload } from "@/components/uploads/upload-items";
import type { RemoteRecording } from "@/lib/uploads/import-url";
import type { UploadFields } from "@/lib/uploads/schema";

/** What the form holds; text as its controls have it. */
export interface UploadDraft {
  readonly kind: UploadKind;
  /** Where a recording comes from. */
  readonly way: "file" | "url";
  readonly files: readonly File[];
  readonly pasted: string;
  readonly url: string;
  /** What is at the address; null until it has been looked at. */
  readonly remote: RemoteRecording | null;
  readonly title: string;
  /** Local date and time, as `datetime-local` has it. */
  readonly date: string;
  readonly teamId: string;
  readonly contactEmail: string;
  readonly medium: string;
  readonly language: string;
  /** 1 to 20, or "" when nobody said so. */
  readonly speakers: string;
}

/** This minute in the viewer's zone, as `datetime-local` wants it. */
function localNow(): string {
  const now = new Date();
  return new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

export function emptyDraft(teamId: string): UploadDraft {
  return {
    kind: "transcript",
    way: "file",
    files: [],
    pasted: "",
    url: "",
    remote: null,
    title: "",
    date: localNow(),
    teamId,
    contactEmail: "",
    medium: "video_call",
    language: "auto",
    speakers: "",
  };
}

export function isFromUrl(draft: UploadDraft): boolean {
  return draft.kind === "recording" && draft.way === "url";
}

function missingSource(draft: UploadDraft): string | null {
  if (isFromUrl(draft) || draft.files.length > 0) return null;
  if (draft.kind === "recording") return "Choose a recording.";
  return draft.pasted.trim() === "" ? "Choose a file or paste the transcript." : null;
}

/** What is missing before anything needs to be sent. */
export function missing(draft: UploadDraft, teams: UploadOptions["teams"]): Record<string, string> {
  const fields: Record<string, string> = {};
  const source = missingSource(draft);
  if (source !== null) fields.file = source;
  if (draft.files.length < 2 && draft.title.trim() === "") {
    fields.title = "Give the meeting a title.";
  }
  if (draft.date === "") fields.date = "Say when the meeting was.";
  if (teams.length > 0 && draft.teamId === "") {
    fields.team_id = "Choose the team that it belongs to.";
  }
  return fields;
}

/** The fields as the service takes them. */
export function fieldsOf(draft: UploadDraft): UploadFields {
  const isRecording = draft.kind === "recording";
  return {
    title: draft.title.trim(),
    date: new Date(draft.date).toISOString(),
    team_id: draft.teamId || undefined,
    contact_email: draft.contactEmail.trim() || undefined,
    medium: draft.medium as UploadFields["medium"],
    language: isRecording ? draft.language : undefined,
    speakers: (isRecording && draft.speakers) || undefined,
  };
}

/** The files to send; several have their names for titles, and a pasted transcript is one, too. */
export function uploadsOf(draft: UploadDraft): WantedUpload[] {
  const fields = fieldsOf(draft);
  if (draft.files.length > 0) {
    const isOne = draft.files.length === 1;
    return draft.files.map((file) => ({
      file,
      fields: isOne ? fields : { ...fields, title: titleOfFile(file.name) || undefined },
      source: "upload",
    }));
  }
  const file = new File([draft.pasted], "pasted-transcript.txt", { type: "text/plain" });
  return [{ file, fields, source: "transcript_paste" }];
}
