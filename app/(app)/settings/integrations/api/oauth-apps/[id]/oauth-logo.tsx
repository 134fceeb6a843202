"use client";

import {
  removeOAuthAppLogo,
  setOAuthAppLogo,
} from "@/app/(app)/settings/integrations/api/oauth-apps/actions";
import { fieldErrors, formProblem } from "@/app/(auth)/form-problem";
import { useAction } from "@/components/hooks/use-action";
import { AppMark } from "@/components/oauth/app-mark";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { FileDrop } from "@/components/ui/file-drop";
import { FormError } from "@/components/ui/form-error";
import { toast } from "@/components/ui/toast";

interface OAuthLogoProps {
  readonly appId: string;
  readonly name: string;
  readonly src: string | null;
  readonly maxBytes: number;
}

/** The app's picture, with a place to give another one. */
export function OAuthLogo({ appId, name, src, maxBytes }: OAuthLogoProps) {
  const set = useAction(setOAuthAppLogo, { onSuccess: () => toast.success("Logo saved") });
  const remove = useAction(removeOAuthAppLogo, { onSuccess: () => toast.success("Logo removed") });
  const upload = (file: File) => {
    const form = new FormData();
    form.set("id", appId);
    form.set("logo", file);
    void set.run(form);
  };
  const refusal = fieldErrors(set.error).logo;
  return (
    <Card>
      <CardHeader
        title="Logo"
        description="People see it when the app asks them for access, and beside its name afterwards."
        actions={
          src === null ? undefined : (
            <Button
              size="sm"
              loading={remove.pending}
              onClick={() => {
                set.reset();
                void remove.run({ id: appId });
              }}
            >
              Remove logo
            </Button>
          )
        }
      />
      <CardBody className="flex flex-col gap-3">
        <div className="flex items-start gap-4">
          <AppMark name={name} logoUrl={src} />
          <FileDrop
            label="Logo"
            hint="PNG, JPEG or WebP, up to 256 KiB and 1024 × 1024 pixels. A square one fits best."
            accept={[".png", ".jpg", ".jpeg", ".webp"]}
            maxBytes={maxBytes}
            disabled={set.pending}
            onFiles={([file]) => {
              if (file) upload(file);
            }}
            className="min-w-0 flex-1"
          />
        </div>
        <div role="alert" className="text-danger-ink text-sm empty:hidden">
          {refusal}
        </div>
        <FormError error={formProblem(set.error) ?? formProblem(remove.error)} />
      </CardBody>
    </Card>
  );
}
