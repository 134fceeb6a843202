import { html, type Markup, page } from "../html";
import { type Answer, type Call, formOf, seeOther } from "../http";
import type { OAuthServer } from "../oauth";
import type { Host, Route } from "../tool";
import { rename, setArchived, setBotMember } from "./admin";
import { emitVerification } from "./events";
import { renderBlocks, renderMrkdwn } from "./render";
import type { Channel, Message, SlackState, Team } from "./state";

// The workspace as a person sees it: channels, messages with their threads, and what can be done by hand.

const MESSAGES_SHOWN = 50;

/** Routes of the pages below `/slack`. */
export function slackPages(host: Host, state: SlackState, oauth: OAuthServer) {
  const { url } = host;

  const nameOf = (team: Team, { user, isBot }: Message) =>
    isBot ? "Harmony" : (team.members.find(({ id }) => id === user)?.realName ?? user);

  const fileOf = (team: Team, { fileId }: Message) => {
    const file = team.files.find(({ id }) => id === fileId);
    if (file === undefined) return null;
    return html`<p><span class="tag">File</span> ${file.title} <span class="muted small">(${file.length} bytes)</span></p>`;
  };

  const showMessage = (team: Team, channel: Channel, message: Message): Markup => {
    const at = new Date(Number(message.ts.split(".")[0]) * 1_000);
    const replies = channel.messages.filter(({ threadTs }) => threadTs === message.ts);
    return html`<li class="message"><p><strong>${nameOf(team, message)}</strong>${message.isBot ? html` <span class="tag">App</span>` : null}
<time class="muted small" datetime="${at.toISOString()}">${at.toUTCString()}</time>${message.editedAt === null ? null : html` <span class="muted small">(edited)</span>`}</p>
${message.blocks ? renderBlocks(message.blocks) : html`<p>${renderMrkdwn(message.text)}</p>`}${fileOf(team, message)}
${replies.length === 0 ? null : html`<div class="thread"><ul class="plain">${replies.map((reply) => showMessage(team, channel, reply))}</ul></div>`}</li>`;
  };

  const tags = (channel: Channel) =>
    [
      channel.kind === "group" && "private",
      channel.isArchived && "archived",
      channel.isForeign && "shared by another organization",
      channel.isReadOnly && "read-only",
      channel.isBotMember && "Harmony is a member",
    ]
      .filter((tag) => tag !== false)
      .map((tag) => html` <span class="tag">${tag}</span>`);

  const title = ({ kind, name }: Channel) =>
    kind === "im" ? `Direct message: ${name}` : `#${name}`;
  const link = (team: Team, channel: Channel) => `${url}/channels/${team.id}/${channel.id}`;

  const overview = (): Answer => {
    const installed = (team: Team) =>
      Object.values(oauth.state.grants).some(
        ({ accountId, ended }) => accountId === team.id && ended === null,
      );
    const section = (team: Team) => {
      const ordered = team.channels.toSorted((a, b) => b.messages.length - a.messages.length);
      return html`<section class="card"><h2>${team.name}</h2>
<p class="muted">${team.domain}.slack.com · ${installed(team) ? "Harmony is installed" : "Harmony is not installed"}</p>
${
  installed(team)
    ? html`<form method="post" action="${url}/apps/${team.id}/remove"><button class="danger">Remove Harmony from ${team.name}</button></form>`
    : null
}
<ul class="plain">${ordered.map((channel) => html`<li><a href="${link(team, channel)}">${title(channel)}</a> <span class="muted small">${channel.messages.length === 1 ? "1 message" : `${channel.messages.length} messages`}</span>${tags(channel)}</li>`)}</ul></section>`;
    };
    return page({
      title: "Slack stand-in",
      follows: host.follows(),
      body: html`<p><a href="${url.replace(/\/[^/]+$/, "/")}">All stand-ins</a></p><h1>Slack</h1>
<form class="row" method="post" action="${url}/verify"><button>Verify the events URL</button><span class="muted small">${host.settings.hookUrl ?? "none is set"}</span></form>
${state.teams.map(section)}`,
    });
  };

  const channelPage = (team: Team, channel: Channel): Answer => {
    const roots = channel.messages.filter(({ threadTs }) => threadTs === null);
    const button = (what: string, label: string, style = "") =>
      html`<form method="post" action="${link(team, channel)}/${what}"><button class="${style}">${label}</button></form>`;
    return page({
      title: `${title(channel)} · Slack stand-in`,
      follows: host.follows(),
      body: html`<p><a href="${url}">All channels</a></p><h1>${title(channel)}</h1>
<p class="muted">${team.name} · ${channel.id}${channel.topic === "" ? null : ` · ${channel.topic}`}</p><p>${tags(channel)}</p>
<div class="row">${channel.isArchived ? button("unarchive", "Unarchive") : button("archive", "Archive", "danger")}
${channel.isBotMember ? button("remove-bot", "Remove Harmony") : button("invite-bot", "Invite Harmony")}
<form class="row grow" method="post" action="${link(team, channel)}/rename"><label for="name">New name</label>
<span class="grow"><input id="name" name="name" type="text" required maxlength="80" pattern="[a-z0-9_\\-]+" value="${channel.name}"></span><button>Rename</button></form></div>
<section class="card"><h2>Messages</h2>${roots.length === 0 ? html`<p class="muted">Nothing was said here yet.</p>` : null}
<ul class="plain">${roots.slice(-MESSAGES_SHOWN).map((message) => showMessage(team, channel, message))}</ul></section>`,
    });
  };

  const act = (team: Team, channel: Channel, what: string, form: URLSearchParams): void => {
    const at = [host, state, team, channel] as const;
    if (what === "archive" || what === "unarchive") setArchived(...at, what === "archive");
    else if (what === "rename") rename(...at, form.get("name")?.trim() || channel.name);
    else setBotMember(...at, what === "invite-bot");
  };

  const removeApp = (teamId: string) => {
    for (const grant of Object.values(oauth.state.grants)) {
      if (grant.accountId === teamId) oauth.end(grant, "uninstalled");
    }
    return seeOther(url);
  };

  const channelRoute = (call: Call): Route | null => {
    const found =
      /^\/channels\/(\w+)\/(\w+)(?:\/(archive|unarchive|rename|invite-bot|remove-bot))?$/.exec(
        call.path,
      );
    const [, teamId, channelId, what] = found ?? [];
    const team = state.teams.find(({ id }) => id === teamId);
    const channel = team?.channels.find(({ id }) => id === channelId);
    if (!(team && channel) || (call.method === "POST") === (what === undefined)) return null;
    const run = () => {
      if (what === undefined) return channelPage(team, channel);
      act(team, channel, what, formOf(call));
      return seeOther(link(team, channel));
    };
    return { operation: what ?? "channel page", kind: "page", isRead: what === undefined, run };
  };

  return (call: Call): Route | null => {
    const removed = /^\/apps\/(\w+)\/remove$/.exec(call.path)?.[1];
    if (call.method === "GET" && call.path === "/") {
      return { operation: "page", kind: "page", isRead: true, run: overview };
    }
    if (call.method === "POST" && removed !== undefined) {
      return {
        operation: "remove app",
        kind: "page",
        isRead: false,
        run: () => removeApp(removed),
      };
    }
    if (call.method === "POST" && call.path === "/verify") {
      const run = () => {
        emitVerification(host);
        return seeOther(url);
      };
      return { operation: "verify", kind: "page", isRead: false, run };
    }
    return channelRoute(call);
  };
}
