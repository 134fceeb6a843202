"use client";

import type { ComponentProps } from "react";
import {
  useWebhookTasks,
  type WebhookTask,
} from "@/app/(app)/settings/integrations/webhooks/webhook-tasks";
import { Button } from "@/components/ui/button";
import type { WebhookView } from "@/lib/webhooks/schema";

interface TaskButtonProps
  extends Pick<ComponentProps<typeof Button>, "variant" | "size" | "children"> {
  readonly task: WebhookTask | "edit";
  readonly webhook: WebhookView;
}

/** A button that opens one of the webhook's dialogs; nothing for somebody who may only look. */
export function TaskButton({ task, webhook, ...look }: TaskButtonProps) {
  const tasks = useWebhookTasks();
  if (tasks === null || webhook.deletedAt !== null) return null;
  return (
    <Button
      {...look}
      onClick={() => (task === "edit" ? tasks.edit(webhook) : tasks.start(task, webhook))}
    />
  );
}
