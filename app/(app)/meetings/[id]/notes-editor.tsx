"use client";

import { NotebookPen, Pencil } from "lucide-react";
import { useRouter } from "next/navigation";
import { type KeyboardEvent, type ReactNode, useState } from "react";
import { previewNotes, saveNotes } from "@/app/(app)/meetings/[id]/actions";
import { NotesConflict } from "@/app/(app)/meetings/[id]/notes-conflict";
import { useDraft } from "@/app/(app)/meetings/[id]/use-draft";
import { formProblem } from "@/app/(auth)/form-problem";
import { type ActionError, useAction } from "@/components/hooks/use-action";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { Field } from "@/components/ui/field";
import { FormError } from "@/components/ui/form-error";
import { formatNumber } from "@/components/ui/format";
import { RelativeTime } from "@/components/ui/relative-time";
import { Spinner } from "@/components/ui/spinner";
import { Tabs, TabsContent, TabsList, TabsTrigger } from "@/components/ui/tabs";
import { Textarea } from "@/components/ui/textarea";
import { toast } from "@/components/ui/toast";
import type { MeetingNotes } from "@/lib/meetings/notes";

interface NotesEditorProps {
  readonly meetingId: string;
  readonly notes: MeetingNotes;
  readonly mayUpdate: boolean;
  readonly maxLength: number;
  /** The notes as they read, or null when there are none. */
  readonly children: ReactNode;
}

/** The notes to read, and the editor for those who may write. */
export function NotesEditor({ children, ...props }: NotesEditorProps) {
  const { notes, mayUpdate } = props;
  const draft = useDraft(props.meetingId);
  const [editing, setEditing] = useState(false);
  if (mayUpdate && (editing || draft.stored !== null)) {
    return <Writing {...props} draft={draft} onClose={() => setEditing(false)} />;
  }
  if (children === null) {
    return (
      <EmptyState
        icon={NotebookPen}
        title="No notes yet"
        action={
          mayUpdate ? <Button onClick={() => setEditing(true)}>Write notes</Button> : undefined
        }
      >
        What should be remembered beside the transcript. Markdown works.
      </EmptyState>
    );
  }
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <LastWritten notes={notes} />
        {mayUpdate ? (
          <Button size="sm" onClick={() => setEditing(true)}>
            <Pencil />
            Edit
          </Button>
        ) : null}
      </div>
      {children}
    </div>
  );
}

function LastWritten({ notes }: { readonly notes: MeetingNotes }) {
  if (notes.updatedAt === null) return <span />;
  return (
    <p className="text-ink-muted text-sm">
      {notes.updatedBy ?? "A former member"} ·{" "}
      <RelativeTime value={notes.updatedAt} format="datetime" />
    </p>
  );
}

/** The text that somebody else has saved meanwhile, out of a refusal. */
function theirsIn(error: ActionError | null): MeetingNotes | null {
  if (error?.code !== "conflict") return null;
  const current = error.details?.current;
  return typeof current === "object" && current !== null && "version" in current
    ? (current as MeetingNotes)
    : null;
}

interface WritingProps extends Omit<NotesEditorProps, "children" | "mayUpdate"> {
  readonly draft: ReturnType<typeof useDraft>;
  readonly onClose: () => void;
}

function Writing({ meetingId, notes, maxLength, draft, onClose }: WritingProps) {
  // A draft that was left lying goes on from the version that it was begun on.
  const [version, setVersion] = useState(draft.stored?.version ?? notes.version);
  const [text, setText] = useState(draft.stored?.markdown ?? notes.markdown);
  const router = useRouter();
  const close = () => {
    draft.clear();
    onClose();
  };
  const saving = useAction(saveNotes, {
    onSuccess: () => {
      toast.success("Notes saved");
      close();
    },
  });
  const theirs = theirsIn(saving.error);

  const takeTheirs = () => {
    close();
    router.refresh();
  };
  const write = (next: string) => {
    setText(next);
    draft.keep({ markdown: next, version });
  };
  const save = (over = version) => {
    setVersion(over);
    void saving.run({ meetingId, markdown: text, version: over });
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || !(event.metaKey || event.ctrlKey)) return;
    event.preventDefault();
    save();
  };
  return (
    <div className="flex flex-col gap-3">
      <WriteOrPreview text={text} maxLength={maxLength} onChange={write} onKeyDown={keys} />
      {theirs === null ? (
        <FormError error={formProblem(saving.error)} />
      ) : (
        <NotesConflict
          theirs={theirs}
          pending={saving.pending}
          onKeepMine={() => save(theirs.version)}
          onTakeTheirs={takeTheirs}
        />
      )}
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="text-ink-faint text-xs tabular-nums">
          {text.length > maxLength * 0.9
            ? `${formatNumber(text.length)} of ${formatNumber(maxLength)} characters`
            : "Markdown works. Ctrl or ⌘ with Enter saves."}
        </p>
        <div className="flex gap-2">
          <Button onClick={close}>{text === notes.markdown ? "Cancel" : "Discard changes"}</Button>
          <Button variant="primary" loading={saving.pending} onClick={() => save()}>
            Save notes
          </Button>
        </div>
      </div>
    </div>
  );
}

interface WriteOrPreviewProps {
  readonly text: string;
  readonly maxLength: number;
  readonly onChange: (text: string) => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

function WriteOrPreview({ text, maxLength, onChange, onKeyDown }: WriteOrPreviewProps) {
  const [shown, setShown] = useState<ReactNode>(null);
  const preview = useAction(previewNotes, { onSuccess: setShown });
  const change = (tab: string) => {
    if (tab === "preview") void preview.run({ markdown: text });
  };
  return (
    <Tabs defaultValue="write" onValueChange={change}>
      <TabsList aria-label="Notes">
        <TabsTrigger value="write">Write</TabsTrigger>
        <TabsTrigger value="preview">Preview</TabsTrigger>
      </TabsList>
      <TabsContent value="write">
        <Field label="Notes" hideLabel>
          <Textarea
            rows={12}
            maxLength={maxLength}
            value={text}
            autoFocus
            onChange={(event) => onChange(event.target.value)}
            onKeyDown={onKeyDown}
            className="max-h-[60dvh] overflow-y-auto"
          />
        </Field>
      </TabsContent>
      <TabsContent value="preview" className="min-h-60">
        {preview.pending ? <Spinner label="Making the preview" /> : null}
        {preview.error === null ? shown : <FormError error={preview.error} />}
      </TabsContent>
    </Tabs>
  );
}
