"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useId, useState } from "react";
import { flushSync } from "react-dom";
import type { UploadOptions } from "@/app/(app)/meetings/(list)/upload-button";
import { UploadDetails } from "@/app/(app)/meetings/(list)/upload-details";
import { UploadSource } from "@/app/(app)/meetings/(list)/upload-source";
import { fieldErrors } from "@/app/(auth)/form-problem";
import type { ApiClientError } from "@/components/hooks/api-client";
import { Button } from "@/components/ui/button";
import { FormError } from "@/components/ui/form-error";
import { formatBytes } from "@/components/ui/format";
import type { Problem } from "@/components/ui/problem";
import { ProgressBar } from "@/components/ui/progress";
import { Sheet, SheetContent } from "@/components/ui/sheet";
import { titleOfFile, type UploadKind, uploadKindOf } from "@/components/uploads/file-kinds";
import type { UploadProgress } from "@/components/uploads/send-upload";
import { useUpload } from "@/components/uploads/use-upload";
import type { UploadFields } from "@/lib/uploads/schema";

interface UploadSheetProps extends UploadOptions {
  readonly open: boolean;
  readonly onClose: () => void;
}

/** The upload of a transcript or recording, in a sheet over the list. */
export function UploadSheet({ open, onClose, ...options }: UploadSheetProps) {
  const [busy, setBusy] = useState(false);
  const formId = useId();
  return (
    <Sheet open={open} onOpenChange={(next) => (next || busy ? undefined : onClose())}>
      <SheetContent title="Upload a meeting" size="md">
        <UploadForm {...options} formId={formId} onBusy={setBusy} onClose={onClose} />
      </SheetContent>
    </Sheet>
  );
}

/** What the form holds; text as its controls have it. */
export interface UploadDraft {
  readonly kind: UploadKind;
  readonly file: File | null;
  readonly pasted: string;
  readonly title: string;
  /** Local date and time, as `datetime-local` has it. */
  readonly date: string;
  readonly teamId: string;
  readonly contactEmail: string;
  readonly medium: string;
}

/** This minute in the viewer's zone, as `datetime-local` wants it. */
function localNow(): string {
  const now = new Date();
  return new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** What is missing before anything needs to be sent. */
function missing(draft: UploadDraft, teams: UploadOptions["teams"]): Record<string, string> {
  const fields: Record<string, string> = {};
  if (draft.kind === "recording" && draft.file === null) fields.file = "Choose a recording.";
  if (draft.kind === "transcript" && draft.file === null && draft.pasted.trim() === "") {
    fields.file = "Choose a file or paste the transcript.";
  }
  if (draft.title.trim() === "") fields.title = "Give the meeting a title.";
  if (draft.date === "") fields.date = "Say when the meeting was.";
  if (teams.length > 0 && draft.teamId === "")
    fields.team_id = "Choose the team that it belongs to.";
  return fields;
}

function fieldsOf(draft: UploadDraft): UploadFields {
  return {
    title: draft.title.trim(),
    date: new Date(draft.date).toISOString(),
    team_id: draft.teamId || undefined,
    contact_email: draft.contactEmail.trim() || undefined,
    medium: draft.medium as UploadFields["medium"],
  };
}

/** The sentences about single fields in a refusal. */
function refusedFields(error: ApiClientError | null): Readonly<Record<string, string>> {
  if (error === null || typeof error.details !== "object" || error.details === null) return {};
  return fieldErrors({ code: error.code, message: error.message, details: { ...error.details } });
}

/** The refusal as a whole, unless fields of the form say it; the request id only for failures of ours. */
function refusal(error: ApiClientError | null): Problem | null {
  if (error === null) return null;
  if (Object.keys(refusedFields(error)).some((name) => name !== "file")) return null;
  return error.status >= 500 ? error : { message: error.message, fix: error.fix };
}

interface UploadFormProps extends UploadOptions {
  readonly formId: string;
  readonly onBusy: (busy: boolean) => void;
  readonly onClose: () => void;
}

function UploadForm({ teams, ownTeamId, maxBytes, formId, onBusy, onClose }: UploadFormProps) {
  const router = useRouter();
  const [draft, setDraft] = useState<UploadDraft>(() => ({
    kind: "transcript",
    file: null,
    pasted: "",
    title: "",
    date: localNow(),
    teamId: ownTeamId,
    contactEmail: "",
    medium: "video_call",
  }));
  const [gaps, setGaps] = useState<Record<string, string>>({});
  // The sheet leaves the history with this step, so that Back returns to the plain list.
  const upload = useUpload(({ id }) => router.replace(`/meetings/${id}`));
  const errors = { ...refusedFields(upload.error), ...gaps };

  const change = (changes: Partial<UploadDraft>) => {
    setDraft((known) => ({ ...known, ...changes }));
    setGaps({});
  };
  const choose = (file: File | null) => {
    upload.clearError();
    if (file === null) return change({ file });
    const title = draft.title === "" ? titleOfFile(file.name) : draft.title;
    change({ file, title, kind: uploadKindOf(file) ?? draft.kind });
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const found = missing(draft, teams);
    // The marks have to be there before the first of them is looked for.
    flushSync(() => setGaps(found));
    if (Object.keys(found).length > 0) {
      document.getElementById(formId)?.querySelector<HTMLElement>("[aria-invalid]")?.focus();
      return;
    }
    const isPaste = draft.file === null;
    onBusy(true);
    await upload.start({
      file: draft.file ?? new File([draft.pasted], "pasted-transcript.txt", { type: "text/plain" }),
      fields: fieldsOf(draft),
      source: isPaste ? "transcript_paste" : "upload",
    });
    onBusy(false);
  };
  if (upload.progress) {
    return (
      <Sending
        name={draft.file?.name ?? draft.title}
        progress={upload.progress}
        onCancel={upload.cancel}
      />
    );
  }
  return (
    <form id={formId} method="post" noValidate onSubmit={submit} className="flex flex-col gap-5">
      <UploadSource
        draft={draft}
        maxBytes={maxBytes}
        error={gaps.file}
        onChange={change}
        onFile={choose}
      />
      <UploadDetails draft={draft} teams={teams} errors={errors} onChange={change} />
      <FormError error={refusal(upload.error)} />
      <div className="flex flex-col-reverse gap-2 sm:flex-row sm:justify-end">
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary">
          Upload
        </Button>
      </div>
    </form>
  );
}

interface SendingProps {
  readonly name: string;
  readonly progress: UploadProgress;
  readonly onCancel: () => void;
}

function Sending({ name, progress, onCancel }: SendingProps) {
  const { sent, total } = progress;
  const percent = total === 0 ? 0 : Math.floor((sent / total) * 100);
  const done = sent >= total;
  return (
    <div className="flex flex-col gap-3">
      <p className="break-words font-medium text-base">{name}</p>
      <ProgressBar label={`Upload of ${name}`} value={done ? null : percent} />
      <div className="flex items-baseline justify-between gap-4 text-ink-muted text-sm tabular-nums">
        <span>
          {formatBytes(sent)} of {formatBytes(total)}
        </span>
        <span>{done ? "Checking the file" : `${percent}%`}</span>
      </div>
      <p role="status" className="sr-only">
        {done ? "Sent. Harmony is checking the file." : "Uploading"}
      </p>
      <p className="text-ink-muted text-sm">
        Keep this page open until the upload is complete. The processing afterwards goes on without
        you.
      </p>
      <div className="flex justify-end">
        <Button onClick={onCancel}>Cancel upload</Button>
      </div>
    </div>
  );
}
