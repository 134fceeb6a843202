"use client";

import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Textarea } from "@/components/ui/textarea";

export interface BasicsDraft {
  readonly name: string;
  readonly description: string;
  readonly language: string;
  readonly knowledge: string;
}

export const emptyBasics: BasicsDraft = { name: "", description: "", language: "", knowledge: "" };

interface BasicsFieldsProps {
  readonly draft: BasicsDraft;
  readonly onChange: (draft: BasicsDraft) => void;
  readonly errors: Readonly<Record<string, string>>;
}

/** What a project is called and what an engine should know about it. */
export function BasicsFields({ draft, onChange, errors }: BasicsFieldsProps) {
  const set = (changes: Partial<BasicsDraft>) => onChange({ ...draft, ...changes });
  return (
    <>
      <Field label="Name" error={errors.name} required>
        <Input
          value={draft.name}
          maxLength={100}
          autoComplete="off"
          onChange={(event) => set({ name: event.target.value })}
        />
      </Field>
      <Field label="Description" error={errors.description} optional>
        <Textarea
          value={draft.description}
          maxLength={500}
          rows={2}
          onChange={(event) => set({ description: event.target.value })}
        />
      </Field>
      <Field
        label="Language of the answers"
        hint="Such as German or pt-BR; a language model then answers in it. Without one it keeps to the meeting’s own."
        error={errors.language}
        optional
      >
        <Input
          value={draft.language}
          maxLength={40}
          autoComplete="off"
          onChange={(event) => set({ language: event.target.value })}
        />
      </Field>
      <Field
        label="Knowledge"
        hint="What a language model should know: your products, names of competitors, words of the house."
        error={errors.knowledge}
        optional
      >
        <Textarea
          value={draft.knowledge}
          maxLength={4000}
          rows={4}
          onChange={(event) => set({ knowledge: event.target.value })}
        />
      </Field>
    </>
  );
}
