"use client";

import { ChevronRight } from "lucide-react";
import { type FormEvent, useState } from "react";
import { CheckList } from "@/app/(app)/settings/integrations/webhooks/check-list";
import type { WebhookChoices } from "@/app/(app)/settings/integrations/webhooks/choices";
import { EventPicker } from "@/app/(app)/settings/integrations/webhooks/event-picker";
import { UrlField } from "@/app/(app)/settings/integrations/webhooks/url-field";
import {
  draftOf,
  filterCount,
  inputOf,
  type WebhookDraft,
} from "@/app/(app)/settings/integrations/webhooks/webhook-draft";
import { fieldErrors, formProblem } from "@/app/(auth)/form-problem";
import type { ActionError } from "@/components/hooks/use-action";
import { sourceWords } from "@/components/meetings/words";
import { Field } from "@/components/ui/field";
import { FormError } from "@/components/ui/form-error";
import { Input } from "@/components/ui/input";
import { Textarea } from "@/components/ui/textarea";
import { hostOf } from "@/components/webhooks/words";
import type { WebhookInput, WebhookView } from "@/lib/webhooks/schema";

interface WebhookFormProps {
  readonly formId: string;
  /** Null for a new one. */
  readonly webhook: WebhookView | null;
  readonly choices: WebhookChoices;
  readonly error: ActionError | null;
  readonly onSubmit: (input: WebhookInput) => void;
}

const fieldNames: Readonly<Record<keyof WebhookDraft, string>> = {
  url: "url",
  events: "events",
  name: "name",
  description: "description",
  teamIds: "team_ids",
  userIds: "user_ids",
  sources: "sources",
  minDuration: "min_duration_seconds",
};

type Errors = Readonly<Partial<Record<keyof WebhookDraft, string>>>;

function errorsOf(error: ActionError | null, changed: Partial<WebhookDraft>): Errors {
  const refused = fieldErrors(error);
  return Object.fromEntries(
    Object.entries(fieldNames)
      .filter(([name]) => !(name in changed))
      .map(([name, field]) => [name, refused[field]]),
  );
}

/** Where to send, what to send, and optionally of which meetings. */
export function WebhookForm({ formId, webhook, choices, error, onSubmit }: WebhookFormProps) {
  const [draft, setDraft] = useState(() => draftOf(webhook));
  // What was changed since the last refusal has no error until the next one.
  const [changed, setChanged] = useState<Partial<WebhookDraft>>({});
  const change = (changes: Partial<WebhookDraft>) => {
    setDraft({ ...draft, ...changes });
    setChanged({ ...changed, ...changes });
  };
  const errors = errorsOf(error, changed);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChanged({});
    onSubmit(inputOf(draft));
  };
  return (
    <form id={formId} method="post" noValidate onSubmit={submit} className="flex flex-col gap-5">
      <UrlField value={draft.url} onChange={(url) => change({ url })} error={errors.url} />
      <EventPicker
        events={choices.events}
        chosen={draft.events}
        onChange={(events) => change({ events })}
        error={errors.events}
      />
      <Field label="Name" error={errors.name} optional>
        <Input
          value={draft.name}
          maxLength={100}
          autoComplete="off"
          placeholder={draft.url === "" ? "The host of the URL" : hostOf(draft.url)}
          onChange={(event) => change({ name: event.target.value })}
        />
      </Field>
      <Field label="Description" error={errors.description} optional>
        <Textarea
          value={draft.description}
          maxLength={500}
          rows={2}
          onChange={(event) => change({ description: event.target.value })}
        />
      </Field>
      <Filters draft={draft} change={change} choices={choices} errors={errors} />
      <FormError error={formProblem(error)} />
    </form>
  );
}

interface FiltersProps {
  readonly draft: WebhookDraft;
  readonly change: (changes: Partial<WebhookDraft>) => void;
  readonly choices: WebhookChoices;
  readonly errors: Errors;
}

const sources = Object.entries(sourceWords).map(([id, name]) => ({ id, name }));
const filters = ["teamIds", "userIds", "sources", "minDuration"] as const;

/** Names of chosen things that the workspace does not have any more, so that they can be taken back. */
function withGone(items: WebhookChoices["teams"], chosen: readonly string[], gone: string) {
  const missing = chosen.filter((id) => !items.some((item) => item.id === id));
  return [...items, ...missing.map((id) => ({ id, name: `${gone} (${id})` }))];
}

function Filters({ draft, change, choices, errors }: FiltersProps) {
  const [initial] = useState(draft);
  const [open, setOpen] = useState(filterCount(draft) > 0);
  const count = filterCount(draft);
  const hasError = filters.some((name) => errors[name] !== undefined);
  return (
    <details
      className="group/filters rounded-lg border [&[open]>summary]:rounded-b-none [&[open]>summary]:border-b"
      open={open || hasError}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary className="flex list-none items-center gap-1.5 rounded-lg px-3 py-2 font-medium text-sm [&::-webkit-details-marker]:hidden">
        <ChevronRight
          aria-hidden
          className="size-4 text-ink-faint transition-transform group-open/filters:rotate-90"
        />
        Filters
        <span className="font-normal text-ink-muted">
          {count === 0 ? "None: events of every meeting" : `${count} set`}
        </span>
      </summary>
      <div className="flex flex-col gap-5 p-3">
        <CheckList
          label="Teams"
          one="team"
          items={withGone(choices.teams, initial.teamIds, "A deleted team")}
          chosen={draft.teamIds}
          onChange={(teamIds) => change({ teamIds })}
          error={errors.teamIds}
        />
        <CheckList
          label="People who recorded or uploaded the meeting"
          one="person"
          many="people"
          items={withGone(choices.people, initial.userIds, "A former member")}
          chosen={draft.userIds}
          onChange={(userIds) => change({ userIds })}
          error={errors.userIds}
        />
        <Field
          label="Shortest meeting, in minutes"
          hint="Meetings whose length is not known yet, such as one that has just begun, always pass."
          error={errors.minDuration}
        >
          <Input
            type="number"
            inputMode="numeric"
            min={1}
            max={1440}
            value={draft.minDuration}
            onChange={(event) => change({ minDuration: event.target.value })}
            className="max-w-32"
          />
        </Field>
        <CheckList
          label="Sources"
          one="source"
          items={sources}
          chosen={draft.sources}
          onChange={(chosen) => change({ sources: chosen })}
          error={errors.sources}
        />
      </div>
    </details>
  );
}
