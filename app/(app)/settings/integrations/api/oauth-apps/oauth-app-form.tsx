"use client";

import { CircleAlert } from "lucide-react";
import { type FormEvent, type ReactNode, useId, useState } from "react";
import {
  draftOf,
  inputOf,
  type OAuthAppDraft,
  tidied,
  withKind,
} from "@/app/(app)/settings/integrations/api/oauth-apps/oauth-app-draft";
import { RedirectUrisField } from "@/app/(app)/settings/integrations/api/oauth-apps/redirect-uris-field";
import {
  authenticationsOf,
  authenticationWords,
  kindWords,
  scopeWords,
} from "@/app/(app)/settings/integrations/api/oauth-apps/words";
import { fieldErrors, formProblem } from "@/app/(auth)/form-problem";
import type { ActionError } from "@/components/hooks/use-action";
import { Checkbox } from "@/components/ui/checkbox";
import { Field } from "@/components/ui/field";
import { FormError } from "@/components/ui/form-error";
import { Input } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import { RadioGroup, RadioItem } from "@/components/ui/radio-group";
import { Textarea } from "@/components/ui/textarea";
import { allScopes, SCOPES, type Scope } from "@/lib/auth/scopes";
import { holdsPrivateKey, privateKeyRefusal } from "@/lib/oauth-server/key-text";
import type { OAuthAppInput, OAuthAppView } from "@/lib/oauth-server/schema";

interface OAuthAppFormProps {
  readonly formId: string;
  /** Null for a new one. */
  readonly app: OAuthAppView | null;
  readonly error: ActionError | null;
  readonly onSubmit: (input: OAuthAppInput) => void;
}

/** Refusals of single addresses by their position, and of the list as a whole. */
function redirectErrors(errors: Readonly<Record<string, string>>) {
  const byIndex = Object.entries(errors).flatMap(([name, text]) => {
    const [list, index] = name.split(".");
    return list === "redirect_uris" && index !== undefined ? [[Number(index), text] as const] : [];
  });
  return { ...Object.fromEntries(byIndex), all: errors.redirect_uris };
}

/** What an app says of itself, how it proves itself, where it goes and what it may ask for. */
export function OAuthAppForm({ formId, app, error, onSubmit }: OAuthAppFormProps) {
  const [draft, setDraft] = useState(() => draftOf(app));
  // What the form itself refuses; a private key is not sent to be refused.
  const [hasPrivateKey, setHasPrivateKey] = useState(false);
  const errors = fieldErrors(error);
  const change = (changes: Partial<OAuthAppDraft>) => setDraft({ ...draft, ...changes });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const tidy = tidied(draft);
    setDraft(tidy);
    const isPrivate = tidy.authentication === "private_key_jwt" && holdsPrivateKey(tidy.jwks);
    setHasPrivateKey(isPrivate);
    if (!isPrivate) onSubmit(inputOf(tidy));
  };
  return (
    <form id={formId} method="post" noValidate onSubmit={submit} className="flex flex-col gap-6">
      <Field label="Name" hint="Shown to everybody whom the app asks." error={errors.name} required>
        <Input
          value={draft.name}
          maxLength={80}
          autoComplete="off"
          onChange={(event) => change({ name: event.target.value })}
        />
      </Field>
      <Field
        label="Description"
        hint="What the app does with the data, in a sentence or two."
        error={errors.description}
        optional
      >
        <Textarea
          value={draft.description}
          maxLength={500}
          rows={2}
          onChange={(event) => change({ description: event.target.value })}
        />
      </Field>
      <KindField app={app} draft={draft} onChange={setDraft} error={errors.kind} />
      <AuthenticationField
        app={app}
        draft={draft}
        change={change}
        error={errors.authentication}
        keysError={hasPrivateKey ? privateKeyRefusal : errors.jwks}
      />
      <RedirectUrisField
        uris={draft.redirectUris}
        onChange={(redirectUris) => change({ redirectUris })}
        errors={redirectErrors(errors)}
      />
      <ScopesField
        chosen={draft.scopes}
        onChange={(scopes) => change({ scopes })}
        error={errors.scopes}
      />
      <SharingField app={app} draft={draft} change={change} />
      <FormError error={formProblem(error)} />
    </form>
  );
}

interface PartProps {
  readonly app: OAuthAppView | null;
  readonly draft: OAuthAppDraft;
}

interface KindFieldProps extends PartProps {
  readonly onChange: (draft: OAuthAppDraft) => void;
  readonly error: string | undefined;
}

const kinds = ["web", "native"] as const;

function KindField({ app, draft, onChange, error }: KindFieldProps) {
  const choose = (value: string) => {
    const kind = kinds.find((one) => one === value) ?? "web";
    onChange(app === null ? withKind(draft, kind) : { ...draft, kind });
  };
  return (
    <Field group label="Type" error={error}>
      <RadioGroup value={draft.kind} onValueChange={choose}>
        {kinds.map((kind) => (
          <RadioItem
            key={kind}
            value={kind}
            {...kindWords[kind]}
            disabled={app !== null && !authenticationsOf[kind].includes(app.authentication)}
          />
        ))}
      </RadioGroup>
    </Field>
  );
}

