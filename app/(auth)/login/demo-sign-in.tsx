"use client";

import { ArrowRight } from "lucide-react";
import { useState } from "react";
import { fieldErrors, formProblem } from "@/app/(auth)/form-problem";
import { signInAsDemo } from "@/app/(auth)/login/actions";
import { useAction } from "@/components/hooks/use-action";
import { Avatar } from "@/components/ui/avatar";
import { Field } from "@/components/ui/field";
import { FormError } from "@/components/ui/form-error";
import { Input } from "@/components/ui/input";
import { Spinner } from "@/components/ui/spinner";
import type { DemoRole } from "@/lib/auth/sign-in";

export interface DemoPerson {
  readonly role: DemoRole;
  readonly roleName: string;
  readonly name: string;
}

interface DemoSignInProps {
  readonly people: readonly DemoPerson[];
  /** Others than this machine can reach the server: the demo then asks for HARMONY_DEMO_PASSWORD. */
  readonly needsPassword: boolean;
  readonly next: string;
}

/** One press signs in as one of the demo's people. */
export function DemoSignIn({ people, needsPassword, next }: DemoSignInProps) {
  const [password, setPassword] = useState("");
  const [chosen, setChosen] = useState<DemoRole | null>(null);
  const action = useAction(signInAsDemo, {
    onSuccess: (data) => window.location.assign(data.next),
    onError: () => setChosen(null),
  });
  const choose = (role: DemoRole) => {
    if (chosen !== null) return;
    setChosen(role);
    void action.run({ role, next, ...(needsPassword ? { password } : {}) });
  };
  return (
    <section aria-labelledby="demo-title" className="flex flex-col gap-3">
      <div>
        <h2 id="demo-title" className="font-semibold text-base">
          Look around in the demo
        </h2>
        <p className="mt-0.5 text-ink-muted text-sm">Choose whose eyes to look through.</p>
      </div>
      {needsPassword ? (
        <Field label="Demo password" error={fieldErrors(action.error).password}>
          <Input
            type="password"
            autoComplete="off"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
            className="h-9"
          />
        </Field>
      ) : null}
      <ul className="divide-y overflow-hidden rounded-lg border">
        {people.map((person) => (
          <li key={person.role}>
            <button
              type="button"
              onClick={() => choose(person.role)}
              aria-busy={chosen === person.role}
              className="group flex min-h-12 w-full items-center gap-3 px-3 py-2 text-left transition-colors hover:bg-hover focus-visible:-outline-offset-2"
            >
              <Avatar name={person.name} />
              <span className="min-w-0 flex-1">
                <span className="block truncate font-medium text-base">{person.roleName}</span>
                <span className="block truncate text-ink-muted text-sm">{person.name}</span>
              </span>
              {chosen === person.role ? (
                <Spinner label="Signing in" className="size-4 text-ink-muted" />
              ) : (
                <ArrowRight
                  aria-hidden
                  className="size-4 text-ink-faint transition-transform group-hover:translate-x-0.5"
                />
              )}
            </button>
          </li>
        ))}
      </ul>
      <FormError error={formProblem(action.error)} />
    </section>
  );
}
