import Link from "next/link";
import { ConnectButton } from "@/app/(app)/settings/integrations/[provider]/connect-button";
import { TaskButton } from "@/app/(app)/settings/integrations/[provider]/task-button";
import { type ToolTab, tabHref } from "@/app/(app)/settings/integrations/[provider]/tool-tabs";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { RelativeTime } from "@/components/ui/relative-time";
import type { ConnectionView, ToolView, Trouble } from "@/lib/integrations/schema";

interface ToolNoticesProps {
  readonly tool: ToolView;
  readonly tab: ToolTab;
}

/** What somebody must know about the tool now: what is wrong, who can mend it, and the one button that helps. */
export function ToolNotices({ tool, tab }: ToolNoticesProps) {
  return (
    <div className="flex flex-col gap-3 pb-5 empty:hidden">
      {tab === "overview" ? <Availability tool={tool} /> : null}
      <TroubleNotice tool={tool} />
      {tab === "sync" ? null : <IdleNotice tool={tool} />}
      {tool.notice === null ? null : <Notice>{tool.notice}</Notice>}
    </div>
  );
}

function Availability({ tool }: { readonly tool: ToolView }) {
  if (tool.availability === "sandbox") {
    return (
      <Notice title={`A stand-in answers in place of ${tool.name}`}>
        This installation has no credentials of {tool.name}, so a sandbox on this machine plays its
        part. Nothing leaves the machine.
      </Notice>
    );
  }
  if (tool.availability === "configured") return null;
  return (
    <Notice title={`${tool.name} is not configured`}>
      It can be connected once whoever runs this installation has registered Harmony at {tool.name}{" "}
      and set its client id and secret.
    </Notice>
  );
}

/** When it began: the trouble that needs a person, or the silence that passes by itself. */
function titleOf(name: string, connection: ConnectionView) {
  const { status, attentionSince, notAnsweringSince } = connection;
  if (status === "needs_attention") {
    return (
      <>
        {name} needs attention
        {attentionSince === null ? null : (
          <>
            {" "}
            since <RelativeTime value={attentionSince} format="datetime" />
          </>
        )}
      </>
    );
  }
  if (notAnsweringSince === null) return "Something needs a look";
  return (
    <>
      Connected, {name} is not answering since{" "}
      <RelativeTime value={notAnsweringSince} format="datetime" />
    </>
  );
}

function TroubleNotice({ tool }: { readonly tool: ToolView }) {
  const { connection, name } = tool;
  if (connection === null || connection.trouble === null) return null;
  const { what, who, button } = connection.trouble;
  return (
    <Notice
      tone="warning"
      title={titleOf(name, connection)}
      action={<TroubleButton tool={tool} button={button} />}
    >
      <p>{what}</p>
      <p className="mt-1">{who}</p>
    </Notice>
  );
}

interface TroubleButtonProps {
  readonly tool: ToolView;
  readonly button: Trouble["button"];
}

function TroubleButton({ tool, button }: TroubleButtonProps) {
  switch (button) {
    case "reconnect":
      return <ConnectButton variant="primary">Reconnect</ConnectButton>;
    case "sync_now":
      return <TaskButton task="sync">Sync now</TaskButton>;
    case "test":
      return <TaskButton task="test">Test connection</TaskButton>;
    case "settings":
      return (
        <Button asChild>
          <Link href={tabHref(tool.slug, "sync")}>Open sync settings</Link>
        </Button>
      );
    case null:
      return null;
  }
}

function IdleNotice({ tool }: { readonly tool: ToolView }) {
  const { idleReason, connection, slug } = tool;
  if (idleReason === null || connection?.status !== "connected") return null;
  return (
    <Notice
      tone="warning"
      title={idleReason}
      action={
        <Button asChild>
          <Link href={tabHref(slug, "sync")}>Open sync settings</Link>
        </Button>
      }
    >
      Syncs are paused until then.
    </Notice>
  );
}
