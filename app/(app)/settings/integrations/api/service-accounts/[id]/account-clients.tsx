"use client";

import { AppWindow, Plus } from "lucide-react";
import dynamic from "next/dynamic";
import { useRef, useState } from "react";
import { ClientCard } from "@/app/(app)/settings/integrations/api/service-accounts/[id]/client-card";
import type { IssuedClientSecret } from "@/app/(app)/settings/integrations/api/service-accounts/[id]/issued-client-dialog";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { useEverOpen } from "@/components/ui/modal";
import type { ServiceClientView } from "@/lib/service-accounts/schema";

// Each comes with its first opening.
const CreateClientDialog = dynamic(() =>
  import("@/app/(app)/settings/integrations/api/service-accounts/[id]/create-client-dialog").then(
    (module) => module.CreateClientDialog,
  ),
);
const IssuedClientDialog = dynamic(() =>
  import("@/app/(app)/settings/integrations/api/service-accounts/[id]/issued-client-dialog").then(
    (module) => module.IssuedClientDialog,
  ),
);

interface AccountClientsProps {
  readonly accountId: string;
  readonly clients: readonly ServiceClientView[];
  readonly appUrl: string;
  readonly mayCreate: boolean;
  readonly mayManage: boolean;
  readonly mayDelete: boolean;
}

/** The account's OAuth clients and what is done with them. A new secret lives in this component only. */
export function AccountClients(props: AccountClientsProps) {
  const { accountId, clients, appUrl, mayCreate, mayManage, mayDelete } = props;
  const [creating, setCreating] = useState(false);
  const [issued, setIssued] = useState<IssuedClientSecret | null>(null);
  const place = useRef<HTMLDivElement>(null);
  const dialogs = { create: useEverOpen(creating), issued: useEverOpen(issued !== null) };
  return (
    <div ref={place} tabIndex={-1} className="outline-none">
      {mayCreate ? (
        <div className="flex justify-end pb-4">
          <Button onClick={() => setCreating(true)}>
            <Plus />
            Add OAuth client
          </Button>
        </div>
      ) : null}
      {clients.length === 0 ? (
        <EmptyState icon={AppWindow} title="No OAuth clients yet">
          {mayCreate
            ? "Add one if the program gets its tokens by OAuth 2.0; otherwise an API token is all that it needs."
            : "An admin of the workspace can add one."}
        </EmptyState>
      ) : (
        <ul aria-label="OAuth clients" className="flex flex-col gap-4">
          {clients.map((client) => (
            <li key={client.id}>
              <ClientCard
                client={client}
                mayManage={mayManage}
                mayDelete={mayDelete}
                onIssued={setIssued}
                onDeleted={() => place.current?.focus()}
              />
            </li>
          ))}
        </ul>
      )}
      {dialogs.create ? (
        <CreateClientDialog
          accountId={accountId}
          open={creating}
          onOpenChange={setCreating}
          onIssued={setIssued}
        />
      ) : null}
      {dialogs.issued ? (
        <IssuedClientDialog
          issued={issued}
          appUrl={appUrl}
          onStored={() => setIssued(null)}
          onClosed={() => place.current?.focus()}
        />
      ) : null}
    </div>
  );
}
