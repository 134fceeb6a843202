"use client";

import { Plus } from "lucide-react";
import dynamic from "next/dynamic";
import { useRouter } from "next/navigation";
import { useState } from "react";
import type { IssuedOAuthSecret } from "@/app/(app)/settings/integrations/api/oauth-apps/issued-oauth-secret-dialog";
import { oauthAppHref } from "@/app/(app)/settings/integrations/api/oauth-apps/words";
import { Button } from "@/components/ui/button";
import { useEverOpen } from "@/components/ui/modal";
import { toast } from "@/components/ui/toast";

// Each comes with its first opening.
const OAuthAppSheet = dynamic(() =>
  import("@/app/(app)/settings/integrations/api/oauth-apps/oauth-app-sheet").then(
    (module) => module.OAuthAppSheet,
  ),
);
const IssuedOAuthSecretDialog = dynamic(() =>
  import("@/app/(app)/settings/integrations/api/oauth-apps/issued-oauth-secret-dialog").then(
    (module) => module.IssuedOAuthSecretDialog,
  ),
);

/** The button that makes an app; a new secret lives in this component only, which stays when the plan is full. */
export function CreateOAuthApp({ isFull }: { readonly isFull: boolean }) {
  const router = useRouter();
  const [open, setOpen] = useState(false);
  const [issued, setIssued] = useState<IssuedOAuthSecret | null>(null);
  const [made, setMade] = useState<string | null>(null);
  const shows = { form: useEverOpen(open), issued: useEverOpen(issued !== null) };
  const goTo = (clientId: string) => router.push(oauthAppHref(clientId));
  return (
    <>
      {isFull ? null : (
        <Button variant="primary" onClick={() => setOpen(true)}>
          <Plus />
          Create OAuth app
        </Button>
      )}
      {shows.form ? (
        <OAuthAppSheet
          app={null}
          open={open}
          onClose={() => setOpen(false)}
          onCreated={({ name, clientId, clientSecret }) => {
            if (clientSecret !== null) {
              setMade(clientId);
              setIssued({ name, clientId, clientSecret });
              return;
            }
            toast.success("OAuth app created");
            goTo(clientId);
          }}
        />
      ) : null}
      {shows.issued ? (
        <IssuedOAuthSecretDialog
          issued={issued}
          onStored={() => setIssued(null)}
          onClosed={() => {
            if (made !== null) goTo(made);
          }}
        />
      ) : null}
    </>
  );
}
