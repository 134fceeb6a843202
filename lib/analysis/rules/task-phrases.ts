// How people ask, promise and hand out work in English meetings, as patterns. Each ends with the verb and what follows it,
// or, where the verb is in the phrase, with what it is done to.

const adverbs = String.raw`(?:(?:please|also|maybe|perhaps|just|then|still|possibly|kindly|quickly|definitely|certainly|probably|gladly|personally|both|all|try to|try and|go ahead and|go and|come and|quickly)\s+)*`;
// Not the "Sign" of "Sign's up".
const verb = String.raw`([a-z]+)\b(?!')\s*(.*)$`;
const pattern = (lead: string, flags = "is") => new RegExp(`${lead}\\s+${adverbs}${verb}`, flags);

// --- Promises -------------------------------------------------------------------------------------------------

export const FIRM = pattern(
  String.raw`\bI(?: still| also| really| just| definitely)?(?:(?:'ll| will| shall)(?: need to| have to)?|'m going to| am going to| need to| have to| must|'ve got to| have got to| got to|'d better| had better|'d best| ought to)`,
);
export const SOFT = pattern(String.raw`\bI (?:can|should)`);
export const LET_ME = pattern(String.raw`(?:^|[,;]\s*|\b(?:and|then|so)\s+)let me`);
export const INTENDED = pattern(String.raw`\bI (?:want to|'d like to|would like to)`);
// As people say it whose first language has no other future: "I send you the list today."
export const PRESENT =
  /^(?:then )?I (?!propose|suggest|recommend|hope|guess)([a-z]+) ((?:you|it|them|him|her|the|this|that|my|our|a|an)\b.*)$/is;
