import { Notice } from "@/components/ui/notice";
import type { ConsentWorkspace } from "@/lib/oauth-server/consent";

interface VerdictNoticeProps {
  readonly verdict: ConsentWorkspace["verdict"];
  readonly workspace: string;
  readonly app: string;
  /** An admin has answered while the person waited here. */
  readonly isNew: boolean;
  /** The page has stopped asking by itself. */
  readonly hasStopped: boolean;
}

/** What the chosen workspace says about the app. */
export function VerdictNotice(props: VerdictNoticeProps) {
  const { verdict, workspace, app, isNew, hasStopped } = props;
  switch (verdict) {
    case "allowed":
      return isNew ? (
        <Notice tone="success" title="An admin has approved it">
          Press Allow to connect {app}.
        </Notice>
      ) : null;
    case "ask":
      return (
        <Notice tone="warning" title="An admin has to approve this app first">
          Ask now and stay here: this page goes on once an admin of {workspace} has answered.
        </Notice>
      );
    case "asked":
      return (
        <Notice tone="info" title="Waiting for an admin">
          {hasStopped
            ? `Nobody has answered yet. You can close this page: you are told once an admin of ${workspace} has approved ${app}.`
            : `The admins of ${workspace} have been asked. This page goes on by itself once one of them has answered; if you close it, you are told.`}
        </Notice>
      );
    case "blocked":
      return (
        <Notice tone="danger" title="This app cannot be connected here">
          The admins of {workspace} do not allow it. Ask one of them, or choose another workspace.
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
