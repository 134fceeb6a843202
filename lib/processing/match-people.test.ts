import { describe, expect, test } from "vitest";
import { matchPeople, type Person } from "@/lib/processing/match-people";
import type { Transcript } from "@/lib/transcripts/transcript";

const person = (id: string, name: string, email: string | null = `${id}@x.example`): Person => ({
  id,
  name,
  email,
});

function transcript(...speakers: string[]): Transcript {
  return {
    turns: speakers.map((speaker, n) => ({
      speaker,
      text: "three little words",
      startMs: n * 1000,
      endMs: n * 1000 + 900,
    })),
    durationMs: speakers.length * 1000,
    timing: "exact",
    format: "vtt",
  };
}

const names = (people: ReturnType<typeof matchPeople>) =>
  people.map(({ name, userId, contactId }) => [name, userId, contactId]);

describe("matchPeople", () => {
  test("keeps the order of appearance and counts words and time", () => {
    const found = matchPeople(transcript("Ada", "Ben", "Ada"), [], [], null);
    expect(found.map(({ label, words, talkMs }) => [label, words, talkMs])).toEqual([
      ["Ada", 6, 1800],
      ["Ben", 3, 900],
    ]);
  });

  test("a member wins over a contact of the same name", () => {
    const found = matchPeople(
      transcript("Ada Moreno"),
      [person("usr_1", "Ada Moreno")],
      [person("con_1", "Ada Moreno")],
      null,
    );
    expect(names(found)).toEqual([["Ada Moreno", "usr_1", null]]);
  });

  test("a first name alone counts only when it is one person's", () => {
    const members = [person("usr_1", "Ada Moreno"), person("usr_2", "Ben Adler")];
    expect(names(matchPeople(transcript("Ada"), members, [], null))).toEqual([
      ["Ada Moreno", "usr_1", null],
    ]);
    const twins = [...members, person("usr_3", "Ada Lindt")];
    expect(names(matchPeople(transcript("Ada"), twins, [], null))).toEqual([["Ada", null, null]]);
  });

  test("accents, case and spaces do not matter", () => {
    const members = [person("usr_1", "José  García")];
    expect(names(matchPeople(transcript("jose garcia"), members, [], null))).toEqual([
      ["José  García", "usr_1", null],
    ]);
  });

  test.for(["Speaker A", "speaker 1", "User", "Participant 3", "Unknown Speaker"])(
    "%s is nobody's name",
    (label) => {
      const members = [person("usr_1", label), person("usr_2", `${label} Smith`)];
      expect(names(matchPeople(transcript(label), members, [], null))).toEqual([
        [label, null, null],
      ]);
    },
  );

  test("the contact named at the upload takes the one speaker that is left", () => {
    const named = person("con_9", "Mara Lindt");
    const found = matchPeople(
      transcript("Ada Moreno", "Speaker B"),
      [person("usr_1", "Ada Moreno")],
      [],
      named,
    );
    expect(names(found)).toEqual([
      ["Ada Moreno", "usr_1", null],
      ["Mara Lindt", null, "con_9"],
    ]);
  });

  test("with two left, or when found by name, the named contact takes nobody else's place", () => {
    const named = person("con_9", "Mara Lindt");
    expect(names(matchPeople(transcript("Speaker A", "Speaker B"), [], [], named))).toEqual([
      ["Speaker A", null, null],
      ["Speaker B", null, null],
    ]);
    expect(names(matchPeople(transcript("Mara Lindt", "Speaker B"), [], [named], named))).toEqual([
      ["Mara Lindt", null, "con_9"],
      ["Speaker B", null, null],
    ]);
  });

  test("a contact known only by an address is shown as the transcript calls them", () => {
    const named = person("con_9", "mara@lindt.example", "mara@lindt.example");
    expect(names(matchPeople(transcript("Mara"), [], [], named))).toEqual([
      ["Mara", null, "con_9"],
    ]);
  });

  test("a speaker who has only a letter does not lend it to a contact as a name", () => {
    const named = person("con_9", "mara@lindt.example", "mara@lindt.example");
    const members = [person("usr_1", "Ada Moreno")];
    expect(names(matchPeople(transcript("Ada Moreno", "Speaker B"), members, [], named))).toEqual([
      ["Ada Moreno", "usr_1", null],
      ["mara@lindt.example", null, "con_9"],
    ]);
  });

  test("where everybody is one unnamed speaker, the named contact is not taken for all of them", () => {
    const named = person("con_9", "Mara Lindt");
    expect(names(matchPeople(transcript("Speaker", "Speaker"), [], [], named))).toEqual([
      ["Speaker", null, null],
    ]);
  });

  test("without anybody named, an open speaker stays open", () => {
    expect(names(matchPeople(transcript("Stranger"), [], [], null))).toEqual([
      ["Stranger", null, null],
    ]);
  });
});
