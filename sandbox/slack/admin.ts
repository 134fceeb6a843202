import type { Host } from "../tool";
import { emitChannel } from "./events";
import type { Channel, SlackState, Team } from "./state";

// What people do to channels, by hand on the page or by the control API; the app is told as Slack tells it.

/** Archives a channel or brings it back. */
export function setArchived(
  host: Host,
  state: SlackState,
  team: Team,
  channel: Channel,
  isArchived: boolean,
): void {
  if (channel.isArchived === isArchived) return;
  channel.isArchived = isArchived;
  emitChannel(host, state, team, isArchived ? "archive" : "unarchive", channel);
}

export function rename(
  host: Host,
  state: SlackState,
  team: Team,
  channel: Channel,
  name: string,
): void {
  channel.name = name;
  emitChannel(host, state, team, "rename", channel);
}

/** Invites the app's bot, or removes it. */
export function setBotMember(
  host: Host,
  state: SlackState,
  team: Team,
  channel: Channel,
  isMember: boolean,
): void {
  if (channel.isBotMember === isMember) return;
  channel.isBotMember = isMember;
  if (!isMember) emitChannel(host, state, team, "left", channel);
}
