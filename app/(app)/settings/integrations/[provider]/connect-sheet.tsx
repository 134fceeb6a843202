"use client";

import { Check } from "lucide-react";
import { type FormEvent, useState } from "react";
import { ConnectSteps } from "@/app/(app)/settings/integrations/[provider]/connect-steps";
import type { ConnectableTool } from "@/app/(app)/settings/integrations/[provider]/connectable-tool";
import { useConnect } from "@/app/(app)/settings/integrations/[provider]/use-connect";
import { fieldErrors, formProblem } from "@/app/(auth)/form-problem";
import { ToolLogo } from "@/components/integrations/tool-logo";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { FormError } from "@/components/ui/form-error";
import { Input } from "@/components/ui/input";
import { ModalClose } from "@/components/ui/modal";
import { NativeSelect } from "@/components/ui/native-select";
import { Sheet, SheetContent } from "@/components/ui/sheet";
import type { ConnectFieldView } from "@/lib/integrations/schema";

interface ConnectSheetProps {
  readonly tool: ConnectableTool;
  readonly logo: string | null;
  readonly open: boolean;
  readonly onClose: () => void;
}

const formId = "connect-form";

function firstValues(fields: readonly ConnectFieldView[]): Record<string, string> {
  return Object.fromEntries(fields.map((field) => [field.key, field.choices[0]?.id ?? ""]));
}

/** The first of the three steps: what Harmony will be able to do, then off to the tool's own sign-in. */
export function ConnectSheet({ tool, logo, open, onClose }: ConnectSheetProps) {
  const { name, permissions, connectFields, connection } = tool;
  const [fields, setFields] = useState(() => firstValues(connectFields));
  const { connect, isLeaving, error, reset } = useConnect(tool);
  const isAgain = connection?.status === "needs_attention";
  const errors = fieldErrors(error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    connect({ fields });
  };
  const change = (next: boolean) => {
    if (next) return;
    reset();
    onClose();
  };
  return (
    <Sheet open={open} onOpenChange={change}>
      <SheetContent
        title={isAgain ? `Reconnect ${name}` : `Connect ${name}`}
        footer={
          <>
            <ModalClose asChild>
              <Button>Cancel</Button>
            </ModalClose>
            <Button
              type="submit"
              form={formId}
              variant="primary"
              loading={isLeaving}
              data-autofocus={connectFields.length === 0 ? "" : undefined}
            >
              Continue to {name}
            </Button>
          </>
        }
      >
        <form
          id={formId}
          method="post"
          noValidate
          onSubmit={submit}
          className="flex flex-col gap-6"
        >
          <ConnectSteps current={isLeaving ? "Sign in" : "Permissions"} />
          <div className="flex items-center gap-3">
            <ToolLogo name={name} src={logo} size="lg" />
            <p className="text-pretty text-base text-ink-muted">{whoseWords(tool)}</p>
          </div>
          <section aria-labelledby="connect-permissions">
            <h3 id="connect-permissions" className="pb-2 font-medium text-base">
              Harmony will be able to…
            </h3>
            <ul className="flex flex-col gap-2 text-base">
              {permissions.map(({ scope, words }) => (
                <li key={scope} className="flex gap-2">
                  <Check aria-hidden className="mt-0.5 size-4 shrink-0 text-success-ink" />
                  <span className="min-w-0">{words}</span>
                </li>
              ))}
            </ul>
          </section>
          {connectFields.map((field) => (
            <Question
              key={field.key}
              field={field}
              value={fields[field.key] ?? ""}
              error={errors[field.key] ?? errors[`fields.${field.key}`]}
              onChange={(value) => setFields({ ...fields, [field.key]: value })}
            />
          ))}
          <p className="text-ink-muted text-sm">
            You sign in at {name}, so Harmony never sees your password. You come back here by
            yourself, and can disconnect at any time.
          </p>
          <FormError error={formProblem(error)} />
        </form>
      </SheetContent>
    </Sheet>
  );
}

function whoseWords({ name, scope, availability }: ConnectableTool): string {
  const whose =
    scope === "workspace"
      ? `One connection for the whole workspace: everybody’s meetings use it.`
      : `Your own connection: only you use ${name} through it.`;
  return availability === "sandbox" ? `${whose} Here a stand-in plays the part of ${name}.` : whose;
}

interface QuestionProps {
  readonly field: ConnectFieldView;
  readonly value: string;
  readonly error: string | undefined;
  readonly onChange: (value: string) => void;
}

function Question({ field, value, error, onChange }: QuestionProps) {
  return (
    <Field label={field.label} hint={field.help} error={error} required>
      {field.kind === "choice" ? (
        <NativeSelect value={value} onChange={(event) => onChange(event.target.value)}>
          {field.choices.map(({ id, label }) => (
            <option key={id} value={id}>
              {label}
            </option>
          ))}
        </NativeSelect>
      ) : (
        <Input
          value={value}
          placeholder={field.placeholder}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
