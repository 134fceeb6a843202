"use client";

import { Ellipsis, KeyRound, Pause, Pencil, Play, Send, Trash2 } from "lucide-react";
import { useWebhookTasks } from "@/app/(app)/settings/integrations/webhooks/webhook-tasks";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";
import { IconButton } from "@/components/ui/icon-button";
import type { WebhookView } from "@/lib/webhooks/schema";

interface WebhookMenuProps {
  readonly webhook: WebhookView;
}

/** What can be done with a webhook; nothing for somebody who may only look. */
export function WebhookMenu({ webhook }: WebhookMenuProps) {
  const tasks = useWebhookTasks();
  if (tasks === null || webhook.deletedAt !== null) return null;
  const { start, edit } = tasks;
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <IconButton label={`Actions for ${webhook.name}`}>
          <Ellipsis />
        </IconButton>
      </DropdownMenuTrigger>
      <DropdownMenuContent>
        <DropdownMenuItem onSelect={() => edit(webhook)}>
          <Pencil aria-hidden />
          Edit
        </DropdownMenuItem>
        <DropdownMenuItem onSelect={() => start("test", webhook)}>
          <Send aria-hidden />
          Send test
        </DropdownMenuItem>
        {webhook.status === "active" ? (
          <DropdownMenuItem onSelect={() => start("pause", webhook)}>
            <Pause aria-hidden />
            Pause
          </DropdownMenuItem>
        ) : (
          <DropdownMenuItem onSelect={() => start("start_again", webhook)}>
            <Play aria-hidden />
            {webhook.status === "paused" ? "Resume" : "Re-enable"}
          </DropdownMenuItem>
        )}
        <DropdownMenuItem onSelect={() => start("regenerate", webhook)}>
          <KeyRound aria-hidden />
          Regenerate secret
        </DropdownMenuItem>
        <DropdownMenuSeparator />
        <DropdownMenuItem danger onSelect={() => start("delete", webhook)}>
          <Trash2 aria-hidden />
          Delete
        </DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}
