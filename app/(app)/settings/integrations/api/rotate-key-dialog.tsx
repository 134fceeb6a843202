"use client";

import { type FormEvent, useState } from "react";
import { rotateApiKey } from "@/app/(app)/settings/integrations/api/actions";
import { formProblem } from "@/app/(auth)/form-problem";
import { useAction } from "@/components/hooks/use-action";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose, DialogContent } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { FormError } from "@/components/ui/form-error";
import { RadioGroup, RadioItem } from "@/components/ui/radio-group";
import type { ApiKeyView, RotationOverlap } from "@/lib/api-keys/schema";
import type { IssuedApiKey } from "@/lib/api-keys/service";

interface RotateKeyDialogProps {
  readonly apiKey: ApiKeyView | null;
  readonly onClose: () => void;
  readonly onIssued: (issued: IssuedApiKey) => void;
}

const formId = "rotate-api-key";

interface Overlap {
  readonly value: RotationOverlap;
  readonly label: string;
  readonly description: string;
}

const overlaps: readonly Overlap[] = [
  {
    value: "none",
    label: "No overlap",
    description: "The old key is refused from the next request on.",
  },
  {
    value: "24h",
    label: "24 hours",
    description: "The old key works until this time tomorrow.",
  },
  { value: "7d", label: "7 days", description: "The old key works for a week." },
];

/** Replaces a key by one with the same settings; the old one may go on for a while. */
export function RotateKeyDialog({ apiKey, onClose, onIssued }: RotateKeyDialogProps) {
  const [overlap, setOverlap] = useState<RotationOverlap>("24h");
  const action = useAction(rotateApiKey, {
    onSuccess: (issued) => {
      onClose();
      onIssued(issued);
    },
  });
  const change = (open: boolean) => {
    if (open) return;
    action.reset();
    onClose();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (apiKey !== null) void action.run({ id: apiKey.id, overlap });
  };
  return (
    <Dialog open={apiKey !== null} onOpenChange={change}>
      <DialogContent
        title={`Rotate “${apiKey?.name ?? ""}”`}
        description="You get a new key with the same name, role, access and expiration."
        footer={
          <>
            <DialogClose asChild>
              <Button>Cancel</Button>
            </DialogClose>
            <Button type="submit" form={formId} variant="primary" loading={action.pending}>
              Rotate
            </Button>
          </>
        }
      >
        <form id={formId} method="post" onSubmit={submit} className="flex flex-col gap-4">
          <Field group label="How long the old key keeps working">
            <RadioGroup
              value={overlap}
              onValueChange={(chosen) =>
                setOverlap(overlaps.find(({ value }) => value === chosen)?.value ?? "24h")
              }
            >
              {overlaps.map((choice) => (
                <RadioItem key={choice.value} {...choice} />
              ))}
            </RadioGroup>
          </Field>
          <FormError error={formProblem(action.error)} />
        </form>
      </DialogContent>
    </Dialog>
  );
}
