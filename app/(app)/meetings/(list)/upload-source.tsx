"use client";

import { CircleAlert, FileAudio, FileText, X } from "lucide-react";
import { UploadAddress } from "@/app/(app)/meetings/(list)/upload-address";
import type { UploadDraft } from "@/app/(app)/meetings/(list)/upload-draft";
import { Field } from "@/components/ui/field";
import { FileDrop } from "@/components/ui/file-drop";
import { formatBytes } from "@/components/ui/format";
import { IconButton } from "@/components/ui/icon-button";
import { RadioGroup, RadioItem } from "@/components/ui/radio-group";
import { Tabs, TabsContent, TabsList, TabsTrigger } from "@/components/ui/tabs";
import { Textarea } from "@/components/ui/textarea";
import { recordingPatterns, transcriptEndings } from "@/components/uploads/file-kinds";
import type { RemoteRecording } from "@/lib/uploads/import-url";

interface UploadSourceProps {
  readonly draft: UploadDraft;
  readonly maxBytes: number;
  readonly error: string | undefined;
  readonly onChange: (changes: Partial<UploadDraft>) => void;
  readonly onFiles: (files: readonly File[]) => void;
  readonly onRemote: (remote: RemoteRecording | null) => void;
}

// Both tabs take every file: one that belongs to the other tab leads there.
const accept = [...transcriptEndings, ...recordingPatterns];

/** Where the meeting comes from: a transcript (file or pasted text) or a recording (file or address). */
export function UploadSource(props: UploadSourceProps) {
  const { draft, error, onChange } = props;
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
        <Files
          {...props}
          label="Transcript file"
          hint="VTT, SRT, TXT or JSON, as Zoom, Teams and Meet export them."
        />
        {draft.files.length === 0 ? (
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
        <Recording {...props} />
      </TabsContent>
    </Tabs>
  );
}

function Recording(props: UploadSourceProps) {
  const { draft, error, maxBytes, onChange, onRemote } = props;
  return (
    <>
      <Field label="Where the recording is" group>
        <RadioGroup
          value={draft.way}
          onValueChange={(way) => onChange({ way: way === "url" ? way : "file" })}
          className="flex-row flex-wrap gap-x-5"
        >
          <RadioItem value="file" label="Upload" />
          <RadioItem value="url" label="URL" />
        </RadioGroup>
      </Field>
      {draft.way === "url" ? (
        <UploadAddress draft={draft} onChange={onChange} onRemote={onRemote} />
      ) : (
        <>
          <Files
            {...props}
            label="Recording"
            hint={`Audio or video (MP3, WAV, M4A, OGG, FLAC, AAC, GSM, MP4, WebM, MOV and others), at most ${formatBytes(maxBytes)}.`}
          />
          {error === undefined ? null : (
            <p role="alert" className="flex gap-1.5 text-danger-ink text-sm">
              <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
              {error}
            </p>
          )}
        </>
      )}
    </>
  );
}

interface FilesProps extends UploadSourceProps {
  readonly label: string;
  readonly hint: string;
}

/** The place for files, or what has been chosen. */
function Files({ draft, maxBytes, label, hint, onFiles }: FilesProps) {
  if (draft.files.length === 0) {
    return (
      <FileDrop
        label={label}
        hint={hint}
        accept={accept}
        maxBytes={maxBytes}
        multiple
        onFiles={onFiles}
      />
    );
  }
  return (
    <ul className="flex flex-col gap-2">
      {draft.files.map((file, index) => (
        <li key={`${file.name}-${file.size}-${file.lastModified}`}>
          <ChosenFile
            file={file}
            isAudio={draft.kind === "recording"}
            onRemove={() => onFiles(draft.files.filter((_, other) => other !== index))}
          />
        </li>
      ))}
    </ul>
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