/** The same without an object; it says nothing without a day. */
export const PRESENT_DATED =
  /(?:^|[,;]\s*|\b(?:and|then|so|but)\s+)I (?!propose|suggest|recommend|hope|guess|have|do)([a-z]+)\b(?!')\s*(.*)$/is;
export const ONGOING = /^I(?:'m| am|'ll be| will be) (?:still )?([a-z]+ing) (.*)$/is;
export const TEAM = pattern(String.raw`\bwe(?:'ll| will|'re going to| are going to)`);
/** "Me and Ada will …", "Ada and me, we …". */
export const JOINT = pattern(
  String.raw`(?:^|[,;.]\s*|\b(?:and|then|so|but)\s+)(?:(?:me|I|myself) and ([\p{L}-]+)|([\p{L}-]+) and (?:me|I|myself)),?(?: we)?(?:'ll| will| can| shall| are going to)?`,
  "isu",
);
/** The task itself stands elsewhere: "leave that with me", "that one's mine". */
export const TAKEN =
  /\b(?:leave (?:it|that|this|them|those)(?: one)?(?: with| to) me|(?:that|this|it)(?:'s| is| one's| one is| will be|'ll be) (?:mine\b|me(?=[.,!]|$)|on me\b|on my (?:list|plate)|(?:one )?for me(?=[.,!]|$)|with me(?=[.,!]|$))|let me (?:take|handle|sort|own) (?:it|that|this|them|those)(?: one)?(?=[.,!]|$)|put me down for (?:it|that|this)|that'll be me\b|action (?:for|on) me\b|consider it done|i(?:'ve| have) got (?:it|that|this)(?: one)?(?=[.!]|$))/i;
export const LEFT = /\bleave ((?:the|my|our|your|this|that|those) .+?) (?:with|to) me\b/i;
export const LISTED_AS_OWN =
  /^(.+?)(?:'s| is| are) (?:still |already |now )?on (?:my (?:list|plate|to-?do)|me(?=[.,!]|$))/i;
export const OWED = /\bI (?:still )?owe ((?:you|him|her|them|the|every\w*|my|our|[A-Z])\b.*)$/is;
export const NOT_OWED =
  /\b(?:an apology|apologies|one|a (?:drink|beer|pint|coffee)|lunch|dinner|money|favou?r)\b/i;
/** What the other is to have: "you'll get the list", "on Friday you have a price from me". */
export const DELIVERED =
  /\byou(?:'ll| will)(?: all)? (?:have|get|receive) ((?:it|that|them|those|the|a|an|my|our|everything)\b.*)$/is;
/** "You get it tomorrow." */
export const DELIVERED_DATED =
  /(?<!\b(?:do|did|have|can|could|if|when) )\byou (?:have|get) ((?:it|that|them|those|the|a|an|my|our|everything)\b.*)$/is;
export const DELIVERED_FRONTED =
  /^(?:so |and |the )*(.+?),? you(?:'ll| will) (?:get|have)\b(.*)$/is;
/** "The tables will be ready by Tuesday", "it will reach you Monday". */
export const COMING =
  /(?:^|[,;]\s*|\b(?:and|but|so|then|yeah)\s+)((?:it|that|they|(?:the|my|your|our|a|an)(?: [\w'-]+?){1,5}))(?:'s going to|'ll| will| is going to| are going to) (?:reach you|come to you|be (?:with you|on your (?:desk|table)|in your (?:inbox|mail)|out|ready|done|finished|complete|live|sent))\b(.*)$/is;
export const FINISHED = /\bI(?:'ll| will) be (?:done|finished|through|ready) with (.*)$/is;

// --- Requests -------------------------------------------------------------------------------------------------

export const ASK = pattern(
  String.raw`\b(?:can you|could you|would you(?! be able)|will you|(?:would|will) you be able to|are you able to|any chance (?:that )?you (?:could|can)|do you think you (?:could|can)|(?:could|can) I (?:ask|get|trouble|leave) you to|are you (?:okay|ok|happy|all ?right|free) to|I was (?:hoping|wondering if) you (?:could|can|would)|I need you to|I(?:'d| would) like you to|(?:great|good|nice|helpful|lovely|appreciate it|appreciate) if you (?:could|can)|don't forget to|remember to|make sure (?:to|you))`,
);
/** "If you could send me the list, that would be great." */
export const IF_COULD = pattern("^if you could");
/** "Can I leave that with you?" */
export const HANDED_OVER =
  /\b(?:can i|could i|shall i|i'll|i will|let me|i) leave ((?:it|that|this|them|those|the|my|our)\b.*?) (?:with|to) you\b/i;
export const MIND = pattern(String.raw`\b(?:would|do) you mind`);
export const PLEASE = pattern(String.raw`(?:^|[,;]\s*|\b(?:and|then|but|so)\s+)please`);
export const OFFERED = pattern(
  String.raw`\b(?:do you want to|you can|you(?:'ll| will)? (?:need|have) to|you might want to)`,
);
export const IMPERATIVE = new RegExp(
  `^(?:(?:and|then|so|but|just|well)[, ]+)*${adverbs}${verb}`,
  "is",
);
/** What the speaker needs of somebody: "I'll need a statement off you". */
export const NEEDED =
  /\b(?:I(?:'ll| will|'d| would)? (?:also )?need|I(?:'d| would) (?:also )?like(?: to have)?|(?:could|can) (?:I|we) (?:please )?(?:have|get)|it(?:'d| would) be (?:so |really |very |quite )?(?:good|great|helpful|useful|nice|lovely) to (?:have|get)|any chance of)\s+(?!to\b|you\b|from\b)(.+)$/is;
export const NEEDED_FRONTED =
  /^(.*?),?\s*\bI(?:'ll| will)? need from you(?: guys| all)?(?: is)?\b,?\s*(.*)$/is;
export const FROM_YOU = /\s+(?:from|off|out of|by) (?:you|your side|your team)(?: guys| all)?\b/i;
/** "Shall I ping them?": a task as soon as somebody says yes. */
export const OFFER = pattern(
  String.raw`\b(?:(?:do you |would you )?(?:want|like) me to|shall I|should I)`,
);

// --- What has to be done, by whomever ---------------------------------------------------------------------------

export const LISTED =
  /^(?:action(?: item)?|to-?do|next step)s?(?: for (\p{L}[\p{L}'-]+))?\s*[:–-]\s*(.+)$/isu;
export const OPEN = pattern(
  String.raw`\b(?:(?:somebody|someone|anybody|anyone|one of (?:us|you))\s+(?:has to|needs to|should|must|ought to|will have to|will need to|has got to|got to|could|can)|(?:can|could) (?:somebody|someone|anybody|anyone|one of (?:us|you))|who (?:can|could|will|wants to)|who(?:'s| is) going to|we (?:need to|have to|must))`,
);
/** "It needs the full check doing", "it has to be in by Thursday", "it needs a recount". */
export const NEEDS =
  /^((?!(?:I|we|you|he|she|they|nobody)\b).*?\b(?:(?:needs|has|have|'s got|has got|got) to (?:be|get) (?!somebody|someone|anybody|me\b|you\b|us\b|two\b|a |an |the )|needs (?!to\b)(?:a|an|another|the|it|its|his|her|their|[a-z]+ing)\b).*)$/is;
export const NAMED = pattern(
  String.raw`^(?:that's |it's )?([\p{L}'-]+)(?: [\p{Lu}][\p{L}'-]+)?(?:'ll| will| should| is going to| has to| needs to| must| to| is to|,? you(?:'ll| will|'re going to|'re to))`,
  "isu",
);

// --- What makes it none -----------------------------------------------------------------------------------------

// The promise or request is only reported, imagined or made dependent on something.
export const NOT_MEANT =
  /\b(?:if|unless|whether|because|said|says|told|wish|what|how|where|which|so that|as far as|before|whenever)\b[^,;]*$/i;
// "If it is slow, I'll flush it"; not what is merely polite.
export const CONDITION =
  /^(?:(?:so|and|but|then|see|basically),? )*(?:if|unless)\b(?! (?:you could|that's|it's|that is|it is|you like|you want|you don't mind|possible)\b)/i;
// "Will I have to …?" asks.
export const ASKED = /\b(?:will|would|do|did|does|should|shall|must|can|could|may)\s+$/i;
export const HEDGED = /\b(?:maybe|perhaps|possibly|probably|might)\b[^,;.]*$/i;
export const IMMEDIATE =
  /\b(?:(?:my|the|your) screen|right now|now now|for a (?:second|moment|minute)|in the chat|it a day|(?:a|one) (?:quick )?question|one more thing|be honest|on mute)\b/i;
/** Broken off: nobody knows what it was to be. */
export const BROKEN_OFF = /(?:\.\.\.|…)\s*$/;
