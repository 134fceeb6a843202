"use client";

import { useRouter } from "next/navigation";
import { type KeyboardEvent, useState } from "react";
import { editTurn } from "@/app/(app)/meetings/[id]/actions";
import { fieldErrors, formProblem } from "@/app/(auth)/form-problem";
import { type ActionError, useAction } from "@/components/hooks/use-action";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { FormError } from "@/components/ui/form-error";
import { NativeSelect } from "@/components/ui/native-select";
import { Notice } from "@/components/ui/notice";
import { Textarea } from "@/components/ui/textarea";
import { toast } from "@/components/ui/toast";
import type { PageTurn } from "@/lib/meetings/page-queries";

interface TurnEditorProps {
  readonly meetingId: string;
  readonly version: number;
  readonly turn: number;
  readonly content: PageTurn;
  readonly speakers: readonly string[];
  readonly spoken: readonly number[];
  readonly onDone: () => void;
}

interface Seen {
  readonly text: string;
  readonly speaker: number;
}

interface Theirs extends Seen {
  readonly name: string;
  readonly by: string | null;
  readonly version: number;
}

/** What somebody else has made of the turn meanwhile, when that is why a correction was refused. */
function theirsOf(error: ActionError): Theirs | null {
  const { reason, version, editedBy, turn } = error.details ?? {};
  if (reason !== "transcript_changed" || typeof turn !== "object" || turn === null) return null;
  const { text, speaker, name } = turn as Partial<Theirs>;
  if (text === undefined || speaker === undefined || name === undefined) return null;
  if (typeof version !== "number") return null;
  return { text, speaker, name, version, by: typeof editedBy === "string" ? editedBy : null };
}

/** Corrects the words of a turn and who said them. Ctrl or ⌘ with Enter saves, Escape leaves it as it was. */
export function TurnEditor(props: TurnEditorProps) {
  const { meetingId, turn, content, speakers, spoken, onDone } = props;
  const router = useRouter();
  const [text, setText] = useState(content[2]);
  const [speaker, setSpeaker] = useState(String(content[0]));
  // What the correction is made on; moves only when the person has seen the newer text.
  const [base, setBase] = useState({
    version: props.version,
    was: { text: content[2], speaker: content[0] } satisfies Seen,
  });
  const [theirs, setTheirs] = useState<Theirs | null>(null);
  const action = useAction(editTurn, {
    onSuccess: () => {
      toast.success("Turn corrected");
      onDone();
    },
    onError: (error) => setTheirs(theirsOf(error)),
  });
  const save = (on = base) =>
    void action.run({
      meetingId,
      turn,
      text,
      speaker: speaker === "new" ? "new" : Number(speaker),
      ...on,
    });
  const replace = (other: Theirs) => {
    const next = { version: other.version, was: { text: other.text, speaker: other.speaker } };
    setBase(next);
    setTheirs(null);
    save(next);
  };
  const press = (event: KeyboardEvent) => {
    if (event.key === "Escape") onDone();
    if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) save();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys belong to the controls in it
    <div onKeyDown={press} className="flex max-w-prose flex-col gap-3 py-1">
      <Field label="Said by" className="max-w-64">
        <NativeSelect value={speaker} onChange={(event) => setSpeaker(event.target.value)}>
          {spoken.map((index) => (
            <option key={index} value={index}>
              {speakers[index]}
            </option>
          ))}
          <option value="new">Somebody else (a new speaker)</option>
        </NativeSelect>
      </Field>
      <Field label="What was said" error={fieldErrors(action.error).text}>
        <Textarea
          autoFocus
          rows={3}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </Field>
      {theirs === null ? (
        <FormError error={formProblem(action.error)} />
      ) : (
        <Notice
          tone="warning"
          live="alert"
          title={`${theirs.by ?? "Somebody"} corrected this turn while you were at it`}
        >
          <p>Your words are above and not saved yet. It now says:</p>
          <blockquote className="mt-2 border-l-2 pl-3 text-base">
            <span className="block font-medium">{theirs.name}</span>
            {theirs.text}
          </blockquote>
          <div className="mt-3 flex flex-wrap gap-2">
            <Button size="sm" loading={action.pending} onClick={() => replace(theirs)}>
              Replace it with mine
            </Button>
            <Button
              size="sm"
              onClick={() => {
                router.refresh();
                onDone();
              }}
            >
              Keep theirs
            </Button>
          </div>
        </Notice>
      )}
      <div className="flex flex-wrap gap-2">
        <Button
          size="sm"
          variant="primary"
          disabled={theirs !== null}
          loading={action.pending}
          onClick={() => save()}
        >
          Save
        </Button>
        <Button size="sm" variant="ghost" onClick={onDone}>
          Cancel
        </Button>
      </div>
    </div>
  );
}
