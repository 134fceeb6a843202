"use client";

import { useId, useState, useTransition } from "react";
import { allowApp, refuseApp, requestApproval } from "@/app/oauth/consent/[uid]/actions";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { FormError } from "@/components/ui/form-error";
import { NativeSelect } from "@/components/ui/native-select";
import { Notice } from "@/components/ui/notice";
import { SCOPES, type Scope } from "@/lib/auth/scopes";
import type { ErrorBody } from "@/lib/http/error-body";
import type { ConsentRequest, ConsentWorkspace } from "@/lib/oauth-server/consent";

interface ConsentFormProps {
  readonly request: ConsentRequest;
  readonly currentWorkspaceId: string;
}

/** In plain words, with something of the person's own where there is something. */
function opens(scope: Scope, { samples }: ConsentWorkspace): string {
  const like = (text: string | null) => (text === null ? "" : `, such as “${text}”`);
  switch (scope) {
    case "meetings:read":
      return `Titles, people, transcripts, summaries and action items of meetings that you can see${like(samples.meeting)}.`;
    case "meetings:write":
      return "Adds recordings and transcripts as new meetings of yours. It changes and deletes nothing.";
    case "contacts:read":
      return `Names, addresses and companies of contacts in meetings that you can see${like(samples.contact)}.`;
    case "insights:read":
      return `Questions and their answers about meetings that you can see${like(samples.insight)}.`;
  }
}

function Verdict({ workspace, app }: { workspace: ConsentWorkspace; app: string }) {
  switch (workspace.verdict) {
    case "allowed":
      return null;
    case "ask":
      return (
        <Notice tone="warning" title="An admin has to approve this app first">
          {workspace.name} connects apps of other publishers only after an admin has looked at them.
        </Notice>
      );
    case "asked":
      return (
        <Notice tone="info" title="Waiting for an admin">
          The admins of {workspace.name} have been asked. Open this page again, or connect {app}{" "}
          from its own page, once they have approved it.
        </Notice>
      );
    case "blocked":
      return (
        <Notice tone="danger" title="This app cannot be connected here">
          The admins of {workspace.name} do not allow it. Ask one of them, or choose another
          workspace.
        </Notice>
      );
    case "not_shared":
      return (
        <Notice tone="danger" title="This app is private">
          Its publisher offers it to their own workspace only.
        </Notice>
      );
  }
}

/** What the person gives, and the two buttons. */
export function ConsentForm({ request, currentWorkspaceId }: ConsentFormProps) {
  const { app, scopes, uid, workspaces } = request;
  const id = useId();
  const first = workspaces.find((one) => one.id === currentWorkspaceId) ?? workspaces[0];
  const [workspaceId, setWorkspaceId] = useState(first?.id ?? "");
  const [refused, setRefused] = useState<readonly Scope[]>([]);
  const [teamIds, setTeamIds] = useState<readonly string[] | null>(null);
  const [problem, setProblem] = useState<ErrorBody | null>(null);
  const [isLeaving, setLeaving] = useState(false);
  const [isPending, begin] = useTransition();
  const workspace = workspaces.find((one) => one.id === workspaceId);
  if (!workspace) return <Notice tone="danger" title="You are in no workspace" />;
  const given = workspace.scopes.filter((scope) => !refused.includes(scope));

  const choose = (next: string) => {
    setWorkspaceId(next);
    setTeamIds(null);
    setProblem(null);
  };
  const leave = (work: () => ReturnType<typeof refuseApp>) =>
    begin(async () => {
      setProblem(null);
      const result = await work();
      if (!result.ok) return setProblem(result.error);
      setLeaving(true);
      window.location.assign(result.data.goTo);
    });
  const ask = () =>
    begin(async () => {
      const result = await requestApproval({ uid, workspace_id: workspace.id });
      if (!result.ok) return setProblem(result.error);
      window.location.reload();
    });

  return (
    <div className="flex flex-col gap-6">
      {workspaces.length > 1 ? (
        <div className="flex flex-col gap-1.5">
          <label htmlFor={id} className="font-medium text-base">
            Workspace
          </label>
          <NativeSelect
            id={id}
            value={workspaceId}
            onChange={(event) => choose(event.target.value)}
          >
            {workspaces.map((one) => (
              <option key={one.id} value={one.id}>
                {one.name}
              </option>
            ))}
          </NativeSelect>
        </div>
      ) : (
        <p className="text-base">
          Workspace: <strong className="font-medium">{workspace.name}</strong>
        </p>
      )}
      <Verdict workspace={workspace} app={app.name} />
      {app.publisherId === workspace.id ? null : (
        <p className="text-ink-muted text-sm">
          Unverified publisher: {app.publisher} is another workspace, and nobody at Harmony has
          checked who stands behind it.
        </p>
      )}
      <fieldset className="flex flex-col gap-3">
        <legend className="mb-2 font-medium text-base">It will be able to</legend>
        {scopes.map((scope) => (
          <Checkbox
            key={scope}
            checked={given.includes(scope)}
            disabled={!workspace.scopes.includes(scope)}
            onCheckedChange={(isOn) =>
              setRefused(isOn ? refused.filter((one) => one !== scope) : [...refused, scope])
            }
            label={SCOPES[scope].title}
            description={
              workspace.scopes.includes(scope)
                ? opens(scope, workspace)
                : "Your role in this workspace does not include it, so the app will not get it."
            }
          />
        ))}
        {request.wantsIdentity ? (
          <p className="text-ink-muted text-sm">It also learns your name and e-mail address.</p>
        ) : null}
      </fieldset>
      {workspace.teams.length > 1 ? (
        <fieldset className="flex flex-col gap-3">
          <legend className="mb-2 font-medium text-base">Meetings of</legend>
          <Checkbox
            checked={teamIds === null}
            onCheckedChange={(isOn) => setTeamIds(isOn ? null : [])}
            label="All teams that I can see"
          />
          {teamIds === null
            ? null
            : workspace.teams.map((team) => (
                <Checkbox
                  key={team.id}
                  checked={teamIds.includes(team.id)}
                  onCheckedChange={(isOn) =>
                    setTeamIds(
                      isOn ? [...teamIds, team.id] : teamIds.filter((one) => one !== team.id),
                    )
                  }
                  label={team.name}
                />
              ))}
        </fieldset>
      ) : null}
      {problem ? <FormError error={problem} /> : null}
      <div className="flex flex-wrap gap-3">
        {workspace.verdict === "ask" ? (
          <Button variant="primary" size="lg" loading={isPending} onClick={ask}>
            Ask an admin
          </Button>
        ) : (
          <Button
            variant="primary"
            size="lg"
            loading={isPending || isLeaving}
            disabled={workspace.verdict !== "allowed" || given.length === 0}
            onClick={() =>
              leave(() =>
                allowApp({
                  uid,
                  workspace_id: workspace.id,
                  scopes: [...given],
                  team_ids: teamIds && [...teamIds],
                }),
              )
            }
          >
            Allow
          </Button>
        )}
        <Button
          size="lg"
          disabled={isPending || isLeaving}
          onClick={() => leave(() => refuseApp({ uid }))}
        >
          Cancel
        </Button>
      </div>
      <p className="text-ink-muted text-sm">
        You are sent back to <strong className="break-all font-medium">{request.returnsTo}</strong>.
        Nothing is given before you press Allow.
      </p>
    </div>
  );
}
