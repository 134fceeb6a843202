"use client";

import { type FormEvent, useState } from "react";
import { setOauthPolicy } from "@/app/(app)/settings/integrations/api/authorised-apps/actions";
import { formProblem } from "@/app/(auth)/form-problem";
import { useAction } from "@/components/hooks/use-action";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { FormError } from "@/components/ui/form-error";
import { RadioGroup, RadioItem } from "@/components/ui/radio-group";
import { toast } from "@/components/ui/toast";
import type { OauthPolicy } from "@/lib/oauth-server/approvals";

const choices: readonly {
  readonly value: OauthPolicy;
  readonly label: string;
  readonly description: string;
}[] = [
  {
    value: "open",
    label: "This workspace’s own apps",
    description:
      "Everybody can connect apps that this workspace publishes. Apps of other publishers wait until an admin approves them.",
  },
  {
    value: "approval",
    label: "Only apps that an admin approved",
    description: "Every app waits until an admin approves it, this workspace’s own ones too.",
  },
  {
    value: "off",
    label: "No apps",
    description:
      "Nobody can connect an app, admins neither. Apps that are connected already go on; use Revoke all apps to end them.",
  },
];

/** Which apps may be connected from now on. */
export function PolicyCard({ policy }: { readonly policy: OauthPolicy }) {
  const [chosen, setChosen] = useState(policy);
  const [saved, setSaved] = useState(policy);
  // A kill switch changes it as well.
  if (saved !== policy) {
    setSaved(policy);
    setChosen(policy);
  }
  const action = useAction(setOauthPolicy, { onSuccess: () => toast.success("Saved") });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void action.run({ policy: chosen });
  };
  return (
    <Card>
      <CardHeader
        title="Which apps can be connected"
        description="For everybody in this workspace, from now on."
      />
      <CardBody>
        <form method="post" onSubmit={submit} className="flex max-w-2xl flex-col gap-4">
          <RadioGroup
            name="policy"
            aria-label="Which apps can be connected"
            value={chosen}
            onValueChange={(value) => setChosen(value as OauthPolicy)}
          >
            {choices.map((choice) => (
              <RadioItem key={choice.value} {...choice} />
            ))}
          </RadioGroup>
          <FormError error={formProblem(action.error)} />
          <Button
            type="submit"
            loading={action.pending}
            disabled={chosen === policy}
            className="self-start"
          >
            Save
          </Button>
        </form>
      </CardBody>
    </Card>
  );
}
