import { KeyRound, Pencil } from "lucide-react";
import type { WebhookChoices } from "@/app/(app)/settings/integrations/webhooks/choices";
import { TaskButton } from "@/app/(app)/settings/integrations/webhooks/task-button";
import { sourceWords } from "@/components/meetings/words";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { DataList } from "@/components/ui/data-list";
import { formatDuration } from "@/components/ui/format";
import { RelativeTime } from "@/components/ui/relative-time";
import type { WebhookView } from "@/lib/webhooks/schema";

interface SettingsTabProps {
  readonly webhook: WebhookView;
  readonly choices: WebhookChoices;
}

/** What the webhook is set to, its secret, and its end. */
export function SettingsTab({ webhook, choices }: SettingsTabProps) {
  return (
    <div className="flex max-w-3xl flex-col gap-5">
      <Details webhook={webhook} choices={choices} />
      {webhook.deletedAt === null ? (
        <>
          <Secret webhook={webhook} />
          <End webhook={webhook} />
        </>
      ) : null}
    </div>
  );
}

/** Names for ids, in one line; what is gone from the workspace is said so. */
function namesOf(
  ids: readonly string[],
  items: WebhookChoices["teams"],
  words: { readonly all: string; readonly gone: string },
): string {
  if (ids.length === 0) return words.all;
  return ids.map((id) => items.find((item) => item.id === id)?.name ?? words.gone).join(", ");
}

const sources = Object.entries(sourceWords).map(([id, name]) => ({ id, name }));

function Details({ webhook, choices }: SettingsTabProps) {
  const { teamIds, userIds, minDurationSeconds } = webhook;
  return (
    <Card>
      <CardHeader
        title="Details"
        actions={
          <TaskButton task="edit" webhook={webhook} size="sm">
            <Pencil />
            Edit
          </TaskButton>
        }
      />
      <CardBody>
        <DataList
          items={[
            { term: "Name", value: webhook.name },
            { term: "Description", value: webhook.description },
            { term: "URL", value: <span className="break-all font-mono">{webhook.url}</span> },
            {
              term: "Events",
              value: (
                <ul className="font-mono text-sm">
                  {webhook.events.map((type) => (
                    <li key={type}>{type}</li>
                  ))}
                </ul>
              ),
            },
            {
              term: "Teams",
              value: namesOf(teamIds, choices.teams, { all: "All", gone: "a deleted team" }),
            },
            {
              term: "People",
              value: namesOf(userIds, choices.people, { all: "All", gone: "a former member" }),
            },
            {
              term: "Shortest meeting",
              value: minDurationSeconds === null ? "Any" : formatDuration(minDurationSeconds),
            },
            {
              term: "Sources",
              value: namesOf(webhook.sources, sources, { all: "All", gone: "another" }),
            },
            {
              term: "Added",
              value: (
                <>
                  <RelativeTime value={webhook.createdAt.toISOString()} format="date" /> by{" "}
                  {webhook.createdBy}
                </>
              ),
            },
          ]}
        />
      </CardBody>
    </Card>
  );
}

function Secret({ webhook }: { readonly webhook: WebhookView }) {
  const { secretLast4, rotation } = webhook;
  return (
    <Card>
      <CardHeader
        title="Signing secret"
        description="Every delivery is signed with it. It is shown only when it is made; if it is lost, make a new one."
        actions={
          <TaskButton task="regenerate" webhook={webhook} size="sm">
            <KeyRound />
            Regenerate
          </TaskButton>
        }
      />
      <CardBody>
        <DataList
          items={[
            {
              term: rotation === null ? "Secret" : "Current secret",
              value: <code className="font-mono">whsec_…{secretLast4}</code>,
            },
            ...(rotation === null
              ? []
              : [
                  {
                    term: "New secret",
                    value: (
                      <>
                        <code className="font-mono">whsec_…{rotation.nextLast4}</code>, takes over{" "}
                        <RelativeTime value={rotation.endsAt.toISOString()} format="datetime" />
                      </>
                    ),
                  },
                ]),
          ]}
        />
      </CardBody>
    </Card>
  );
}

function End({ webhook }: { readonly webhook: WebhookView }) {
  const pause =
    webhook.status === "active" ? (
      <TaskButton task="pause" webhook={webhook} size="sm">
        Pause
      </TaskButton>
    ) : null;
  return (
    <Card>
      <CardHeader
        title="Stop this webhook"
        description="Pause it to stop for a while and send what was missed later. Deleting it ends it for good and destroys its secret."
        actions={
          <>
            {pause}
            <TaskButton task="delete" webhook={webhook} size="sm" variant="danger">
              Delete
            </TaskButton>
          </>
        }
      />
    </Card>
  );
}
