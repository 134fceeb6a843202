"use client";

import { type FormEvent, useState } from "react";
import { generateApiKey } from "@/app/(app)/settings/integrations/api/actions";
import type { KeyPlan } from "@/app/(app)/settings/integrations/api/key-plan";
import { fieldErrors, formProblem } from "@/app/(auth)/form-problem";
import { useAction } from "@/components/hooks/use-action";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose, DialogContent } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { FormError } from "@/components/ui/form-error";
import { formatNumber } from "@/components/ui/format";
import { Input } from "@/components/ui/input";
import { NativeSelect } from "@/components/ui/native-select";
import { RadioGroup, RadioItem } from "@/components/ui/radio-group";
import type { IssuedApiKey } from "@/lib/api-keys/service";

interface GenerateKeyDialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly roles: readonly { readonly id: string; readonly name: string }[];
  /** The service account that it is an API token of, whose role it has; null for a key. */
  readonly accountId: string | null;
  readonly plan: KeyPlan;
  readonly onIssued: (issued: IssuedApiKey) => void;
}

const formId = "generate-api-key";

/** Asks what the new key is for and what it may do. */
export function GenerateKeyDialog({ open, onOpenChange, ...form }: GenerateKeyDialogProps) {
  const action = useAction(generateApiKey, {
    onSuccess: (issued) => {
      onOpenChange(false);
      form.onIssued(issued);
    },
  });
  const change = (next: boolean) => {
    action.reset();
    onOpenChange(next);
  };
  return (
    <Dialog open={open} onOpenChange={change}>
      <DialogContent
        title={form.accountId === null ? "Generate an API key" : "Generate an API token"}
        footer={
          <>
            <DialogClose asChild>
              <Button>Cancel</Button>
            </DialogClose>
            <Button type="submit" form={formId} variant="primary" loading={action.pending}>
              {form.accountId === null ? "Generate API Key" : "Generate API token"}
            </Button>
          </>
        }
      >
        <GenerateKeyForm
          {...form}
          error={action.error}
          onSubmit={(input) => void action.run(input)}
        />
      </DialogContent>
    </Dialog>
  );
}

const lifetimes = [
  { value: "never", label: "Never" },
  { value: "30", label: "In 30 days" },
  { value: "90", label: "In 90 days" },
  { value: "365", label: "In 365 days" },
  { value: "custom", label: "On a day of your choice" },
] as const;

const dayMs = 86_400_000;

/** The end of a key as the service takes it: an instant, a day, or null for never. */
function expiryOf(lifetime: string, day: string): string | null {
  if (lifetime === "never") return null;
  if (lifetime === "custom") return day;
  return new Date(Date.now() + Number(lifetime) * dayMs).toISOString();
}

const tomorrow = () => new Date(Date.now() + dayMs).toISOString().slice(0, 10);

function sharedLimit({ requestsPerMinute }: KeyPlan): string {
  if (requestsPerMinute === null) return "one limit";
  return `${formatNumber(requestsPerMinute)} requests a minute`;
}

interface RoleFieldProps extends Pick<GenerateKeyDialogProps, "roles"> {
  readonly roleId: string;
  readonly error: string | undefined;
  readonly onChange: (roleId: string) => void;
}

function RoleField({ roles, roleId, error, onChange }: RoleFieldProps) {
  return (
    <Field
      label="Role"
      hint={
        roleId === ""
          ? "No role: reads meetings, transcripts, summaries, insights and contacts of the whole workspace."
          : "The key sees what you would see with this role, and never more than you see now."
      }
      error={error}
    >
      <NativeSelect value={roleId} onChange={(event) => onChange(event.target.value)}>
        <option value="">No role</option>
        {roles.map((role) => (
          <option key={role.id} value={role.id}>
            {role.name}
          </option>
        ))}
      </NativeSelect>
    </Field>
  );
}

/** A token has its account's role; what is wrong with that one has no field here. */
function AccountRole({ error }: Pick<RoleFieldProps, "error">) {
  return error === undefined ? (
    <p className="text-ink-muted text-sm">
      It has the account’s role and teams, also when they change.
    </p>
  ) : (
    <FormError error={{ message: `The account’s role reaches further than your own. ${error}` }} />
  );
}

interface GenerateKeyFormProps
  extends Pick<GenerateKeyDialogProps, "roles" | "accountId" | "plan"> {
  readonly error: ReturnType<typeof useAction>["error"];
  readonly onSubmit: (input: Parameters<typeof generateApiKey>[0]) => void;
}

function GenerateKeyForm({ roles, accountId, plan, error, onSubmit }: GenerateKeyFormProps) {
  const [name, setName] = useState("");
  const [roleId, setRoleId] = useState("");
  const [lifetime, setLifetime] = useState("never");
  const [day, setDay] = useState("");
  const [access, setAccess] = useState<"read" | "read_write">("read");
  const [rateLimit, setRateLimit] = useState("");
  const errors = fieldErrors(error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit({
      name,
      role_id: roleId || null,
      service_account_id: accountId,
      access,
      expires_at: expiryOf(lifetime, day),
      rate_limit_per_minute: rateLimit === "" ? null : Number(rateLimit),
    });
  };
  return (
    <form id={formId} method="post" noValidate onSubmit={submit} className="flex flex-col gap-4">
      <Field
        label="Name"
        hint="What it is for, such as “Warehouse export”."
        error={errors.name}
        required
      >
        <Input
          value={name}
          maxLength={100}
          autoComplete="off"
          onChange={(event) => setName(event.target.value)}
        />
      </Field>
      {accountId === null ? (
        <RoleField roles={roles} roleId={roleId} error={errors.role_id} onChange={setRoleId} />
      ) : (
        <AccountRole error={errors.role_id} />
      )}
      <Field
        group
        label="Access"
        error={errors.access}
        {...(plan.mayUpload
          ? {}
          : {
              hint: `The ${plan.label} plan has keys that read. Uploading through the API needs a larger plan.`,
            })}
      >
        <RadioGroup
          value={access}
          onValueChange={(value) => setAccess(value === "read_write" ? value : "read")}
        >
          <RadioItem
            value="read"
            label="Read only"
            description="Lists and reads, changes nothing."
          />
          <RadioItem
            value="read_write"
            label="Read and upload"
            description="Also uploads recordings and transcripts."
            disabled={!plan.mayUpload}
          />
        </RadioGroup>
      </Field>
      <Field label="Expiration" error={lifetime === "custom" ? undefined : errors.expires_at}>
        <NativeSelect value={lifetime} onChange={(event) => setLifetime(event.target.value)}>
          {lifetimes.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </NativeSelect>
      </Field>
      {lifetime === "custom" ? (
        <Field
          label="Last day"
          hint="It works until the end of this day, UTC."
          error={errors.expires_at}
          required
        >
          <Input
            type="date"
            value={day}
            min={tomorrow()}
            onChange={(event) => setDay(event.target.value)}
          />
        </Field>
      ) : null}
      <Field
        label="Requests a minute"
        hint={`All keys of the workspace share ${sharedLimit(plan)}. A lower limit for this key keeps it from using that up.`}
        error={errors.rate_limit_per_minute}
        optional
      >
        <Input
          type="number"
          inputMode="numeric"
          min={1}
          max={plan.requestsPerMinute ?? undefined}
          value={rateLimit}
          onChange={(event) => setRateLimit(event.target.value)}
          className="max-w-40"
        />
      </Field>
      <FormError error={formProblem(error)} />
    </form>
  );
}
