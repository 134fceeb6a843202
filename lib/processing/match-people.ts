import type { Transcript } from "@/lib/transcripts/transcript";

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly email: string | null;
}

export interface MatchedSpeaker {
  readonly label: string;
  readonly name: string;
  readonly email: string | null;
  readonly type: "internal" | "external";
  readonly userId: string | null;
  readonly contactId: string | null;
  readonly words: number;
  readonly talkMs: number;
}

const generic = /^(speaker|sprecher|user|participant|unknown)\b/i;

function folded(name: string): string {
  return name.normalize("NFKD").replace(/\p{M}/gu, "").trim().toLowerCase().replace(/\s+/g, " ");
}

/** The one person of that name; a first name alone counts when it is nobody else's. */
function findByName(people: readonly Person[], label: string): Person | null {
  const wanted = folded(label);
  const exact = people.filter((person) => folded(person.name) === wanted);
  if (exact.length === 1) return exact[0] ?? null;
  if (exact.length > 1 || wanted.includes(" ")) return null;
  const byFirst = people.filter((person) => folded(person.name).split(" ")[0] === wanted);
  return byFirst.length === 1 ? (byFirst[0] ?? null) : null;
}

interface Talk {
  words: number;
  talkMs: number;
}

function talkBySpeaker(transcript: Pick<Transcript, "turns">): Map<string, Talk> {
  const talk = new Map<string, Talk>();
  for (const turn of transcript.turns) {
    const entry = talk.get(turn.speaker) ?? { words: 0, talkMs: 0 };
    entry.words += turn.text.split(/\s+/).filter((word) => word !== "").length;
    entry.talkMs += Math.max(0, turn.endMs - turn.startMs);
    talk.set(turn.speaker, entry);
  }
  return talk;
}

/**
 * Who the speakers are, in order of appearance: members by their name, then contacts. The contact named at the
 * upload takes the only speaker that is left, unless that one is all that the transcript tells apart.
 */
export function matchPeople(
  transcript: Pick<Transcript, "turns">,
  members: readonly Person[],
  contacts: readonly Person[],
  named: Person | null,
): MatchedSpeaker[] {
  const speakers = [...talkBySpeaker(transcript)].map(([label, talk]) => {
    const member = generic.test(label) ? null : findByName(members, label);
    const contact = member || generic.test(label) ? null : findByName(contacts, label);
    return { label, talk, member, contact };
  });
  const isNamedFound = speakers.some((speaker) => speaker.contact?.id === named?.id);
  const open = speakers.filter((speaker) => !speaker.member && !speaker.contact);
  const isToldApart = speakers.length > 1 || !generic.test(speakers[0]?.label ?? "");
  const only = !isNamedFound && isToldApart && open.length === 1 ? open[0] : undefined;
  return speakers.map((speaker) => {
    const contact = speaker === only ? named : speaker.contact;
    const person = speaker.member ?? contact;
    return {
      label: speaker.label,
      name: displayName(speaker.label, person),
      email: person?.email ?? null,
      type: speaker.member ? "internal" : "external",
      userId: speaker.member?.id ?? null,
      contactId: contact?.id ?? null,
      ...speaker.talk,
    };
  });
}

/** A contact that only has its address as a name is shown as the transcript calls them, where that is a name. */
function displayName(label: string, person: Person | null): string {
  if (!person) return label;
  return person.name.includes("@") && !generic.test(label) ? label : person.name;
}
