"use client";

import type { UploadDraft } from "@/app/(app)/meetings/(list)/upload-draft";
import { UploadListening } from "@/app/(app)/meetings/(list)/upload-listening";
import { mediumWords } from "@/components/meetings/words";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { NativeSelect } from "@/components/ui/native-select";
import type { Choice } from "@/lib/meetings/page-queries";

interface UploadDetailsProps {
  readonly draft: UploadDraft;
  readonly teams: readonly Choice[];
  readonly errors: Readonly<Record<string, string>>;
  readonly onChange: (changes: Partial<UploadDraft>) => void;
}

/** What is known about the meeting beside its file. */
export function UploadDetails({ draft, teams, errors, onChange }: UploadDetailsProps) {
  return (
    <>
      {draft.files.length > 1 ? (
        <p className="text-ink-muted text-sm">
          Each file becomes a meeting with the file’s name as its title. What follows counts for all
          of them.
        </p>
      ) : (
        <Field label="Title" error={errors.title} required>
          <Input
            value={draft.title}
            maxLength={200}
            autoComplete="off"
            onChange={(event) => onChange({ title: event.target.value })}
          />
        </Field>
      )}
      <Field label="Date and time" error={errors.date} required>
        <Input
          type="datetime-local"
          value={draft.date}
          onChange={(event) => onChange({ date: event.target.value })}
        />
      </Field>
      {teams.length === 0 ? null : (
        <Field label="Team" error={errors.team_id} required>
          <NativeSelect
            value={draft.teamId}
            onChange={(event) => onChange({ teamId: event.target.value })}
          >
            <option value="">Choose a team</option>
            {teams.map((team) => (
              <option key={team.value} value={team.value}>
                {team.label}
              </option>
            ))}
          </NativeSelect>
        </Field>
      )}
      <Field
        label="Contact’s e-mail"
        hint="The external participant. A new contact is made when nobody has this address."
        error={errors.contact_email}
        optional
      >
        <Input
          type="email"
          value={draft.contactEmail}
          autoComplete="off"
          onChange={(event) => onChange({ contactEmail: event.target.value })}
        />
      </Field>
      <Field label="Medium" error={errors.medium}>
        <NativeSelect
          value={draft.medium}
          onChange={(event) => onChange({ medium: event.target.value })}
        >
          {Object.entries(mediumWords).map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </NativeSelect>
      </Field>
      {draft.kind === "recording" ? (
        <UploadListening draft={draft} errors={errors} onChange={onChange} />
      ) : null}
    </>
  );
}
