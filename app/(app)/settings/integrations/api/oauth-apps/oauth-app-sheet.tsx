"use client";

import {
  createOAuthApp,
  updateOAuthApp,
} from "@/app/(app)/settings/integrations/api/oauth-apps/actions";
import { OAuthAppForm } from "@/app/(app)/settings/integrations/api/oauth-apps/oauth-app-form";
import { useAction } from "@/components/hooks/use-action";
import { Button } from "@/components/ui/button";
import { ModalClose } from "@/components/ui/modal";
import { Sheet, SheetContent } from "@/components/ui/sheet";
import { toast } from "@/components/ui/toast";
import type { IssuedOAuthApp } from "@/lib/oauth-server/apps";
import type { OAuthAppInput, OAuthAppView } from "@/lib/oauth-server/schema";

interface OAuthAppSheetProps {
  /** Null makes a new one. */
  readonly app: OAuthAppView | null;
  readonly open: boolean;
  readonly onClose: () => void;
  readonly onCreated?: (made: IssuedOAuthApp & { readonly name: string }) => void;
}

const formId = "oauth-app-form";

/** The form of an app over the page, to make one or to change it. */
export function OAuthAppSheet({ app, open, onClose, onCreated }: OAuthAppSheetProps) {
  const create = useAction(createOAuthApp, { onSuccess: onClose });
  const update = useAction(updateOAuthApp, {
    onSuccess: () => {
      toast.success("OAuth app saved");
      onClose();
    },
  });
  const action = app === null ? create : update;
  const save = async (input: OAuthAppInput) => {
    if (app !== null) {
      await update.run({ ...input, id: app.id });
      return;
    }
    const result = await create.run(input);
    if (result.ok) onCreated?.({ ...result.data, name: input.name });
  };
  const change = (next: boolean) => {
    if (next || action.pending) return;
    action.reset();
    onClose();
  };
  return (
    <Sheet open={open} onOpenChange={change}>
      <SheetContent
        title={app === null ? "Create an OAuth app" : `Edit “${app.name}”`}
        footer={
          <>
            <ModalClose asChild>
              <Button>Cancel</Button>
            </ModalClose>
            <Button type="submit" form={formId} variant="primary" loading={action.pending}>
              {app === null ? "Create OAuth app" : "Save"}
            </Button>
          </>
        }
      >
        <OAuthAppForm
          formId={formId}
          app={app}
          error={action.error}
          onSubmit={(input) => void save(input)}
        />
      </SheetContent>
    </Sheet>
  );
}
