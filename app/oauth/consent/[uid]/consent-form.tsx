"use client";

import { useId, useState, useTransition } from "react";
import { allowApp, refuseApp, requestApproval } from "@/app/oauth/consent/[uid]/actions";
import { ScopeChoice, TeamChoice } from "@/app/oauth/consent/[uid]/consent-choices";
import { useApproval } from "@/app/oauth/consent/[uid]/use-approval";
import { VerdictNotice } from "@/app/oauth/consent/[uid]/verdict-notice";
import { Button } from "@/components/ui/button";
import { FormError } from "@/components/ui/form-error";
import { NativeSelect } from "@/components/ui/native-select";
import { Notice } from "@/components/ui/notice";
import type { Scope } from "@/lib/auth/scopes";
import type { ErrorBody } from "@/lib/http/error-body";
import type { ConsentRequest, ConsentWorkspace } from "@/lib/oauth-server/consent";

interface ConsentFormProps {
  readonly request: ConsentRequest;
  readonly currentWorkspaceId: string;
}

/** Chooses the workspace, then what it gives. */
export function ConsentForm({ request, currentWorkspaceId }: ConsentFormProps) {
  const { workspaces } = request;
  const id = useId();
  const first = workspaces.find((one) => one.id === currentWorkspaceId) ?? workspaces[0];
  const [workspaceId, setWorkspaceId] = useState(first?.id ?? "");
  const workspace = workspaces.find((one) => one.id === workspaceId);
  if (!workspace) return <Notice tone="danger" title="You are in no workspace" />;
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
            onChange={(event) => setWorkspaceId(event.target.value)}
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
      <WorkspaceConsent key={workspace.id} request={request} workspace={workspace} />
    </div>
  );
}

interface WorkspaceConsentProps {
  readonly request: ConsentRequest;
  readonly workspace: ConsentWorkspace;
}

/** What the person gives of one workspace, and the buttons. */
function WorkspaceConsent({ request, workspace }: WorkspaceConsentProps) {
  const { app, uid } = request;
  const [refused, setRefused] = useState<readonly Scope[]>([]);
  const [teamIds, setTeamIds] = useState<readonly string[] | null>(null);
  const [verdict, setVerdict] = useState(workspace.verdict);
  const [problem, setProblem] = useState<ErrorBody | null>(null);
  const [hasEnded, setEnded] = useState(false);
  const [isLeaving, setLeaving] = useState(false);
  const [isPending, begin] = useTransition();
  const given = workspace.scopes.filter((scope) => !refused.includes(scope));
  const isEmpty = given.length === 0 && (request.scopes.length > 0 || !request.wantsIdentity);
  const isOpen = verdict !== "blocked" && verdict !== "not_shared";
  const isBusy = isPending || isLeaving;

  const end = (error: ErrorBody) => {
    setProblem(error);
    if (error.code === "not_found" || error.code === "unauthorized") setEnded(true);
  };
  const hasStopped = useApproval({
    uid,
    workspaceId: workspace.id,
    isWaiting: verdict === "asked" && !hasEnded,
    onVerdict: setVerdict,
    onEnded: end,
  });
  const leave = (work: () => ReturnType<typeof refuseApp>) =>
    begin(async () => {
      setProblem(null);
      const result = await work();
      if (!result.ok) return end(result.error);
      setLeaving(true);
      window.location.assign(result.data.goTo);
    });
  const allow = () =>
    leave(() =>
      allowApp({
        uid,
        workspace_id: workspace.id,
        scopes: [...given],
        team_ids: teamIds && [...teamIds],
      }),
    );
  const ask = () =>
    begin(async () => {
      setProblem(null);
      const result = await requestApproval({ uid, workspace_id: workspace.id });
      if (result.ok) setVerdict(result.data.verdict);
      else end(result.error);
    });

  if (hasEnded) return <FormError error={problem} />;
  return (
    <>
      <div role="status" className="empty:-mb-6">
        <VerdictNotice
          verdict={verdict}
          workspace={workspace.name}
          app={app.name}
          isNew={verdict !== workspace.verdict}
          hasStopped={hasStopped}
        />
      </div>
      {app.publisherId === workspace.id ? null : (
        <Notice tone="warning" title="Unverified publisher">
          {app.publisher} is another workspace. Nobody at Harmony has checked who stands behind it.
        </Notice>
      )}
      {isOpen ? (
        <ScopeChoice
          request={request}
          workspace={workspace}
          given={given}
          onChange={(scope, isOn) =>
            setRefused(isOn ? refused.filter((one) => one !== scope) : [...refused, scope])
          }
        />
      ) : null}
      {isOpen && given.length > 0 && workspace.teams.length > 1 ? (
        <TeamChoice teams={workspace.teams} chosen={teamIds} onChange={setTeamIds} />
      ) : null}
      {problem ? <FormError error={problem} /> : null}
      <div className="flex flex-wrap gap-3">
        {verdict === "ask" ? (
          <Button variant="primary" size="lg" loading={isPending} onClick={ask}>
            Ask an admin
          </Button>
        ) : isOpen ? (
          <Button
            variant="primary"
            size="lg"
            loading={isBusy}
            disabled={verdict !== "allowed" || isEmpty || teamIds?.length === 0}
            onClick={allow}
          >
            Allow
          </Button>
        ) : null}
        <Button size="lg" disabled={isBusy} onClick={() => leave(() => refuseApp({ uid }))}>
          Cancel
        </Button>
      </div>
      <p className="text-ink-muted text-sm">
        You are sent back to <strong className="break-all font-medium">{request.returnsTo}</strong>.
        Nothing is given before you press Allow, and you can withdraw it at any time under Settings
        → Profile.
      </p>
    </>
  );
}
