"use client";

import { Plus, X } from "lucide-react";
import dynamic from "next/dynamic";
import Link from "next/link";
import { useRef, useState } from "react";
import {
  addMeetingContact,
  removeMeetingContact,
  restoreMeetingContact,
} from "@/app/(app)/meetings/[id]/actions";
import { useAction } from "@/components/hooks/use-action";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { IconButton } from "@/components/ui/icon-button";
import { problemText } from "@/components/ui/problem";
import { toast } from "@/components/ui/toast";
import type { MeetingHead } from "@/lib/meetings/page-queries";

// Comes with the first press on Add.
const PersonPicker = dynamic(() =>
  import("@/app/(app)/meetings/[id]/person-picker").then((module) => module.PersonPicker),
);

interface MeetingContactsProps {
  readonly meetingId: string;
  readonly contacts: MeetingHead["contacts"];
  readonly mayUpdate: boolean;
}

/** The contacts of a meeting, whether they spoke or not. */
export function MeetingContacts({ meetingId, contacts, mayUpdate }: MeetingContactsProps) {
  const [isAdding, setAdding] = useState(false);
  const addButton = useRef<HTMLButtonElement>(null);
  const close = () => {
    setAdding(false);
    addButton.current?.focus();
  };
  const say = {
    onError: (error: Parameters<typeof problemText>[0]) => void toast.error(problemText(error)),
  };
  const add = useAction(addMeetingContact, { ...say, onSuccess: close });
  const remove = useAction(removeMeetingContact, say);
  const restore = useAction(restoreMeetingContact, say);
  const takeOut = async (contactId: string, name: string) => {
    const result = await remove.run({ meetingId, contactId });
    if (!result.ok) return;
    addButton.current?.focus();
    const { undo } = result.data;
    toast.message(`${name} was taken out of this meeting`, {
      ...(undo === null
        ? {}
        : { action: { label: "Undo", onClick: () => void restore.run({ undo }) } }),
    });
  };
  if (contacts.length === 0 && !mayUpdate) return null;
  return (
    <section aria-labelledby="contacts-title" className="mt-6">
      <div className="flex items-center justify-between gap-2 pb-2">
        <h2 id="contacts-title" className="text-ink-muted text-sm">
          Contacts
        </h2>
        {mayUpdate ? (
          <Button
            ref={addButton}
            size="sm"
            variant="ghost"
            aria-expanded={isAdding}
            onClick={() => setAdding(!isAdding)}
          >
            <Plus />
            Add contact
          </Button>
        ) : null}
      </div>
      {isAdding ? (
        // biome-ignore lint/a11y/noStaticElementInteractions: the key belongs to the field in it
        <div
          className="pb-3"
          onKeyDown={(event) => {
            if (event.key === "Escape") close();
          }}
        >
          <Field label="Contact" hideLabel>
            <PersonPicker
              kinds={["contact"]}
              placeholder="Search contacts"
              autoFocus
              onPick={({ id }) => void add.run({ meetingId, contactId: id })}
            />
          </Field>
        </div>
      ) : null}
      {contacts.length === 0 ? (
        <p className="text-base text-ink-muted">No contact is linked.</p>
      ) : (
        <ul className="flex flex-col gap-1">
          {contacts.map(({ id, name }) => (
            <li key={id} className="flex items-center justify-between gap-2">
              <Link
                href={`/contacts/${id}`}
                className="min-w-0 break-words rounded-sm text-base underline decoration-line-control underline-offset-4 hover:decoration-current"
              >
                {name}
              </Link>
              {mayUpdate ? (
                <IconButton
                  label={`Take ${name} out of this meeting`}
                  size="sm"
                  loading={remove.pending}
                  onClick={() => void takeOut(id, name)}
                >
                  <X />
                </IconButton>
              ) : null}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
