"use client";

import { CircleAlert, FileAudio, FileText, X } from "lucide-react";
import type { UploadDraft } from "@/app/(app)/meetings/(list)/upload-sheet";
import { Field } from "@/components/ui/field";
import { FileDrop } from "@/components/ui/file-drop";
import { formatBytes } from "@/components/ui/format";
import { IconButton } from "@/components/ui/icon-button";
import { Tabs, TabsContent, TabsList, TabsTrigger } from "@/components/ui/tabs";
import { Textarea } from "@/components/ui/textarea";
import { recordingPatterns, transcriptEndings } from "@/components/uploads/file-kinds";

interface UploadSourceProps {
  readonly draft: UploadDraft;
  readonly maxBytes: number;
  readonly error: string | undefined;
  readonly onChange: (changes: Partial<UploadDraft>) => void;
  readonly onFile: (file: File | null) => void;
}

// Both tabs take every file: one that belongs to the other tab leads there.
const accept = [...transcriptEndings, ...recordingPatterns];

/** Where the meeting comes from: a transcript (file or pasted text) or a recording. */
export function UploadSource({ draft, maxBytes, error, onChange, onFile }: UploadSourceProps) {
  const drop = (label: string, hint: string) =>
    draft.file === null ? (
      <FileDrop
        label={label}
        hint={hint}
        accept={accept}
        maxBytes={maxBytes}
        onFiles={([file]) => onFile(file ?? null)}
      />
    ) : (
      <ChosenFile
        file={draft.file}
        isAudio={draft.kind === "recording"}
        onRemove={() => onFile(null)}
      />
    );
  return (
    <Tabs
      value={draft.kind}
      onValueChange={(kind) => onChange({ kind: kind === "recording" ? kind : "transcript" })}
    >
      <TabsList aria-label="What to upload">
        <TabsTrigger value="transcript">Transcript</TabsTrigger>
        <TabsTrigger value="recording">Recording</TabsTrigger>
      </TabsList>
      <TabsContent value="transcript" className="flex flex-col gap-4">
        {drop("Transcript file", "VTT, SRT, TXT or JSON, as Zoom, Teams and Meet export them.")}
        {draft.file === null ? (
          <Field label="Or paste the transcript" error={error}>
            <Textarea
              rows={4}
              value={draft.pasted}
              placeholder={"Ada: Good morning, shall we start?\nTom: Yes, go ahead."}
              onChange={(event) => onChange({ pasted: event.target.value })}
              className="max-h-60 overflow-y-auto"
            />
          </Field>
        ) : null}
      </TabsContent>
      <TabsContent value="recording" className="flex flex-col gap-4">
        {drop(
          "Recording",
          `Audio or video (MP3, WAV, M4A, OGG, FLAC, AAC, GSM, MP4, WebM, MOV), at most ${formatBytes(maxBytes)}.`,
        )}
        {error === undefined ? null : (
          <p role="alert" className="flex gap-1.5 text-danger-ink text-sm">
            <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
            {error}
          </p>
        )}
        <p className="text-ink-muted text-sm">
          A recording needs a transcription engine. Where none is set up it is kept, and its meeting
          waits for a retry.
        </p>
      </TabsContent>
    </Tabs>
  );
}

interface ChosenFileProps {
  readonly file: File;
  readonly isAudio: boolean;
  readonly onRemove: () => void;
}

function ChosenFile({ file, isAudio, onRemove }: ChosenFileProps) {
  const Icon = isAudio ? FileAudio : FileText;
  return (
    <div className="flex items-center gap-3 rounded-lg border bg-canvas py-2.5 pr-2 pl-3">
      <Icon aria-hidden className="size-5 shrink-0 text-ink-faint" />
      <span className="min-w-0 flex-1">
        <span className="block truncate font-medium text-base">{file.name}</span>
        <span className="text-ink-muted text-sm">{formatBytes(file.size)}</span>
      </span>
      <IconButton label={`Remove ${file.name}`} size="sm" onClick={onRemove}>
        <X />
      </IconButton>
    </div>
  );
}
