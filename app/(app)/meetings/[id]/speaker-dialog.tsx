"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { mergeSpeakers, renameSpeaker, undoCorrection } from "@/app/(app)/meetings/[id]/actions";
import { PersonPicker } from "@/app/(app)/meetings/[id]/person-picker";
import { formProblem } from "@/app/(auth)/form-problem";
import { type ActionError, useAction } from "@/components/hooks/use-action";
import { Button } from "@/components/ui/button";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { FormError } from "@/components/ui/form-error";
import { NativeSelect } from "@/components/ui/native-select";
import { problemText } from "@/components/ui/problem";
import { toast } from "@/components/ui/toast";
import type { Corrected } from "@/lib/meetings/transcript-corrections";

interface SpeakerDialogProps {
  readonly meetingId: string;
  readonly version: number;
  /** Names by index. */
  readonly speakers: readonly string[];
  /** Those of them who say something. */
  readonly spoken: readonly number[];
  readonly speaker: number;
  readonly onClose: () => void;
}

async function takeBack(undo: string) {
  const result = await undoCorrection({ undo });
  if (!result.ok) toast.error(problemText(result.error));
}

/** The speaker whom the wanted person is already, when that is why a new name was refused. */
function twinOf(error: ActionError | null): number | null {
  const details = error?.details;
  return details?.reason === "same_speaker" && typeof details.speaker === "number"
    ? details.speaker
    : null;
}

/** Who a speaker is: a person, a name, or the same as another speaker. It holds for the whole meeting. */
export function SpeakerDialog(props: SpeakerDialogProps) {
  const { meetingId, version, speakers, spoken, speaker, onClose } = props;
  const router = useRouter();
  const name = speakers[speaker] ?? "Speaker";
  const others = spoken.filter((other) => other !== speaker);
  const [into, setInto] = useState<number | null>(null);
  const done = (words: string) => ({
    onSuccess: ({ undo }: Corrected) => {
      onClose();
      toast.message(words, {
        duration: 10_000,
        action: { label: "Undo", onClick: () => void takeBack(undo) },
      });
    },
    onError: ({ details }: ActionError) => {
      // The names behind the dialog become those that somebody else has just given.
      if (details?.reason === "transcript_changed") router.refresh();
    },
  });
  const rename = useAction(renameSpeaker, done(`${name} has a new name in this meeting`));
  const merge = useAction(mergeSpeakers, done(`${name} was merged into another speaker`));
  const twin = twinOf(rename.error);
  const mergeWith = (other: number) =>
    void merge.run({ meetingId, version, from: speaker, into: other });
  return (
    <Dialog open onOpenChange={(open) => (open ? undefined : onClose())}>
      <DialogContent
        title={`Who is ${name}?`}
        description="The name changes everywhere in this meeting, with the tasks that were given to it."
      >
        <Field label="Member, contact or a new name">
          <PersonPicker
            kinds={["member", "contact"]}
            placeholder="Search, or type a name and press Enter"
            autoFocus
            onPick={({ kind, id }) =>
              void rename.run({ meetingId, version, speaker, person: { kind, id } })
            }
            onTyped={(words) =>
              void rename.run({
                meetingId,
                version,
                speaker,
                person: { kind: "name", name: words },
              })
            }
          />
        </Field>
        <FormError error={formProblem(rename.error) ?? firstField(rename.error)} />
        {twin === null ? null : (
          <Button loading={merge.pending} onClick={() => mergeWith(twin)}>
            Merge {name} into {speakers[twin]}
          </Button>
        )}
        {others.length === 0 || twin !== null ? null : (
          <section aria-labelledby="merge-title" className="flex flex-col gap-3 border-t pt-4">
            <h3 id="merge-title" className="font-semibold text-base">
              The same person as another speaker?
            </h3>
            <div className="flex flex-wrap items-end gap-2">
              <Field label={`${name} is also`} className="min-w-48 flex-1">
                <NativeSelect
                  value={into ?? ""}
                  onChange={({ target }) =>
                    setInto(target.value === "" ? null : Number(target.value))
                  }
                >
                  <option value="">Choose a speaker</option>
                  {others.map((other) => (
                    <option key={other} value={other}>
                      {speakers[other]}
                    </option>
                  ))}
                </NativeSelect>
              </Field>
              <Button
                disabled={into === null}
                loading={merge.pending}
                onClick={() => (into === null ? undefined : mergeWith(into))}
              >
                Merge
              </Button>
            </div>
          </section>
        )}
        <FormError error={formProblem(merge.error)} />
      </DialogContent>
    </Dialog>
  );
}

/** The picker has no place of its own for what is wrong with a typed name. */
function firstField(error: ActionError | null) {
  const fields = error?.details?.fields;
  if (error === null || typeof fields !== "object" || fields === null) return null;
  const [fix] = Object.values(fields);
  return { message: error.message, fix: typeof fix === "string" ? fix : undefined };
}
