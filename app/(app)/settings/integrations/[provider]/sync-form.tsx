"use client";

import { type FormEvent, useState } from "react";
import { SettingField } from "@/app/(app)/settings/integrations/[provider]/setting-field";
import {
  groupToggles,
  isChanged,
  shownSettings,
  syncsSomething,
} from "@/app/(app)/settings/integrations/[provider]/sync-draft";
import type { SyncWords } from "@/app/(app)/settings/integrations/[provider]/sync-tab";
import { saveSettings } from "@/app/(app)/settings/integrations/actions";
import { fieldErrors, formProblem } from "@/app/(auth)/form-problem";
import { useAction } from "@/components/hooks/use-action";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardFooter, CardHeader } from "@/components/ui/card";
import { Checkbox } from "@/components/ui/checkbox";
import { Field } from "@/components/ui/field";
import { FormError } from "@/components/ui/form-error";
import { Notice } from "@/components/ui/notice";
import { RadioGroup, RadioItem } from "@/components/ui/radio-group";
import { toast } from "@/components/ui/toast";
import type { ConflictRule } from "@/lib/integrations/contract";
import type { SettingView, SyncSettingsView } from "@/lib/integrations/schema";

interface SyncFormProps {
  readonly connectionId: string;
  readonly toolName: string;
  readonly saved: SyncSettingsView;
  readonly words: SyncWords;
  readonly settings: readonly SettingView[];
  readonly teams: readonly { readonly id: string; readonly name: string }[];
  readonly disabled: boolean;
}

/** What is synced, which way and when. Nothing changes before Save. */
export function SyncForm(props: SyncFormProps) {
  const { connectionId, toolName, saved, words, settings, teams, disabled } = props;
  const [draft, setDraft] = useState(saved);
  const { run, pending, error } = useAction(saveSettings, {
    onSuccess: () => toast.success("Sync settings saved"),
  });
  const change = (changes: Partial<SyncSettingsView>) => setDraft({ ...draft, ...changes });
  const setOption = (key: string, value: unknown) =>
    change({ options: { ...draft.options, [key]: value } });
  const errors = fieldErrors(error);
  const dirty = isChanged(saved, draft);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void run({
      ...{ connectionId, data: draft.data, direction: draft.direction },
      ...{ frequency: draft.frequency, conflictRule: draft.conflictRule, options: draft.options },
    });
  };
  return (
    <form method="post" noValidate onSubmit={submit}>
      <Card>
        <CardHeader
          title="What is synced"
          description={`Changes take effect when you save, from the next sync with ${toolName}.`}
        />
        <CardBody className="flex flex-col gap-6">
          <DataOptions
            options={words.data}
            data={draft.data}
            disabled={disabled}
            onChange={(data) => change({ data })}
          />
          {groupToggles(shownSettings(settings, draft.data)).map((group) => (
            <div key={group[0]?.key} className="flex flex-col gap-3">
              {group.map((setting) => (
                <SettingField
                  key={setting.key}
                  connectionId={connectionId}
                  setting={setting}
                  options={draft.options}
                  teams={teams}
                  error={errors[setting.key] ?? errors[`options.${setting.key}`]}
                  disabled={disabled}
                  onChange={(value) => setOption(setting.key, value)}
                />
              ))}
            </div>
          ))}
          <DirectionField
            toolName={toolName}
            words={words}
            draft={draft}
            disabled={disabled}
            onChange={change}
          />
          <Field group label="Frequency">
            <RadioGroup
              value={draft.frequency}
              onValueChange={(value) => {
                const frequency = words.frequencies.find(({ key }) => key === value)?.key;
                if (frequency !== undefined) change({ frequency });
              }}
            >
              {words.frequencies.map(({ key, label, what }) => (
                <RadioItem
                  key={key}
                  value={key}
                  label={label}
                  description={what}
                  disabled={disabled}
                />
              ))}
            </RadioGroup>
          </Field>
          <FormError error={formProblem(error)} />
        </CardBody>
        {disabled ? null : (
          <CardFooter>
            <span role="status">{dirty ? "Not saved yet" : ""}</span>
            <span className="flex gap-2">
              {dirty ? (
                <Button disabled={pending} onClick={() => setDraft(saved)}>
                  Discard changes
                </Button>
              ) : null}
              <Button type="submit" variant="primary" loading={pending}>
                Save
              </Button>
            </span>
          </CardFooter>
        )}
      </Card>
    </form>
  );
}

interface DataOptionsProps {
  readonly options: SyncWords["data"];
  readonly data: SyncSettingsView["data"];
  readonly disabled: boolean;
  readonly onChange: (data: SyncSettingsView["data"]) => void;
}

function DataOptions({ options, data, disabled, onChange }: DataOptionsProps) {
  return (
    <fieldset className="flex flex-col gap-3">
      <legend className="pb-2 font-medium text-sm">Data</legend>
      {options.map(({ key, label, what, off }) => (
        <Checkbox
          key={key}
          label={label}
          description={off ?? what ?? undefined}
          checked={off === null && data[key]}
          disabled={disabled || off !== null}
          onCheckedChange={(on) => onChange({ ...data, [key]: on })}
        />
      ))}
      <div role="status" className="empty:hidden">
        {syncsSomething(data) ? null : (
          <Notice tone="warning" title="Nothing is selected to sync">
            Choose at least one kind of data; until then syncs are paused.
          </Notice>
        )}
      </div>
    </fieldset>
  );
}

interface DirectionFieldProps {
  readonly toolName: string;
  readonly words: SyncWords;
  readonly draft: SyncSettingsView;
  readonly disabled: boolean;
  readonly onChange: (changes: Partial<SyncSettingsView>) => void;
}

/** A choice where there is one, else a fixed text (handbook D-16). */
function DirectionField({ toolName, words, draft, disabled, onChange }: DirectionFieldProps) {
  const [only] = words.directions;
  if (words.directions.length === 1 && only !== undefined) {
    return (
      <div>
        <p className="font-medium text-sm">Direction</p>
        <p className="pt-1 text-base">{only.label}</p>
      </div>
    );
  }
  const rules: readonly { readonly key: ConflictRule; readonly label: string }[] = [
    { key: "tool_wins", label: `${toolName} wins` },
    { key: "harmony_wins", label: "Harmony wins" },
    { key: "most_recent", label: "The most recent change wins" },
  ];
  return (
    <>
      <Field group label="Direction">
        <RadioGroup
          value={draft.direction}
          onValueChange={(value) => {
            const direction = words.directions.find(({ key }) => key === value)?.key;
            if (direction !== undefined) onChange({ direction });
          }}
        >
          {words.directions.map(({ key, label }) => (
            <RadioItem key={key} value={key} label={label} disabled={disabled} />
          ))}
        </RadioGroup>
      </Field>
      {draft.direction === "two_way" ? (
        <Field
          group
          label="When both sides changed the same field"
          hint="Each conflict is one line in the sync log, with both values."
        >
          <RadioGroup
            value={draft.conflictRule}
            onValueChange={(value) => {
              const rule = rules.find(({ key }) => key === value)?.key;
              if (rule !== undefined) onChange({ conflictRule: rule });
            }}
          >
            {rules.map(({ key, label }) => (
              <RadioItem key={key} value={key} label={label} disabled={disabled} />
            ))}
          </RadioGroup>
        </Field>
      ) : null}
    </>
  );
}
