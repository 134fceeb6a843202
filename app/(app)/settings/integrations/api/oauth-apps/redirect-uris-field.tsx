"use client";

import { Plus, Trash2 } from "lucide-react";
import { useEffect, useId, useRef } from "react";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { IconButton } from "@/components/ui/icon-button";
import { Input } from "@/components/ui/input";

interface RedirectUrisFieldProps {
  readonly uris: readonly string[];
  readonly onChange: (uris: readonly string[]) => void;
  /** By position; `all` is about the list. */
  readonly errors: Readonly<Record<number, string>> & { readonly all?: string | undefined };
}

const max = 10;

/** The addresses that an app may be sent back to, one control each. */
export function RedirectUrisField({ uris, onChange, errors }: RedirectUrisFieldProps) {
  const hintId = useId();
  const list = useRef<HTMLDivElement>(null);
  const focusOn = useRef<number | null>(null);
  useEffect(() => {
    if (focusOn.current === null || list.current?.children.length !== uris.length) return;
    list.current.querySelectorAll<HTMLInputElement>("input")[focusOn.current]?.focus();
    focusOn.current = null;
  }, [uris.length]);
  const add = () => {
    focusOn.current = uris.length;
    onChange([...uris, ""]);
  };
  const remove = (index: number) => {
    focusOn.current = Math.max(0, index - 1);
    onChange(uris.filter((_, other) => other !== index));
  };
  return (
    <fieldset className="flex min-w-0 flex-col gap-2" aria-describedby={hintId}>
      <legend className="mb-1.5 font-medium text-sm">Redirect URIs</legend>
      <div ref={list} className="flex flex-col gap-2">
        {uris.map((uri, index) => (
          <Field
            // biome-ignore lint/suspicious/noArrayIndexKey: the addresses have no other identity
            key={index}
            label={`Redirect URI ${index + 1}`}
            hideLabel
            error={errors[index] ?? (index === 0 ? errors.all : undefined)}
            required={index === 0}
          >
            <div className="flex gap-1">
              <Input
                type="url"
                inputMode="url"
                mono
                value={uri}
                maxLength={501}
                autoComplete="off"
                spellCheck={false}
                placeholder="https://example.com/oauth/callback"
                onChange={(event) =>
                  onChange(uris.map((old, other) => (other === index ? event.target.value : old)))
                }
              />
              {uris.length === 1 ? null : (
                <IconButton
                  label={`Remove redirect URI ${index + 1}`}
                  onClick={() => remove(index)}
                >
                  <Trash2 />
                </IconButton>
              )}
            </div>
          </Field>
        ))}
      </div>
      <p id={hintId} className="text-ink-muted text-sm">
        Where people are sent back to, compared letter for letter. https, or http on localhost,
        127.0.0.1 or [::1]. Up to ten.
      </p>
      {uris.length < max ? (
        <div>
          <Button size="sm" onClick={add}>
            <Plus />
            Add a redirect URI
          </Button>
        </div>
      ) : null}
    </fieldset>
  );
}
