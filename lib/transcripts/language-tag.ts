// The speech engines that write a language's English name know about these.
const codes =
  "af ar az be bg bs ca cs cy da de el en es et fa fi fr gl he hi hr hu hy id is it ja kk kn ko lt lv mi mk mr ms ne nl no pl pt ro ru sk sl sr sv sw ta th tl tr uk ur vi zh".split(
    " ",
  );

/** Reads "en", "en_gb" or "english" as a BCP-47 tag; undefined when it is none of these. */
export function languageTag(value: string): string | undefined {
  const wanted = value.trim().toLowerCase().replaceAll("_", "-");
  const tag = /^[a-z]{2,3}(?:-[a-z]{4})?(?:-(?:[a-z]{2}|\d{3}))?$/;
  if (tag.test(wanted)) return Intl.getCanonicalLocales(wanted)[0];
  const names = new Intl.DisplayNames("en", { type: "language" });
  return codes.find((code) => names.of(code)?.toLowerCase() === wanted);
}
