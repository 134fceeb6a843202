"use client";

import { X } from "lucide-react";
import { type FormEvent, useState } from "react";
import { PersonPicker } from "@/app/(app)/meetings/[id]/person-picker";
import { fieldErrors, formProblem } from "@/app/(auth)/form-problem";
import type { ActionError } from "@/components/hooks/use-action";
import { Avatar } from "@/components/ui/avatar";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { FormError } from "@/components/ui/form-error";
import { IconButton } from "@/components/ui/icon-button";
import { Input } from "@/components/ui/input";
import { Textarea } from "@/components/ui/textarea";

/** What a person says of a task. */
export interface TaskDraft {
  readonly text: string;
  /** Null: nobody. Without an id: a speaker who is no member. */
  readonly assignee: { readonly id: string | null; readonly name: string } | null;
  /** YYYY-MM-DD, or null. */
  readonly dueDate: string | null;
}

interface ActionItemFormProps {
  readonly label: string;
  readonly start: TaskDraft;
  readonly saveLabel: string;
  readonly pending: boolean;
  readonly error: ActionError | null;
  readonly onSave: (draft: TaskDraft) => void;
  readonly onCancel: () => void;
}

/** A task: what, who, until when. */
export function ActionItemForm(props: ActionItemFormProps) {
  const { label, start, saveLabel, pending, error, onSave, onCancel } = props;
  const [text, setText] = useState(start.text);
  const [assignee, setAssignee] = useState(start.assignee);
  const [dueDate, setDueDate] = useState(start.dueDate ?? "");
  const fields = fieldErrors(error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSave({ text, assignee, dueDate: dueDate === "" ? null : dueDate });
  };
  return (
    <form
      aria-label={label}
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key === "Escape") onCancel();
      }}
      className="flex min-w-0 flex-1 flex-col gap-3 rounded-lg border bg-canvas p-3"
    >
      <Field label="Task" error={fields.text}>
        <Textarea
          autoFocus
          required
          rows={2}
          maxLength={1000}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </Field>
      <div className="grid gap-3 sm:grid-cols-[minmax(0,1fr)_11rem]">
        {assignee === null ? (
          <Field label="Given to" optional error={fields.assigneeUserId}>
            <PersonPicker
              kinds={["member"]}
              placeholder="Search members"
              onPick={({ id, name }) => setAssignee({ id, name })}
            />
          </Field>
        ) : (
          <Field label="Given to" group error={fields.assigneeUserId}>
            <span className="flex h-8 min-w-0 items-center gap-2 text-base">
              <Avatar name={assignee.name} size="sm" />
              <span className="min-w-0 truncate">{assignee.name}</span>
              <IconButton
                label={`Take it from ${assignee.name}`}
                size="sm"
                onClick={() => setAssignee(null)}
              >
                <X />
              </IconButton>
            </span>
          </Field>
        )}
        <Field label="Due" optional error={fields.dueDate}>
          <Input type="date" value={dueDate} onChange={(event) => setDueDate(event.target.value)} />
        </Field>
      </div>
      <FormError error={formProblem(error)} />
      <div className="flex flex-wrap gap-2">
        <Button type="submit" size="sm" variant="primary" loading={pending}>
          {saveLabel}
        </Button>
        <Button size="sm" variant="ghost" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
