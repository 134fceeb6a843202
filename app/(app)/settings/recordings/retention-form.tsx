"use client";

import { type FormEvent, useState } from "react";
import { setRetention } from "@/app/(app)/settings/recordings/actions";
import { formProblem } from "@/app/(auth)/form-problem";
import { useAction } from "@/components/hooks/use-action";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Field } from "@/components/ui/field";
import { FormError } from "@/components/ui/form-error";
import { formatBytes, formatCount } from "@/components/ui/format";
import { NativeSelect } from "@/components/ui/native-select";
import { toast } from "@/components/ui/toast";
import type { RetentionChoice } from "@/lib/meetings/recording-retention";

interface RetentionFormProps {
  /** Days; null keeps recordings. */
  readonly current: number | null;
  readonly choices: readonly RetentionChoice[];
}

const keep = "keep";

/** `365` → `1 year`, `90` → `90 days`. */
function span(days: number): string {
  return days % 365 === 0 ? formatCount(days / 365, "year") : formatCount(days, "day");
}

/** What a choice does now, so that nobody learns it from an empty player. */
function consequence(choice: RetentionChoice | undefined): string {
  if (choice === undefined) return "Recordings stay until their meeting is deleted.";
  if (choice.recordings === 0) return "No recording is that old: nothing would be removed now.";
  return `${formatCount(choice.recordings, "recording")} (${formatBytes(choice.bytes)}) would be removed within the hour.`;
}

/** How long recordings are kept; asks before something would be removed. */
export function RetentionForm({ current, choices }: RetentionFormProps) {
  const saved = current === null ? keep : String(current);
  const [value, setValue] = useState(saved);
  const [asking, setAsking] = useState(false);
  const choice = choices.find(({ days }) => String(days) === value);
  const action = useAction(setRetention, {
    onSuccess: () => {
      setAsking(false);
      toast.success("Retention saved");
    },
  });
  const save = () => void action.run({ days: choice?.days ?? null });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (choice !== undefined && choice.recordings > 0) setAsking(true);
    else save();
  };
  return (
    <>
      <form method="post" onSubmit={submit} className="flex max-w-md flex-col gap-4" noValidate>
        <Field
          label="Keep recordings"
          hint="Counted from the moment a recording came to Harmony, not from the date of its meeting."
        >
          <NativeSelect value={value} onChange={(event) => setValue(event.target.value)}>
            <option value={keep}>Until their meeting is deleted</option>
            {choices.map(({ days }) => (
              <option key={days} value={days}>
                For {span(days)}
              </option>
            ))}
          </NativeSelect>
        </Field>
        <p aria-live="polite" className="text-base">
          {consequence(choice)}
        </p>
        <FormError error={asking ? null : formProblem(action.error)} />
        <Button
          type="submit"
          variant="primary"
          loading={action.pending}
          disabled={value === saved}
          className="self-start"
        >
          Save
        </Button>
      </form>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={`Remove ${formatCount(choice?.recordings ?? 0, "recording")}?`}
        confirmLabel="Save and remove"
        pending={action.pending}
        error={formProblem(action.error)}
        onConfirm={save}
      >
        <p>
          {consequence(choice)} Nobody can bring them back. Their transcripts, summaries and
          insights stay.
        </p>
      </ConfirmDialog>
    </>
  );
}