interface AuthenticationFieldProps extends PartProps {
  readonly change: (changes: Partial<OAuthAppDraft>) => void;
  readonly error: string | undefined;
  readonly keysError: string | undefined;
}

/** How the app proves itself at the token endpoint; chosen once, because what uses it is set up for it. */
function AuthenticationField(props: AuthenticationFieldProps) {
  const { app, draft, change, error, keysError } = props;
  const ways = authenticationsOf[draft.kind];
  return (
    <>
      {app === null ? (
        <Field group label="Authentication" error={error}>
          <RadioGroup
            value={draft.authentication}
            onValueChange={(value) => {
              const authentication = ways.find((one) => one === value);
              if (authentication) change({ authentication });
            }}
          >
            {ways.map((way) => (
              <RadioItem key={way} value={way} {...authenticationWords[way]} />
            ))}
          </RadioGroup>
        </Field>
      ) : null}
      {draft.authentication === "private_key_jwt" ? (
        <Field
          label="Public keys"
          hint={
            app === null
              ? "A JSON Web Key Set with up to five public keys: RSA of at least 2048 bits (RS256, PS256), EC P-256 (ES256) or Ed25519 (EdDSA)."
              : "Leave it empty to keep the keys. What you paste replaces all of them, from the next request on."
          }
          error={keysError}
          required={app === null}
          optional={app !== null}
        >
          <Textarea
            value={draft.jwks}
            rows={5}
            autoComplete="off"
            spellCheck={false}
            placeholder={'{ "keys": [ { "kty": "EC", "crv": "P-256", "x": "…", "y": "…" } ] }'}
            onChange={(event) => change({ jwks: event.target.value })}
            className="max-h-64 font-mono text-sm"
          />
        </Field>
      ) : null}
    </>
  );
}

interface ScopesFieldProps {
  readonly chosen: readonly Scope[];
  readonly onChange: (scopes: readonly Scope[]) => void;
  readonly error: string | undefined;
}

function ScopesField({ chosen, onChange, error }: ScopesFieldProps) {
  return (
    <CheckGroup
      legend="What it may ask for"
      hint="People can leave out any of these, and an app never gets more than the person may do."
      error={error}
    >
      {allScopes.map((scope) => (
        <Checkbox
          key={scope}
          checked={chosen.includes(scope)}
          onCheckedChange={(isOn) =>
            onChange(isOn ? [...chosen, scope] : chosen.filter((one) => one !== scope))
          }
          label={
            <>
              {SCOPES[scope].title}{" "}
              <code className="whitespace-nowrap font-mono text-ink-muted text-xs">{scope}</code>
            </>
          }
          description={scopeWords[scope]}
        />
      ))}
    </CheckGroup>
  );
}

interface SharingFieldProps extends PartProps {
  readonly change: (changes: Partial<OAuthAppDraft>) => void;
}

function SharingField({ app, draft, change }: SharingFieldProps) {
  return (
    <CheckGroup legend="Sharing">
      <Checkbox
        checked={draft.isShared}
        onCheckedChange={(isShared) => change({ isShared })}
        label="Other workspaces may connect it"
        description="Off: only people of this workspace can connect the app."
      />
      {draft.isShared ? (
        <Notice tone="warning" title="Anybody with a Harmony workspace can ask for this app">
          They see the name of this workspace as an unverified publisher, and an admin of theirs has
          to approve the app before anybody connects it.
        </Notice>
      ) : null}
      {app?.isShared && !draft.isShared ? (
        <Notice tone="info" title="Nobody else can connect it from now on">
          Access that people of other workspaces gave already stays. To end it, disable or delete
          the app.
        </Notice>
      ) : null}
    </CheckGroup>
  );
}

interface CheckGroupProps {
  readonly legend: string;
  readonly hint?: string;
  readonly error?: string | undefined;
  readonly children: ReactNode;
}

/** Tick boxes under one name, with what is said about all of them. */
function CheckGroup({ legend, hint, error, children }: CheckGroupProps) {
  const id = useId();
  const describedBy = [error && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(" ");
  return (
    <fieldset
      className="flex min-w-0 flex-col gap-2.5"
      {...(describedBy === "" ? {} : { "aria-describedby": describedBy })}
    >
      <legend className="mb-1.5 font-medium text-sm">{legend}</legend>
      {children}
      {hint === undefined ? null : (
        <p id={`${id}-hint`} className="text-ink-muted text-sm">
          {hint}
        </p>
      )}
      {error === undefined ? null : (
        <p id={`${id}-error`} role="alert" className="flex gap-1.5 text-danger-ink text-sm">
          <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
          {error}
        </p>
      )}
    </fieldset>
  );
}
