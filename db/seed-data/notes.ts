import type { PlannedMeeting } from "@/db/seed-data/plan-meetings";
import type { Random } from "@/db/seed-data/random";

const withCompany = [
  "**Mood:** good. They want this, but they are careful about dates.\n\n- Ask for the numbers of last year before the next call\n- {company} prefers e-mail over phone",
  "## Before the next call\n\n1. Check who signs at {company}\n2. Bring an example with {assets}\n3. Keep it to thirty minutes\n\n> “The habit is the hard part.”",
  "They compare us with {rival}. What counts for them is how it works **without a signal**.\n\n- [ ] Send the reference list\n- [x] Thank {guest} for the honest words",
  "Short version: works, but slowly. {guest} is the one who decides, although the title says otherwise.",
  "| Topic | Where we stand |\n| --- | --- |\n| Data | waiting for their list |\n| People | five to begin with |\n| Date | not before next month |",
  "Do **not** mention the old project, it is still a sore point at {company}. Talk about {assets} instead.",
];
const amongColleagues = [
  "- Keep the quiet ones in mind\n- Next time: numbers first, stories after",
  "Agreed to try it for two weeks and then look again. No need to write it into the handbook yet.",
];

/** Markdown that somebody wrote on the page of this meeting. */
export function noteFor({ account, lines, owner }: PlannedMeeting, random: Random): string {
  if (!account) return random.pick(amongColleagues);
  const guestKey = lines.find(
    ({ speaker }) => speaker !== owner && account.contacts.some(({ key }) => key === speaker),
  )?.speaker;
  const guest = account.contacts.find(({ key }) => key === guestKey) ?? account.contacts[0];
  return random
    .pick(withCompany)
    .replaceAll("{company}", account.name)
    .replaceAll("{assets}", account.assets)
    .replaceAll("{rival}", account.rival)
    .replaceAll("{guest}", guest?.name.split(" ", 1)[0] ?? account.name);
}
