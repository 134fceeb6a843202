"use client";

import { KeyRound, Plus } from "lucide-react";
import dynamic from "next/dynamic";
import { useRef, useState } from "react";
import { ApiKeyTable } from "@/app/(app)/settings/integrations/api/api-key-table";
import type { KeyPlan } from "@/app/(app)/settings/integrations/api/key-plan";
import { useQueryParam } from "@/components/hooks/use-query-param";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { formatCount, formatNumber } from "@/components/ui/format";
import { useEverOpen } from "@/components/ui/modal";
import { Notice } from "@/components/ui/notice";
import { Switch } from "@/components/ui/switch";
import type { ApiKeyView } from "@/lib/api-keys/schema";
import type { IssuedApiKey } from "@/lib/api-keys/service";

// Each comes with its first opening.
const GenerateKeyDialog = dynamic(() =>
  import("@/app/(app)/settings/integrations/api/generate-key-dialog").then(
    (module) => module.GenerateKeyDialog,
  ),
);
const RotateKeyDialog = dynamic(() =>
  import("@/app/(app)/settings/integrations/api/rotate-key-dialog").then(
    (module) => module.RotateKeyDialog,
  ),
);
const RevokeKeyDialog = dynamic(() =>
  import("@/app/(app)/settings/integrations/api/revoke-key-dialog").then(
    (module) => module.RevokeKeyDialog,
  ),
);
const IssuedKeyDialog = dynamic(() =>
  import("@/app/(app)/settings/integrations/api/issued-key-dialog").then(
    (module) => module.IssuedKeyDialog,
  ),
);

interface ApiKeysProps {
  readonly keys: readonly ApiKeyView[];
  readonly roles: readonly { readonly id: string; readonly name: string }[];
  /** Whose API tokens they are; absent where they are the workspace's keys. */
  readonly account?: { readonly id: string };
  readonly appUrl: string;
  readonly plan: KeyPlan;
  readonly mayCreate: boolean;
  readonly mayRevoke: boolean;
}

interface Words {
  readonly generate: string;
  readonly used: (active: number, plan: KeyPlan) => string;
  readonly empty: string;
  readonly next: string;
}

const keyWords: Words = {
  used: (active, { keysMax, label }) =>
    `${formatNumber(active)} of ${formatNumber(keysMax)} active keys on the ${label} plan`,
  generate: "Generate API Key",
  empty: "No API keys yet",
  next: "Generate one, copy it, and call the API with the curl command that comes with it.",
};

const tokenWords: Words = {
  used: (active) => formatCount(active, "active token"),
  generate: "Generate API token",
  empty: "No API tokens yet",
  next: "Generate one, copy it, and the program can call the API in this account’s name.",
};

/**
 * The keys of the workspace, or the API tokens of one account, and everything that is done with them. A new key lives
 * in this component only.
 */
export function ApiKeys(props: ApiKeysProps) {
  const { keys, roles, account, appUrl, plan, mayCreate, mayRevoke } = props;
  const words = account ? tokenWords : keyWords;
  const [generating, setGenerating] = useState(false);
  const [rotating, setRotating] = useState<ApiKeyView | null>(null);
  const [revoking, setRevoking] = useState<ApiKeyView | null>(null);
  const [issued, setIssued] = useState<IssuedApiKey | null>(null);
  const [withRevoked, setWithRevoked] = useQueryParam("revoked");
  const generateButton = useRef<HTMLButtonElement>(null);
  const place = useRef<HTMLDivElement>(null);
  const dialogs = {
    generate: useEverOpen(generating),
    rotate: useEverOpen(rotating !== null),
    revoke: useEverOpen(revoking !== null),
    issued: useEverOpen(issued !== null),
  };
  // A key in the overlap of its rotation does not count: its successor does.
  const active = keys.filter((key) => key.status === "active" && key.endsAt === null).length;
  // Tokens are counted among the workspace's keys, which this page does not know: the service does.
  const isFull = account === undefined && active >= plan.keysMax;
  const generate = (
    <Button
      ref={generateButton}
      variant="primary"
      disabled={isFull}
      onClick={() => setGenerating(true)}
    >
      <Plus />
      {words.generate}
    </Button>
  );
  return (
    <div ref={place} tabIndex={-1} className="outline-none">
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3 pb-4">
        <p className="text-ink-muted text-sm tabular-nums">{words.used(active, plan)}</p>
        <div className="flex flex-wrap items-center gap-x-5 gap-y-3">
          <Switch
            label="Show revoked"
            checked={withRevoked === "1"}
            onCheckedChange={(checked) => setWithRevoked(checked ? "1" : "")}
          />
          {mayCreate ? generate : null}
        </div>
      </div>
      {mayCreate && isFull ? <AllInUse plan={plan} /> : null}
      {keys.length === 0 ? (
        <NoKeys words={words} mayCreate={mayCreate} />
      ) : (
        <ApiKeyTable
          keys={keys}
          isOfAccount={account !== undefined}
          onRotate={mayCreate ? setRotating : null}
          onRevoke={mayRevoke ? setRevoking : null}
        />
      )}
      {dialogs.generate ? (
        <GenerateKeyDialog
          open={generating}
          onOpenChange={setGenerating}
          roles={roles}
          accountId={account?.id ?? null}
          plan={plan}
          onIssued={setIssued}
        />
      ) : null}
      {dialogs.rotate ? (
        <RotateKeyDialog apiKey={rotating} onClose={() => setRotating(null)} onIssued={setIssued} />
      ) : null}
      {dialogs.revoke ? (
        <RevokeKeyDialog apiKey={revoking} onClose={() => setRevoking(null)} />
      ) : null}
      {dialogs.issued ? (
        <IssuedKeyDialog
          issued={issued}
          appUrl={appUrl}
          onStored={() => setIssued(null)}
          onClosed={() => (isFull ? place : generateButton).current?.focus()}
        />
      ) : null}
    </div>
  );
}

interface NoKeysProps {
  readonly words: Words;
  readonly mayCreate: boolean;
}

function NoKeys({ words, mayCreate }: NoKeysProps) {
  return (
    <EmptyState icon={KeyRound} title={words.empty}>
      {mayCreate ? words.next : "An admin of the workspace can generate one."}
    </EmptyState>
  );
}

function AllInUse({ plan }: { readonly plan: KeyPlan }) {
  return (
    <Notice tone="warning" title="Every key of the plan is in use" className="mb-4">
      The {plan.label} plan includes {formatCount(plan.keysMax, "active key")}. Revoke one that is
      no longer needed{plan.largerPlan === null ? "" : `, or move to the ${plan.largerPlan} plan`}.
    </Notice>
  );
}
