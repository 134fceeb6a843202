"use client";

import dynamic from "next/dynamic";
import { useSearchParams } from "next/navigation";
import { createContext, type ReactNode, useContext, useRef, useState } from "react";
import { countMissed } from "@/app/(app)/settings/integrations/webhooks/actions";
import type { WebhookChoices } from "@/app/(app)/settings/integrations/webhooks/choices";
import { useAction } from "@/components/hooks/use-action";
import { useEverOpen } from "@/components/ui/modal";
import { withQuery } from "@/components/ui/query-string";
import { focusAgain, focusedNow } from "@/components/ui/use-dialog-focus";
import type { IssuedSecret, WebhookView } from "@/lib/webhooks/schema";

// Each comes with its first opening.
const WebhookSheet = dynamic(() =>
  import("@/app/(app)/settings/integrations/webhooks/webhook-sheet").then(
    (module) => module.WebhookSheet,
  ),
);
const IssuedSecretDialog = dynamic(() =>
  import("@/app/(app)/settings/integrations/webhooks/issued-secret-dialog").then(
    (module) => module.IssuedSecretDialog,
  ),
);
const SendTestDialog = dynamic(() =>
  import("@/app/(app)/settings/integrations/webhooks/send-test-dialog").then(
    (module) => module.SendTestDialog,
  ),
);
const PauseWebhookDialog = dynamic(() =>
  import("@/app/(app)/settings/integrations/webhooks/pause-webhook-dialog").then(
    (module) => module.PauseWebhookDialog,
  ),
);
const StartAgainDialog = dynamic(() =>
  import("@/app/(app)/settings/integrations/webhooks/start-again-dialog").then(
    (module) => module.StartAgainDialog,
  ),
);
const RegenerateSecretDialog = dynamic(() =>
  import("@/app/(app)/settings/integrations/webhooks/regenerate-secret-dialog").then(
    (module) => module.RegenerateSecretDialog,
  ),
);
const SwitchSecretDialog = dynamic(() =>
  import("@/app/(app)/settings/integrations/webhooks/switch-secret-dialog").then(
    (module) => module.SwitchSecretDialog,
  ),
);
const DeleteWebhookDialog = dynamic(() =>
  import("@/app/(app)/settings/integrations/webhooks/delete-webhook-dialog").then(
    (module) => module.DeleteWebhookDialog,
  ),
);

/** What is done with a webhook in a dialog. */
export type WebhookTask = "test" | "pause" | "start_again" | "regenerate" | "switch" | "delete";

/** What every dialog about one webhook gets. */
export interface TaskDialogProps {
  readonly webhook: WebhookView;
  readonly open: boolean;
  readonly onClose: () => void;
}

interface WebhookTasks {
  readonly start: (task: WebhookTask, webhook: WebhookView) => void;
  /** Opens the form, with a webhook or empty. The address says so: `?edit=<id>`, `?edit=new`. */
  readonly edit: (webhook: WebhookView | null) => void;
}

const TasksContext = createContext<WebhookTasks | null>(null);

/** Opens the dialogs of the WebhookTasks around; null for somebody who may only look. */
export function useWebhookTasks(): WebhookTasks | null {
  return useContext(TasksContext);
}

/** The form that the address asks for; the history alone changes, so the page behind stays as it is. */
function useForm(webhooks: readonly WebhookView[]) {
  const query = useSearchParams().toString();
  const wanted = new URLSearchParams(query).get("edit") ?? "";
  const found = webhooks.find(({ id, deletedAt }) => id === wanted && deletedAt === null);
  return {
    open: wanted === "new" || found !== undefined,
    webhook: found ?? null,
    show: (webhook: WebhookView | null) =>
      window.history.pushState(null, "", withQuery(query, { edit: webhook?.id ?? "new" })),
    hide: () => window.history.replaceState(null, "", withQuery(query, { edit: null }) || "?"),
  };
}

interface WebhookTasksProps {
  /** Those that the page shows. */
  readonly webhooks: readonly WebhookView[];
  readonly choices: WebhookChoices;
  readonly children: ReactNode;
}

/** Everything that is done with webhooks on a page. A new secret lives in this component only. */
export function WebhookTasks({ webhooks, choices, children }: WebhookTasksProps) {
  const [current, setCurrent] = useState<{ task: WebhookTask; webhook: WebhookView } | null>(null);
  const [open, setOpen] = useState(false);
  const [missed, setMissed] = useState<number | null>(null);
  const [issued, setIssued] = useState<IssuedSecret | null>(null);
  const opener = useRef<HTMLElement | null>(null);
  const counting = useAction(countMissed, { onSuccess: (counted) => setMissed(counted.missed) });
  const form = useForm(webhooks);
  const shows = { form: useEverOpen(form.open), issued: useEverOpen(issued !== null) };
  const tasks: WebhookTasks = {
    start: (task, webhook) => {
      opener.current = focusedNow();
      setCurrent({ task, webhook });
      setOpen(true);
      if (task !== "start_again") return;
      setMissed(null);
      void counting.run({ id: webhook.id });
    },
    edit: (webhook) => {
      opener.current = focusedNow();
      form.show(webhook);
    },
  };
  return (
    <TasksContext.Provider value={tasks}>
      {children}
      {shows.form ? (
        <WebhookSheet
          webhook={form.webhook}
          open={form.open}
          choices={choices}
          onClose={form.hide}
          onIssued={setIssued}
        />
      ) : null}
      {current === null ? null : (
        <TaskDialog
          task={current.task}
          webhook={current.webhook}
          open={open}
          missed={missed}
          onClose={() => setOpen(false)}
          onIssued={setIssued}
        />
      )}
      {shows.issued ? (
        <IssuedSecretDialog
          issued={issued}
          onStored={() => setIssued(null)}
          onClosed={() => focusAgain(opener.current)}
        />
      ) : null}
    </TasksContext.Provider>
  );
}

interface AnyTaskProps extends TaskDialogProps {
  readonly task: WebhookTask;
  readonly missed: number | null;
  readonly onIssued: (issued: IssuedSecret) => void;
}

function TaskDialog({ task, missed, onIssued, ...props }: AnyTaskProps) {
  switch (task) {
    case "test":
      return <SendTestDialog {...props} />;
    case "pause":
      return <PauseWebhookDialog {...props} />;
    case "start_again":
      return <StartAgainDialog {...props} missed={missed} />;
    case "regenerate":
      return <RegenerateSecretDialog {...props} onIssued={onIssued} />;
    case "switch":
      return <SwitchSecretDialog {...props} />;
    case "delete":
      return <DeleteWebhookDialog {...props} />;
  }
}
