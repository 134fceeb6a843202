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

/** An alert (handbook 13): what stands in the app, and where to switch such mail off. */
export function alertMail(
  to: string,
  facts: {
    readonly title: string;
    readonly body: string;
    readonly link: string;
    readonly preferences: string;
  },
): Letter {
  return {
    to,
    subject: facts.title,
    text: `${facts.title}. ${facts.body}\n\nSee it in Harmony:\n\n${facts.link}\n\nChoose which alerts reach you by e-mail:\n\n${facts.preferences}${ending}`,
  };
}
