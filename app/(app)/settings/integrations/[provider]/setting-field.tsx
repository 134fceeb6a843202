"use client";

import { useId } from "react";
import {
  oneOf,
  routesOf,
  severalOf,
} from "@/app/(app)/settings/integrations/[provider]/sync-draft";
import { loadChoices } from "@/app/(app)/settings/integrations/actions";
import { useChoices } from "@/app/(app)/settings/integrations/use-choices";
import { formProblem } from "@/app/(auth)/form-problem";
import { ChoiceList } from "@/components/integrations/choice-list";
import { Checkbox } from "@/components/ui/checkbox";
import { Field } from "@/components/ui/field";
import { NativeSelect } from "@/components/ui/native-select";
import { problemText } from "@/components/ui/problem";
import type { SettingView, SyncSettingsView } from "@/lib/integrations/schema";

interface SettingFieldProps {
  readonly connectionId: string;
  readonly setting: SettingView;
  readonly options: SyncSettingsView["options"];
  readonly teams: readonly { readonly id: string; readonly name: string }[];
  readonly error: string | undefined;
  readonly disabled: boolean;
  readonly onChange: (value: unknown) => void;
}

/** One of the tool's own settings, by its kind. */
export function SettingField(props: SettingFieldProps) {
  switch (props.setting.kind) {
    case "toggle":
      return <Toggle {...props} />;
    case "choice":
    case "choices":
      return <Choices {...props} />;
    case "team_routes":
      return <TeamRoutes {...props} />;
  }
}

function Toggle({ setting, options, disabled, onChange }: SettingFieldProps) {
  return (
    <Checkbox
      label={setting.label}
      description={setting.help}
      checked={options[setting.key] === true}
      disabled={disabled}
      onCheckedChange={onChange}
    />
  );
}

function Choices(props: SettingFieldProps) {
  const { connectionId, setting, options, error, disabled, onChange } = props;
  const {
    list,
    isLoading,
    error: refusal,
    refresh,
  } = useChoices(loadChoices, connectionId, setting.key);
  const many = setting.kind === "choices";
  return (
    <Field
      group
      label={setting.label}
      hint={setting.help}
      error={error}
      required={setting.isRequired}
    >
      <ChoiceList
        label={setting.label}
        many={many}
        chosen={many ? severalOf(options, setting.key) : oneOf(options, setting.key)}
        onChange={(chosen) => onChange(many ? chosen : (chosen[0] ?? null))}
        choices={list?.choices ?? null}
        fetchedAt={list?.fetchedAt ?? null}
        isLoading={isLoading}
        problem={formProblem(refusal)}
        onRefresh={refresh}
        takesPastedId={setting.takesPastedId}
        disabled={disabled}
      />
    </Field>
  );
}

/** A place for each team that should not use the default. */
function TeamRoutes(props: SettingFieldProps) {
  const { connectionId, setting, options, teams, disabled, onChange } = props;
  const ownId = useId();
  const { list, error } = useChoices(loadChoices, connectionId, setting.choicesOf ?? "");
  if (teams.length === 0) return null;
  const routes = routesOf(options, setting.key);
  const choices = list?.choices ?? [];
  const set = (teamId: string, choice: string) => {
    const others = routes.filter((route) => route.teamId !== teamId);
    onChange(choice === "" ? others : [...others, { teamId, choice }]);
  };
  return (
    <fieldset className="flex flex-col gap-2" aria-describedby={`${ownId}-help`}>
      <legend className="font-medium text-sm">{setting.label}</legend>
      <p id={`${ownId}-help`} className="text-ink-muted text-sm">
        {setting.help}
      </p>
      {error === null ? null : <p className="text-danger-ink text-sm">{problemText(error)}</p>}
      <div className="flex max-h-72 flex-col gap-2 overflow-y-auto p-0.5">
        {teams.map(({ id, name }) => {
          const chosen = routes.find(({ teamId }) => teamId === id)?.choice ?? "";
          const isKnown = chosen === "" || choices.some((choice) => choice.id === chosen);
          return (
            <div
              key={id}
              className="grid items-center gap-x-3 gap-y-1 sm:grid-cols-[minmax(0,1fr)_minmax(0,1.4fr)]"
            >
              <label htmlFor={`${ownId}-${id}`} className="truncate text-base">
                {name}
              </label>
              <NativeSelect
                id={`${ownId}-${id}`}
                value={chosen}
                disabled={disabled || list === null}
                onChange={(event) => set(id, event.target.value)}
              >
                <option value="">The default</option>
                {isKnown ? null : <option value={chosen}>{chosen} (not offered any more)</option>}
                {choices.map((choice) => (
                  <option key={choice.id} value={choice.id}>
                    {choice.label}
                  </option>
                ))}
              </NativeSelect>
            </div>
          );
        })}
      </div>
    </fieldset>
  );
}
