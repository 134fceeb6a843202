"use client";

import { Plus, X } from "lucide-react";
import { type ReactNode, useId } from "react";
import type {
  AttributeDraft,
  CriteriaDraft,
} from "@/app/(app)/insights/projects/[id]/criteria-draft";
import { modelSteps } from "@/components/insights/words";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { IconButton } from "@/components/ui/icon-button";
import { Input } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import { Textarea } from "@/components/ui/textarea";

interface RowsProps {
  readonly label: string;
  readonly hint: string;
  readonly addLabel: string;
  readonly error?: string | undefined;
  readonly disabled?: boolean;
  readonly onAdd: () => void;
  readonly children: ReactNode;
}

/** A group of rows of which more can be added. */
function Rows({ label, hint, addLabel, error, disabled = false, onAdd, children }: RowsProps) {
  const id = useId();
  return (
    <fieldset className="flex min-w-0 flex-col gap-2" aria-describedby={`${id}-hint`}>
      <legend className="mb-0.5 font-medium text-sm">{label}</legend>
      <p id={`${id}-hint`} className="text-ink-muted text-sm">
        {hint}
      </p>
      {children}
      {error === undefined ? null : (
        <p role="alert" className="text-danger-ink text-sm">
          {error}
        </p>
      )}
      <Button size="sm" className="self-start" disabled={disabled} onClick={onAdd}>
        <Plus />
        {addLabel}
      </Button>
    </fieldset>
  );
}

/** A list with one entry changed, or taken out for null. */
function changed<T>(list: readonly T[], index: number, entry: T | null): T[] {
  return list.flatMap((other, at) => (at !== index ? [other] : entry === null ? [] : [entry]));
}

interface AttributeRowsProps {
  readonly rows: readonly AttributeDraft[];
  readonly onChange: (rows: AttributeDraft[]) => void;
  readonly error: string | undefined;
}

/** Custom attributes of a meeting with the value they must have. */
export function AttributeRows({ rows, onChange, error }: AttributeRowsProps) {
  return (
    <Rows
      label="Custom attributes"
      hint="The attribute’s name and the exact value that it must have."
      addLabel="Add attribute"
      error={error}
      onAdd={() => onChange([...rows, { name: "", equals: "" }])}
    >
      {rows.map((row, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity but their place
        <div key={index} className="flex items-end gap-2">
          <Field label={`Name of attribute ${index + 1}`} hideLabel className="flex-1">
            <Input
              value={row.name}
              maxLength={60}
              placeholder="Name"
              onChange={(event) =>
                onChange(changed(rows, index, { ...row, name: event.target.value }))
              }
            />
          </Field>
          <Field label={`Value of attribute ${index + 1}`} hideLabel className="flex-1">
            <Input
              value={row.equals}
              maxLength={200}
              placeholder="Value"
              onChange={(event) =>
                onChange(changed(rows, index, { ...row, equals: event.target.value }))
              }
            />
          </Field>
          <IconButton
            label={`Remove attribute ${index + 1}`}
            onClick={() => onChange(changed(rows, index, null))}
          >
            <X />
          </IconButton>
        </div>
      ))}
    </Rows>
  );
}

interface JudgedFieldsProps {
  readonly draft: CriteriaDraft;
  readonly set: (changes: Partial<CriteriaDraft>) => void;
  readonly errors: Readonly<Partial<Record<string, string>>>;
  readonly hasModel: boolean;
}

/** Boolean and Category criteria: what only reading the transcript tells. */
export function JudgedFields({ draft, set, errors, hasModel }: JudgedFieldsProps) {
  const { questions, categories } = draft;
  return (
    <Card>
      <CardHeader
        title="Judged by reading"
        description="What only the transcript tells. A language model judges it before the insights are asked."
      />
      <CardBody className="flex flex-col gap-5">
        {hasModel ? null : (
          <Notice title="Boolean and Category criteria need a language model">{modelSteps}</Notice>
        )}
        <Rows
          label="Boolean"
          hint="A yes/no question; only meetings whose answer is yes are asked about."
          addLabel="Add question"
          error={errors.boolean}
          disabled={!hasModel}
          onAdd={() => set({ questions: [...questions, ""] })}
        >
          {questions.map((question, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity but their place
            <div key={index} className="flex items-end gap-2">
              <Field label={`Yes/no question ${index + 1}`} hideLabel className="flex-1">
                <Input
                  value={question}
                  maxLength={500}
                  placeholder="Is this a call with a new prospect?"
                  onChange={(event) =>
                    set({ questions: changed(questions, index, event.target.value) })
                  }
                />
              </Field>
              <IconButton
                label={`Remove question ${index + 1}`}
                onClick={() => set({ questions: changed(questions, index, null) })}
              >
                <X />
              </IconButton>
            </div>
          ))}
        </Rows>
        <Rows
          label="Category"
          hint="What is sorted, and the categories that are asked about, one a line."
          addLabel="Add category"
          error={errors.category}
          disabled={!hasModel}
          onAdd={() => set({ categories: [...categories, { question: "", any: "" }] })}
        >
          {categories.map((category, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity but their place
            <div key={index} className="flex items-start gap-2">
              <div className="flex min-w-0 flex-1 flex-col gap-2">
                <Field label={`What category ${index + 1} sorts`} hideLabel>
                  <Input
                    value={category.question}
                    maxLength={500}
                    placeholder="Kind of call"
                    onChange={(event) =>
                      set({
                        categories: changed(categories, index, {
                          ...category,
                          question: event.target.value,
                        }),
                      })
                    }
                  />
                </Field>
                <Field label={`Categories ${index + 1}, one a line`} hideLabel>
                  <Textarea
                    value={category.any}
                    rows={2}
                    placeholder={"Demo\nRenewal"}
                    onChange={(event) =>
                      set({
                        categories: changed(categories, index, {
                          ...category,
                          any: event.target.value,
                        }),
                      })
                    }
                  />
                </Field>
              </div>
              <IconButton
                label={`Remove category ${index + 1}`}
                onClick={() => set({ categories: changed(categories, index, null) })}
              >
                <X />
              </IconButton>
            </div>
          ))}
        </Rows>
      </CardBody>
    </Card>
  );
}
