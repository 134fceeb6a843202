"use client";

import { type FormEvent, useState } from "react";
import { type ActionResult, useAction } from "@/components/hooks/use-action";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { Field } from "@/components/ui/field";
import { FileDrop } from "@/components/ui/file-drop";
import { FilterSelect } from "@/components/ui/filter-select";
import { FormError } from "@/components/ui/form-error";
import { formatBytes } from "@/components/ui/format";
import { Input } from "@/components/ui/input";
import { NativeSelect } from "@/components/ui/native-select";
import { RadioGroup, RadioItem } from "@/components/ui/radio-group";
import { SearchInput } from "@/components/ui/search-input";
import { Select } from "@/components/ui/select";
import { Switch } from "@/components/ui/switch";
import { Textarea } from "@/components/ui/textarea";
import { Specimen } from "./specimen";

const access = [
  { value: "read", label: "Read only", description: "Meetings, transcripts, insights, contacts" },
  { value: "read_write", label: "Read and upload", description: "Adds uploading meetings" },
  { value: "none", label: "Nothing", description: "Not on this plan", disabled: true },
];

export function ControlStates() {
  return (
    <>
      <Specimen name="Fields: default, hint, error, disabled">
        <div className="grid gap-5 sm:grid-cols-2">
          <Field label="Name" hint="Shown in the list of keys and in the activity log.">
            <Input placeholder="Warehouse export" />
          </Field>
          <Field label="Endpoint URL" required error="Enter an address that starts with https://.">
            <Input mono defaultValue="ftp://example.com/hooks" />
          </Field>
          <Field label="Role" optional>
            <NativeSelect defaultValue="">
              <option value="">No role</option>
              <option value="a">Admin</option>
              <option value="b">Team Manager</option>
            </NativeSelect>
          </Field>
          <Field label="Access">
            <Select options={access} defaultValue="read" />
          </Field>
          <Field label="Plan" hint="Only support can change it.">
            <Input disabled value="Enterprise" readOnly />
          </Field>
          <Field label="Team">
            <Select options={access} placeholder="Choose a team" disabled />
          </Field>
          <Field label="Note" className="sm:col-span-2">
            <Textarea placeholder="What should your colleagues know?" />
          </Field>
          <Field
            label="Description"
            error="Write at least one sentence."
            hint="At most 500 characters."
            className="sm:col-span-2"
          >
            <Textarea rows={2} />
          </Field>
        </div>
      </Specimen>
      <Specimen name="Checkbox: off, on, some, with description, disabled">
        <div className="grid gap-3 sm:grid-cols-2">
          <Checkbox label="Transcripts" />
          <Checkbox label="Summaries" defaultChecked />
          <Checkbox label="Contacts" checked="indeterminate" />
          <Checkbox
            label="Action items"
            description="Tasks and their assignees are created in the tool."
            defaultChecked
          />
          <Checkbox label="Notes" disabled />
          <Checkbox label="Deal updates" description="Needs a CRM." disabled defaultChecked />
        </div>
      </Specimen>
      <Specimen name="Radio group">
        <div className="grid gap-6 sm:grid-cols-2">
          <Field label="Sync direction" group>
            <RadioGroup defaultValue="one">
              <RadioItem value="one" label="One-way" description="Harmony → tool only" />
              <RadioItem value="two" label="Two-way" description="Changes travel both ways" />
            </RadioGroup>
          </Field>
          <Field label="Overlap" group error="Choose how long the old key keeps working.">
            <RadioGroup>
              <RadioItem value="none" label="None" />
              <RadioItem value="day" label="24 hours" />
              <RadioItem value="week" label="7 days" disabled />
            </RadioGroup>
          </Field>
        </div>
      </Specimen>
      <Specimen name="Switch">
        <div className="flex max-w-xl flex-col gap-3">
          <Switch label="Sync errors" description="E-mail when a sync fails." defaultChecked />
          <Switch label="Successful syncs" description="One line a day." />
          <Switch label="Connection status changes" disabled defaultChecked />
        </div>
      </Specimen>
      <Specimen name="Search and filter, both in the address">
        <div className="flex flex-wrap gap-2">
          <SearchInput label="Search meetings" />
          <FilterSelect
            label="Status"
            param="status"
            options={[
              { value: "processed", label: "Processed" },
              { value: "failed", label: "Failed" },
            ]}
          />
        </div>
      </Specimen>
    </>
  );
}

/** Stands in for a server action, to show every ending of `useAction`. */
async function save(name: string): Promise<ActionResult<string>> {
  await new Promise((resolve) => setTimeout(resolve, 600));
  if (name === "crash") throw new Error("gone");
  if (name.trim() !== "") return { ok: true, data: name };
  return {
    ok: false,
    error: {
      code: "invalid_request",
      message: "The key has no name.",
      fix: "Enter a name that says where the key is used.",
      request_id: "req_01J9ZK4T7Q",
    },
  };
}

export function ActionForm() {
  const [saved, setSaved] = useState<string | null>(null);
  const { run, pending, error } = useAction(save, { onSuccess: setSaved });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = new FormData(event.currentTarget).get("name");
    void run(typeof name === "string" ? name : "");
  };
  return (
    <form onSubmit={submit} className="flex max-w-md flex-col gap-4">
      <Field label="Name" hint="Empty is refused; “crash” fails unexpectedly.">
        <Input name="name" />
      </Field>
      <FormError error={error} />
      <div className="flex items-center gap-3">
        <Button type="submit" variant="primary" loading={pending}>
          Save
        </Button>
        <p role="status" className="text-ink-muted text-sm">
          {saved === null ? "" : `Saved as “${saved}”.`}
        </p>
      </div>
    </form>
  );
}

export function FileDemo() {
  const [names, setNames] = useState<readonly string[]>([]);
  return (
    <div className="flex flex-col gap-3">
      <FileDrop
        label="Meeting file"
        hint="VTT, SRT, TXT or JSON, up to 20 MB"
        accept={[".vtt", ".srt", ".txt", ".json"]}
        maxBytes={20_000_000}
        multiple
        onFiles={(files) =>
          setNames(files.map((file) => `${file.name} · ${formatBytes(file.size)}`))
        }
      />
      <ul className="text-ink-muted text-sm">
        {names.map((name) => (
          <li key={name}>{name}</li>
        ))}
      </ul>
      <FileDrop
        label="No more files"
        hint="The plan's limit is reached."
        disabled
        onFiles={setNothing}
      />
    </div>
  );
}

function setNothing() {
  return undefined;
}
