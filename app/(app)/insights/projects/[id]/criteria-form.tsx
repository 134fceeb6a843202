"use client";

import { type FormEvent, useState } from "react";
import { setCriteria } from "@/app/(app)/insights/actions";
import {
  type CriteriaDraft,
  criteriaOf,
  draftOf,
} from "@/app/(app)/insights/projects/[id]/criteria-draft";
import { AttributeRows, JudgedFields } from "@/app/(app)/insights/projects/[id]/criteria-rows";
import { CheckList } from "@/app/(app)/settings/integrations/webhooks/check-list";
import { fieldErrors, formProblem } from "@/app/(auth)/form-problem";
import { useAction } from "@/components/hooks/use-action";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { FormError } from "@/components/ui/form-error";
import { Input } from "@/components/ui/input";
import { Textarea } from "@/components/ui/textarea";
import { toast } from "@/components/ui/toast";
import type { Criterion } from "@/lib/insights/criteria";

interface Choice {
  readonly id: string;
  readonly name: string;
}

interface CriteriaFormProps {
  readonly projectId: string;
  readonly criteria: readonly Criterion[];
  readonly choices: {
    readonly sources: readonly Choice[];
    readonly mediums: readonly Choice[];
    readonly teams: readonly Choice[];
  };
  readonly hasModel: boolean;
}

type Errors = Readonly<Partial<Record<string, string>>>;

/** The first sentence about each field of the form, from errors such as `criteria.2.any`. */
function errorsOf(refused: Readonly<Record<string, string>>, fields: readonly string[]): Errors {
  const found = Object.entries(refused).flatMap(([path, text]) => {
    const field = fields[Number(/^criteria\.(\d+)/.exec(path)?.[1] ?? Number.NaN)];
    return field === undefined ? [] : [[field, text] as const];
  });
  return Object.fromEntries(found.reverse());
}

/** All criteria of a project as one form. */
export function CriteriaForm(props: CriteriaFormProps) {
  const { projectId, criteria, choices, hasModel } = props;
  const [draft, setDraft] = useState(() => draftOf(criteria));
  const [sent, setSent] = useState<readonly string[]>([]);
  const action = useAction(setCriteria, { onSuccess: () => toast.success("Criteria saved") });
  const set = (changes: Partial<CriteriaDraft>) => setDraft({ ...draft, ...changes });
  const errors = errorsOf(fieldErrors(action.error), sent);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const named = criteriaOf(draft);
    setSent(named.map(({ field }) => field));
    void action.run({
      id: projectId,
      // Judged by the service's own schema.
      criteria: named.map(({ criterion }) => criterion as unknown as Criterion),
    });
  };
  return (
    <form method="post" noValidate onSubmit={submit} className="flex min-w-0 flex-col gap-5">
      <Card>
        <CardHeader
          title="Attributes"
          description="What is known of a meeting before it is read."
        />
        <CardBody className="flex flex-col gap-5">
          <Lengths draft={draft} set={set} errors={errors} />
          <CheckList
            label="Sources"
            one="source"
            items={choices.sources}
            chosen={draft.sources}
            onChange={(sources) => set({ sources })}
            error={errors.source}
          />
          <CheckList
            label="Mediums"
            one="medium"
            items={choices.mediums}
            chosen={draft.mediums}
            onChange={(mediums) => set({ mediums })}
            error={errors.medium}
          />
          {choices.teams.length < 2 ? null : (
            <CheckList
              label="Teams"
              one="team"
              items={choices.teams}
              chosen={draft.teams}
              onChange={(teams) => set({ teams })}
              error={errors.team}
            />
          )}
          <Field
            label="Tags"
            hint="One a line, written as on the meetings; any of them is enough."
            error={errors.tags}
            optional
          >
            <Textarea
              value={draft.tags}
              rows={2}
              onChange={(event) => set({ tags: event.target.value })}
            />
          </Field>
          <AttributeRows
            rows={draft.attributes}
            onChange={(attributes) => set({ attributes })}
            error={errors.attribute}
          />
        </CardBody>
      </Card>
      <JudgedFields draft={draft} set={set} errors={errors} hasModel={hasModel} />
      <FormError error={formProblem(action.error)} />
      <div className="flex flex-wrap items-center justify-between gap-3 text-ink-muted text-sm">
        <span>For meetings that are processed from now on, and for asking past ones.</span>
        <Button type="submit" variant="primary" loading={action.pending}>
          Save criteria
        </Button>
      </div>
    </form>
  );
}

interface LengthsProps {
  readonly draft: CriteriaDraft;
  readonly set: (changes: Partial<CriteriaDraft>) => void;
  readonly errors: Errors;
}

function Lengths({ draft, set, errors }: LengthsProps) {
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Field label="Shortest, in minutes" error={errors.length} optional>
        <Input
          type="number"
          inputMode="numeric"
          min={0}
          value={draft.minLength}
          onChange={(event) => set({ minLength: event.target.value })}
        />
      </Field>
      <Field label="Longest, in minutes" optional>
        <Input
          type="number"
          inputMode="numeric"
          min={1}
          value={draft.maxLength}
          onChange={(event) => set({ maxLength: event.target.value })}
        />
      </Field>
      <Field label="Held from" hint="Days are counted in UTC." error={errors.date} optional>
        <Input
          type="date"
          value={draft.from}
          onChange={(event) => set({ from: event.target.value })}
        />
      </Field>
      <Field label="Held until" optional>
        <Input type="date" value={draft.to} onChange={(event) => set({ to: event.target.value })} />
      </Field>
    </div>
  );
}
