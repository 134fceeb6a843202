import type { Letter } from "@/lib/mail/send-mail";

// Every mail the product writes, as plain text. Names come from people: they stand in sentences, never alone on
// a line where they could pass for one of ours.

const ending = "\n\nHarmony";

/** The link that signs in without a password. */
export function signInLinkMail(to: string, link: string, minutes: number): Letter {
  return {
    to,
    subject: "Your link to sign in to Harmony",
    text: `Open this link to sign in to Harmony:\n\n${link}\n\nIt works once and for ${minutes} minutes. If you did not ask for it, ignore this mail: without the link nobody can sign in.${ending}`,
  };
}

/** One line, without control characters, and short enough not to become a message of its own. */
function quoted(name: string): string {
  return `“${name.replace(/\s+/g, " ").trim().slice(0, 80)}”`;
}

/** An invitation into a workspace. */
export function invitationMail(
  to: string,
  facts: { readonly workspace: string; readonly inviter: string; readonly link: string },
): Letter {
  return {
    to,
    subject: `Join ${quoted(facts.workspace)} on Harmony`,
    text: `${quoted(facts.inviter)} invites you to the workspace ${quoted(facts.workspace)} on Harmony, where meetings become transcripts, summaries and action items.\n\nJoin here:\n\n${facts.link}\n\nThe link works once and for 7 days. If you do not know what this is about, ignore this mail.${ending}`,
  };
}

/** A webhook has been failing for a while and is still tried. */
export function webhookFailingMail(
  to: string,
  facts: {
    readonly name: string;
    readonly since: string;
    readonly error: string;
    readonly link: string;
  },
): Letter {
  return {
    to,
    subject: `Webhook ${quoted(facts.name)} is failing`,
    text: `The webhook ${quoted(facts.name)} has been failing since ${facts.since}. ${facts.error}\n\nHarmony goes on trying. It is disabled when it has failed for five days; nothing is lost until then. See each attempt:\n\n${facts.link}${ending}`,
  };
}

/** The delivery engine has disabled a webhook. */
export function webhookDisabledMail(
  to: string,
  facts: { readonly name: string; readonly why: string; readonly link: string },
): Letter {
  return {
    to,
    subject: `Webhook ${quoted(facts.name)} was disabled`,
    text: `Harmony no longer sends events to the webhook ${quoted(facts.name)}. ${facts.why}\n\nRepair the receiver, then re-enable the webhook. Events of the last 30 days are kept and can be sent then:\n\n${facts.link}${ending}`,
  };
}
