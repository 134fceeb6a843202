"use client";

import { type FormEvent, useState } from "react";
import type { IssuedClientSecret } from "@/app/(app)/settings/integrations/api/service-accounts/[id]/issued-client-dialog";
import { createServiceClient } from "@/app/(app)/settings/integrations/api/service-accounts/actions";
import { fieldErrors, formProblem } from "@/app/(auth)/form-problem";
import { useAction } from "@/components/hooks/use-action";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { Dialog, DialogClose, DialogContent } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { FormError } from "@/components/ui/form-error";
import { Input } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import { RadioGroup, RadioItem } from "@/components/ui/radio-group";
import { Textarea } from "@/components/ui/textarea";
import { toast } from "@/components/ui/toast";
import { allScopes, readScopes, SCOPES, type Scope } from "@/lib/auth/scopes";
import type { ServiceClientInput } from "@/lib/service-accounts/schema";

interface CreateClientDialogProps {
  readonly accountId: string;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly onIssued: (issued: IssuedClientSecret) => void;
}

const formId = "create-service-client";

/** Asks how a new client proves who it is, and what its tokens may do. */
export function CreateClientDialog(props: CreateClientDialogProps) {
  const { accountId, open, onOpenChange, onIssued } = props;
  const action = useAction(createServiceClient, {
    onSuccess: ({ clientId, name, clientSecret }) => {
      onOpenChange(false);
      if (clientSecret === null) toast.success("OAuth client added");
      else onIssued({ clientId, name, clientSecret });
    },
  });
  const change = (next: boolean) => {
    action.reset();
    onOpenChange(next);
  };
  return (
    <Dialog open={open} onOpenChange={change}>
      <DialogContent
        title="Add an OAuth client"
        footer={
          <>
            <DialogClose asChild>
              <Button>Cancel</Button>
            </DialogClose>
            <Button type="submit" form={formId} variant="primary" loading={action.pending}>
              Add client
            </Button>
          </>
        }
      >
        <ClientForm
          error={action.error}
          onSubmit={(input) => void action.run({ ...input, service_account_id: accountId })}
        />
      </DialogContent>
    </Dialog>
  );
}

interface ClientFormProps {
  readonly error: ReturnType<typeof useAction>["error"];
  readonly onSubmit: (input: Omit<ServiceClientInput, "service_account_id">) => void;
}

function ClientForm({ error, onSubmit }: ClientFormProps) {
  const [name, setName] = useState("");
  const [authentication, setAuthentication] =
    useState<ServiceClientInput["authentication"]>("secret");
  const [jwks, setJwks] = useState("");
  const [scopes, setScopes] = useState<readonly Scope[]>(readScopes);
  const errors = fieldErrors(error);
  const signs = authentication === "private_key_jwt";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit({ name, authentication, jwks: signs ? jwks : "", scopes: [...scopes] });
  };
  return (
    <form id={formId} method="post" noValidate onSubmit={submit} className="flex flex-col gap-4">
      <Field label="Name" error={errors.name} required>
        <Input
          value={name}
          maxLength={80}
          autoComplete="off"
          onChange={(event) => setName(event.target.value)}
        />
      </Field>
      <Field group label="Authentication" error={errors.authentication}>
        <RadioGroup
          value={authentication}
          onValueChange={(chosen) =>
            setAuthentication(chosen === "private_key_jwt" ? chosen : "secret")
          }
        >
          <RadioItem
            value="secret"
            label="Client secret"
            description="Harmony makes it and shows it once."
          />
          <RadioItem
            value="private_key_jwt"
            label="Public key (private_key_jwt)"
            description="The program signs with a private key that never leaves it. RSA, P-256 or Ed25519."
          />
        </RadioGroup>
      </Field>
      {signs ? (
        <Field
          label="JSON Web Key Set"
          hint="Public keys only, at most five."
          error={errors.jwks}
          required
        >
          <Textarea
            value={jwks}
            rows={6}
            spellCheck={false}
            autoComplete="off"
            placeholder='{"keys": [{"kty": "EC", …}]}'
            className="font-mono text-sm"
            onChange={(event) => setJwks(event.target.value)}
          />
        </Field>
      ) : null}
      <fieldset className="flex min-w-0 flex-col gap-2">
        <legend className="mb-1.5 font-medium text-sm">Access</legend>
        <p className="text-ink-muted text-sm">
          A token never does more than the account’s role allows.
        </p>
        {allScopes.map((scope) => (
          <Checkbox
            key={scope}
            label={SCOPES[scope].title}
            checked={scopes.includes(scope)}
            onCheckedChange={(on) =>
              setScopes(on ? [...scopes, scope] : scopes.filter((other) => other !== scope))
            }
          />
        ))}
        {errors.scopes === undefined ? null : (
          <Notice tone="danger" live="alert">
            {errors.scopes}
          </Notice>
        )}
      </fieldset>
      <FormError error={formProblem(error)} />
    </form>
  );
}
