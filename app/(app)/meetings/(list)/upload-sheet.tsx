"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useEffect, useId, useState } from "react";
import { flushSync } from "react-dom";
import { importAddress } from "@/app/(app)/meetings/(list)/upload-actions";
import type { UploadOptions } from "@/app/(app)/meetings/(list)/upload-button";
import { UploadDetails } from "@/app/(app)/meetings/(list)/upload-details";
import {
  emptyDraft,
  fieldsOf,
  isFromUrl,
  missing,
  type UploadDraft,
  uploadsOf,
} from "@/app/(app)/meetings/(list)/upload-draft";
import { UploadSource } from "@/app/(app)/meetings/(list)/upload-source";
import { fieldErrors } from "@/app/(auth)/form-problem";
import type { ApiClientError } from "@/components/hooks/api-client";
import type { ActionError } from "@/components/hooks/use-action";
import { useAction } from "@/components/hooks/use-action";
import { Button } from "@/components/ui/button";
import { FormError } from "@/components/ui/form-error";
import type { Problem } from "@/components/ui/problem";
import { Sheet, SheetContent } from "@/components/ui/sheet";
import { titleOfFile, uploadKindOf } from "@/components/uploads/file-kinds";
import { isMoving } from "@/components/uploads/upload-items";
import { uploadQueue } from "@/components/uploads/upload-queue";
import { UploadRow } from "@/components/uploads/upload-row";
import { useUploads } from "@/components/uploads/use-uploads";

interface UploadSheetProps extends UploadOptions {
  readonly open: boolean;
  readonly onClose: () => void;
}

/** The upload of transcripts and recordings, in a sheet over the list. It may be closed while files are on their way. */
export function UploadSheet({ open, onClose, ...options }: UploadSheetProps) {
  return (
    <Sheet open={open} onOpenChange={(next) => (next ? undefined : onClose())}>
      <SheetContent title="Upload a meeting" size="md">
        <Upload {...options} onClose={onClose} />
      </SheetContent>
    </Sheet>
  );
}

interface UploadProps extends UploadOptions {
  readonly onClose: () => void;
}

/** The form, and then what was sent with it. */
function Upload(options: UploadProps) {
  const router = useRouter();
  const items = useUploads();
  const [draft, setDraft] = useState<UploadDraft>(() => emptyDraft(options.ownTeamId));
  const [sentIds, setSentIds] = useState<readonly string[]>([]);
  const [error, setError] = useState<ActionError | null>(null);

  const sent = items.filter(({ id }) => sentIds.includes(id));
  const [only] = sentIds.length === 1 ? sent : [];

  useEffect(() => {
    if (only?.phase === "done" && only.meetingId !== null) {
      uploadQueue.dismiss(only.id);
      // The sheet leaves the history with this step, so that Back returns to the plain list.
      router.replace(`/meetings/${only.meetingId}`);
    }
    if (only?.phase === "failed") {
      setError(only.error && asActionError(only.error));
      setSentIds([]);
      uploadQueue.dismiss(only.id);
    }
  }, [only, router]);

  useEffect(() => {
    uploadQueue.showInSheet(sentIds, true);
    return () => uploadQueue.showInSheet(sentIds, false);
  }, [sentIds]);

  if (sent.length > 0) {
    return (
      <div className="flex flex-col gap-5">
        <ul className="flex flex-col gap-5">
          {sent.map((item) => (
            <li key={item.id}>
              <UploadRow item={item} />
            </li>
          ))}
        </ul>
        {sent.some(isMoving) ? (
          <p role="status" className="text-ink-muted text-sm">
            You may close this and go on with your work: the upload stays in the corner of the page.
            Keep the tab open until it is complete.
          </p>
        ) : null}
        <div className="flex justify-end">
          <Button onClick={options.onClose}>Close</Button>
        </div>
      </div>
    );
  }
  return (
    <UploadForm
      {...options}
      draft={draft}
      error={error}
      onDraft={(changes) => {
        setDraft((known) => ({ ...known, ...changes }));
      }}
      onError={setError}
      onSent={setSentIds}
    />
  );
}

function asActionError(error: ApiClientError): ActionError {
  const { code, message, fix, request_id, details } = error;
  const known = typeof details === "object" && details !== null ? { ...details } : {};
  return { code, message, fix, request_id, details: known };
}

/** The refusal as a whole, unless fields of the form say it; the request id only for failures of ours. */
function refusal(error: ActionError | null): Problem | null {
  if (error === null) return null;
  if (Object.keys(fieldErrors(error)).some((name) => name !== "file" && name !== "url"))
    return null;
  return error.code === "server_error" ? error : { message: error.message, fix: error.fix };
}

interface UploadFormProps extends UploadProps {
  readonly draft: UploadDraft;
  readonly error: ActionError | null;
  readonly onDraft: (changes: Partial<UploadDraft>) => void;
  readonly onError: (error: ActionError | null) => void;
  readonly onSent: (ids: readonly string[]) => void;
}

function UploadForm(props: UploadFormProps) {
  const { teams, maxBytes, draft, error, onDraft, onError, onSent, onClose } = props;
  const router = useRouter();
  const formId = useId();
  const [gaps, setGaps] = useState<Record<string, string>>({});
  const importing = useAction(importAddress, {
    onSuccess: ({ id }) => router.replace(`/meetings/${id}`),
    onError,
  });
  const errors = { ...fieldErrors(error), ...gaps };

  const change = (changes: Partial<UploadDraft>) => {
    onDraft(changes);
    setGaps({});
  };
  const choose = (files: readonly File[]) => {
    onError(null);
    const [first] = files;
    if (!first) return change({ files });
    const title = draft.title === "" ? titleOfFile(first.name) : draft.title;
    const kind = uploadKindOf(first) ?? draft.kind;
    change({ files, title, kind, way: "file" });
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
    onError(null);
    if (isFromUrl(draft)) await importing.run({ url: draft.url, ...fieldsOf(draft) });
    else onSent(uploadQueue.add(uploadsOf(draft), true));
  };
  return (
    <form id={formId} method="post" noValidate onSubmit={submit} className="flex flex-col gap-5">
      <UploadSource
        draft={draft}
        maxBytes={maxBytes}
        error={gaps.file}
        onChange={change}
        onFiles={choose}
        onRemote={(remote) =>
          onDraft({
            remote,
            ...(remote && draft.title === "" ? { title: titleOfFile(remote.name) } : {}),
          })
        }
      />
      <UploadDetails draft={draft} teams={teams} errors={errors} onChange={change} />
      <FormError error={refusal(error)} />
      <div className="flex flex-col-reverse gap-2 sm:flex-row sm:justify-end">
        <Button onClick={onClose}>Cancel</Button>
        <Button
          type="submit"
          variant="primary"
          loading={importing.pending}
          disabled={isFromUrl(draft) && draft.remote === null}
        >
          Upload
        </Button>
      </div>
    </form>
  );
}
