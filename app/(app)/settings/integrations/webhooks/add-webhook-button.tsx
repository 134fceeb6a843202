"use client";

import { Plus } from "lucide-react";
import { useWebhookTasks } from "@/app/(app)/settings/integrations/webhooks/webhook-tasks";
import { Button } from "@/components/ui/button";

/** Opens the form of a new webhook; nothing for somebody who may only look. */
export function AddWebhookButton({ disabled }: { readonly disabled: boolean }) {
  const tasks = useWebhookTasks();
  if (tasks === null) return null;
  return (
    <Button variant="primary" disabled={disabled} onClick={() => tasks.edit(null)}>
      <Plus />
      Add Webhook
    </Button>
  );
}
