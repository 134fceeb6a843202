"use client";

import { CircleCheck } from "lucide-react";
import type { UploadDraft } from "@/app/(app)/meetings/(list)/upload-draft";
import { useAddressCheck } from "@/app/(app)/meetings/(list)/use-address-check";
import { Field } from "@/components/ui/field";
import { formatBytes } from "@/components/ui/format";
import { Input } from "@/components/ui/input";
import { Spinner } from "@/components/ui/spinner";
import type { RemoteRecording } from "@/lib/uploads/import-url";

interface UploadAddressProps {
  readonly draft: UploadDraft;
  readonly onChange: (changes: Partial<UploadDraft>) => void;
  readonly onRemote: (remote: RemoteRecording | null) => void;
}

/** The address of a recording, which is looked at as soon as it has been entered. */
export function UploadAddress({ draft, onChange, onRemote }: UploadAddressProps) {
  const check = useAddressCheck(draft.url, onRemote);
  return (
    <div className="flex flex-col gap-2">
      <Field
        label="Address of the recording"
        hint="A link to the file itself that everyone can open, without signing in."
        error={check.state === "refused" ? check.why : undefined}
        required
      >
        <Input
          type="url"
          inputMode="url"
          autoComplete="off"
          spellCheck={false}
          mono
          maxLength={2048}
          placeholder="https://files.example.com/call.mp3"
          value={draft.url}
          onChange={(event) => onChange({ url: event.target.value })}
        />
      </Field>
      <div role="status" className="min-h-5 text-sm">
        {check.state === "checking" ? (
          <span className="flex items-center gap-1.5 text-ink-muted">
            <Spinner /> Looking at the address
          </span>
        ) : null}
        {check.state === "found" ? <Found remote={check.remote} /> : null}
      </div>
    </div>
  );
}

function Found({ remote }: { readonly remote: RemoteRecording }) {
  const facts = [
    remote.kind === "video" ? "Video" : "Audio",
    remote.contentType,
    remote.bytes === null ? "size unknown" : formatBytes(remote.bytes),
  ];
  return (
    <p className="flex items-start gap-1.5 text-success-ink">
      <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0" />
      <span className="min-w-0 break-words">
        {remote.name === "" ? "A recording" : remote.name} is there: {facts.join(", ")}
      </span>
    </p>
  );
}
