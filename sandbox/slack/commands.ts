import { z } from "zod";
import { command, type Host } from "../tool";
import { rename, setArchived, setBotMember } from "./admin";
import { emitChannel, emitVerification } from "./events";
import { type Channel, nextTs, type SlackState, type Team } from "./state";

/** What the control API can make happen in a workspace. */
export function slackCommands(host: Host, state: SlackState) {
  const place = z.object({ channel: z.string(), team: z.string().default("Acme") });
  const find = (input: z.infer<typeof place>): [Team, Channel] => {
    const team = state.teams.find(({ id, name }) => id === input.team || name === input.team);
    const channel = team?.channels.find(
      ({ id, name }) => id === input.channel || `#${name}` === input.channel,
    );
    if (team === undefined || channel === undefined) {
      throw new z.ZodError([
        {
          code: "custom",
          path: ["channel"],
          message: "There is no such channel.",
          input: input.channel,
        },
      ]);
    }
    return [team, channel];
  };
  return {
    archive: command(place.extend({ archived: z.boolean().default(true) }), (input) => {
      const [team, channel] = find(input);
      setArchived(host, state, team, channel, input.archived);
      return { archived: channel.isArchived };
    }),
    rename: command(place.extend({ name: z.string().min(1).max(80) }), (input) => {
      const [team, channel] = find(input);
      rename(host, state, team, channel, input.name);
      return { id: channel.id };
    }),
    remove_channel: command(place, (input) => {
      const [team, channel] = find(input);
      team.channels.splice(team.channels.indexOf(channel), 1);
      emitChannel(host, state, team, "deleted", channel);
      return { id: channel.id };
    }),
    invite_bot: command(place.extend({ member: z.boolean().default(true) }), (input) => {
      const [team, channel] = find(input);
      setBotMember(host, state, team, channel, input.member);
      return { member: channel.isBotMember };
    }),
    read_only: command(place.extend({ readOnly: z.boolean().default(true) }), (input) => {
      const [, channel] = find(input);
      channel.isReadOnly = input.readOnly;
      return { readOnly: channel.isReadOnly };
    }),
    /** A member says something. */
    say: command(place.extend({ text: z.string().max(4_000) }), (input) => {
      const [team, channel] = find(input);
      const ts = nextTs(channel, host.now());
      const user = team.members[0]?.id ?? "";
      const rest = { blocks: null, threadTs: null, metadata: null, fileId: null, editedAt: null };
      channel.messages.push({ ts, user, isBot: false, text: input.text, ...rest });
      return { channel: channel.id, ts };
    }),
    /** Messages of a channel, for tests that want to see what arrived. */
    read: command(place, (input) => {
      const [, channel] = find(input);
      return { messages: channel.messages };
    }),
    verify_hook_url: command(z.object({}), () => {
      emitVerification(host);
      return { sent: host.settings.hookUrl !== null };
    }),
  };
}
