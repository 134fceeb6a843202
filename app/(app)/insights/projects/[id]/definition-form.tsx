"use client";

import { type FormEvent, useState } from "react";
import {
  type DefinitionDraft,
  draftOf,
  hasItems,
  inputOf,
  modelNeed,
} from "@/app/(app)/insights/projects/[id]/definition-draft";
import { fieldErrors, formProblem } from "@/app/(auth)/form-problem";
import type { ActionError } from "@/components/hooks/use-action";
import { insightTypeHints, insightTypeWords, modelSteps } from "@/components/insights/words";
import { Field } from "@/components/ui/field";
import { FormError } from "@/components/ui/form-error";
import { Input } from "@/components/ui/input";
import { NativeSelect } from "@/components/ui/native-select";
import { Notice } from "@/components/ui/notice";
import { Textarea } from "@/components/ui/textarea";
import { type InsightType, insightTypeNames } from "@/lib/core/insight-types";
import type { DefinitionView } from "@/lib/insights/definitions";

interface DefinitionFormProps {
  readonly formId: string;
  /** Null for a new one. */
  readonly definition: DefinitionView | null;
  readonly hasModel: boolean;
  readonly error: ActionError | null;
  readonly onSubmit: (input: ReturnType<typeof inputOf>) => void;
}

interface PartProps {
  readonly draft: DefinitionDraft;
  readonly set: (changes: Partial<DefinitionDraft>) => void;
  readonly errors: Readonly<Record<string, string>>;
}

/** What is asked, and what helps an engine to answer it well. */
export function DefinitionForm(props: DefinitionFormProps) {
  const { formId, definition, hasModel, error, onSubmit } = props;
  const [draft, setDraft] = useState(() => draftOf(definition));
  const set = (changes: Partial<DefinitionDraft>) => setDraft({ ...draft, ...changes });
  const errors = fieldErrors(error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit(inputOf(draft));
  };
  const isTypeFixed = definition !== null && definition.results > 0;
  return (
    <form id={formId} method="post" noValidate onSubmit={submit} className="flex flex-col gap-5">
      <Field label="Name" error={errors.name} required>
        <Input
          value={draft.name}
          maxLength={100}
          autoComplete="off"
          onChange={(event) => set({ name: event.target.value })}
        />
      </Field>
      <Field
        label="Type"
        hint={
          isTypeFixed
            ? "It has answers of this type, so it stays. Add another insight for a new type."
            : insightTypeHints[draft.type]
        }
        error={errors.type}
        required
      >
        <NativeSelect
          value={draft.type}
          disabled={isTypeFixed}
          onChange={(event) => set({ type: event.target.value as InsightType })}
        >
          {insightTypeNames.map((type) => (
            <option key={type} value={type}>
              {insightTypeWords[type]}
            </option>
          ))}
        </NativeSelect>
      </Field>
      {hasModel ? null : <ModelNeed type={draft.type} />}
      <Field label="Question" error={errors.question} required>
        <Textarea
          value={draft.question}
          maxLength={1000}
          rows={2}
          onChange={(event) => set({ question: event.target.value })}
        />
      </Field>
      {draft.type === "scale" ? <Bounds draft={draft} set={set} errors={errors} /> : null}
      {hasItems(draft.type) ? <Items draft={draft} set={set} errors={errors} /> : null}
      <Background draft={draft} set={set} errors={errors} />
      <FormError error={formProblem(error)} />
    </form>
  );
}

function ModelNeed({ type }: { readonly type: InsightType }) {
  const { always, words } = modelNeed(type);
  return (
    <Notice title={always ? "Needs a language model" : "May need a language model"}>
      {words} {modelSteps}
    </Notice>
  );
}

function Bounds({ draft, set, errors }: PartProps) {
  return (
    <div className="flex flex-wrap gap-4">
      <Field label="Lowest" error={errors.scale_min} className="flex-1 basis-32">
        <Input
          type="number"
          inputMode="numeric"
          value={draft.scaleMin}
          onChange={(event) => set({ scaleMin: event.target.value })}
        />
      </Field>
      <Field label="Highest" error={errors.scale_max} className="flex-1 basis-32">
        <Input
          type="number"
          inputMode="numeric"
          value={draft.scaleMax}
          onChange={(event) => set({ scaleMax: event.target.value })}
        />
      </Field>
    </div>
  );
}

const itemWords: Readonly<Partial<Record<InsightType, { label: string; hint: string }>>> = {
  checklist: { label: "Items", hint: "One item a line, such as “Budget mentioned”." },
  competitors_analysis: {
    label: "Competitors",
    hint: "One name a line. With names the built-in engine finds where they came up.",
  },
  yes_no: {
    label: "Words to look for",
    hint: "One a line; any of them counts. The built-in engine looks for them instead of the question’s own words.",
  },
};

function Items({ draft, set, errors }: PartProps) {
  const words = itemWords[draft.type];
  if (words === undefined) return null;
  return (
    <Field
      label={words.label}
      hint={words.hint}
      error={Object.entries(errors).find(([name]) => name.startsWith("items"))?.[1]}
      {...(draft.type === "checklist" ? { required: true } : { optional: true })}
    >
      <Textarea
        value={draft.items}
        rows={4}
        onChange={(event) => set({ items: event.target.value })}
      />
    </Field>
  );
}

function Background({ draft, set, errors }: PartProps) {
  return (
    <>
      <Field
        label="Desired outcome"
        hint="What a good answer tells. For language models."
        error={errors.desired_outcome}
        optional
      >
        <Textarea
          value={draft.desiredOutcome}
          maxLength={1000}
          rows={2}
          onChange={(event) => set({ desiredOutcome: event.target.value })}
        />
      </Field>
      <Field
        label="Extra context"
        hint="What helps to understand the question. For language models."
        error={errors.context}
        optional
      >
        <Textarea
          value={draft.context}
          maxLength={2000}
          rows={2}
          onChange={(event) => set({ context: event.target.value })}
        />
      </Field>
    </>
  );
}
