import type { WinkMethods } from "wink-nlp";

let loaded: Promise<WinkMethods> | null = null;

/** The English tagger: 4 MB, loaded at its first use and then kept for the life of the process. */
export function englishModel(): Promise<WinkMethods> {
  loaded ??= load();
  return loaded;
}

async function load(): Promise<WinkMethods> {
  const [{ default: winkNlp }, { default: model }] = await Promise.all([
    import("wink-nlp"),
    import("wink-eng-lite-web-model"),
  ]);
  return winkNlp(model, ["sbd", "pos"]);
}
