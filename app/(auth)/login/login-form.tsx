"use client";

import { Mail } from "lucide-react";
import { type FormEvent, useState } from "react";
import { fieldErrors, formProblem } from "@/app/(auth)/form-problem";
import { signIn } from "@/app/(auth)/login/actions";
import { GoogleMark } from "@/app/(auth)/login/google-mark";
import { refusalOf } from "@/app/(auth)/login/refusals";
import { refusalIn, startSignIn } from "@/app/(auth)/start-sign-in";
import { useAction } from "@/components/hooks/use-action";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { FormError } from "@/components/ui/form-error";
import { Input } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import type { Problem } from "@/components/ui/problem";

interface LoginFormProps {
  /** Where to go afterwards; already known to be a path of ours. */
  readonly next: string;
  readonly ways: { readonly google: boolean; readonly link: boolean };
  readonly linkSent: boolean;
  /** Where mail can be read when nothing sends it. */
  readonly keptMailHref: string | null;
}

/** Sign-in by password, mailed link or Google; offers what the installation has. */
export function LoginForm(props: LoginFormProps) {
  const { next, ways } = props;
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [leaving, setLeaving] = useState<"password" | "google" | null>(null);
  const go = (way: "password" | "google", url: string) => {
    setLeaving(way);
    window.location.assign(url);
  };
  const action = useAction(signIn, { onSuccess: (data) => go("password", data.next) });
  const link = useLink(next);
  const errors = fieldErrors(action.error);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    link.reset();
    void action.run({ email, password, next });
  };
  const google = async () => {
    setLeaving("google");
    go("google", await startSignIn("google", { callbackUrl: next }));
  };
  if (link.sent || props.linkSent) {
    return <LinkSent email={link.sent} keptMailHref={props.keptMailHref} />;
  }
  return (
    <div className="flex flex-col gap-5">
      {ways.google ? (
        <>
          <Button size="lg" loading={leaving === "google"} onClick={() => void google()}>
            <GoogleMark />
            Continue with Google
          </Button>
          <Or />
        </>
      ) : null}
      {/* Posting keeps the password out of the address if it is sent before the page's script runs. */}
      <form method="post" onSubmit={submit} className="flex flex-col gap-4" noValidate>
        <Field label="E-mail address" error={errors.email ?? link.missing} required>
          <Input
            type="email"
            name="email"
            autoComplete="username"
            inputMode="email"
            value={email}
            onChange={(event) => setEmail(event.target.value)}
            className="h-9"
          />
        </Field>
        <Field label="Password" error={errors.password} required>
          <Input
            type="password"
            name="password"
            autoComplete="current-password"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
            className="h-9"
          />
        </Field>
        <FormError error={formProblem(action.error) ?? link.refusal} />
        <Button
          type="submit"
          variant="primary"
          size="lg"
          loading={action.pending || leaving === "password"}
        >
          Sign in
        </Button>
      </form>
      {ways.link ? (
        <Button
          variant="ghost"
          size="lg"
          loading={link.pending}
          onClick={() => {
            action.reset();
            void link.send(email);
          }}
        >
          <Mail />
          Email me a link instead
        </Button>
      ) : null}
    </div>
  );
}

/** Asks for a mailed link. The answer is the same for every address. */
function useLink(next: string) {
  const [pending, setPending] = useState(false);
  const [sent, setSent] = useState<string | null>(null);
  const [missing, setMissing] = useState<string>();
  const [refusal, setRefusal] = useState<Problem | null>(null);
  const reset = () => {
    setMissing(undefined);
    setRefusal(null);
  };
  const send = async (typed: string) => {
    reset();
    const email = typed.trim();
    if (!/^[^@\s]+@[^@\s]+$/.test(email)) {
      setMissing("Enter your address first, such as ada@example.com.");
      return;
    }
    setPending(true);
    const reason = refusalIn(await startSignIn("email", { email, callbackUrl: next }));
    setPending(false);
    if (reason === null) setSent(email);
    else setRefusal(refusalOf(reason));
  };
  return { pending, sent, missing, refusal, reset, send };
}

interface LinkSentProps {
  readonly email: string | null;
  readonly keptMailHref: string | null;
}

function LinkSent({ email, keptMailHref }: LinkSentProps) {
  return (
    <div className="flex flex-col gap-5">
      <Notice tone="success" live="status" title="Check your mail">
        <p>
          If {email === null ? "the address" : <strong className="font-medium">{email}</strong>}{" "}
          belongs to a member, a link to sign in is on its way. It works once and for 15 minutes.
        </p>
        {keptMailHref === null ? null : (
          <p className="mt-2">
            This installation sends no mail.{" "}
            <a href={keptMailHref} className="underline underline-offset-4">
              Read it here instead
            </a>
            .
          </p>
        )}
      </Notice>
      <Button size="lg" asChild>
        <a href="/login">Back to sign in</a>
      </Button>
    </div>
  );
}

/** A line with a word in it, between two ways of doing the same. */
export function Or({ children = "or" }: { readonly children?: string }) {
  return (
    <div className="flex items-center gap-3 text-ink-faint text-xs">
      <span className="h-px flex-1 bg-line" />
      {children}
      <span className="h-px flex-1 bg-line" />
    </div>
  );
}
