import type { Beat } from "@/db/seed-data/beats/beat";

const hello: Beat = {
  variants: [
    `
H: Hi {guest}. How is it going?
G: Good, a lot on my desk. You?
H: The same. I have put three things on the list, but you go first.`,
    `
G: Morning. Do you have coffee?
H: The second one already. Tell me what is on your mind.
G: A bit of everything. Let me sort it while I talk.`,
    `
H: Hello {guest}. On a scale from one to ten?
G: A seven. It would be an eight if the trains ran.
H: Then let's see whether we get to eight.`,
  ],
};

const account: Beat = {
  variants: [
    `
G: {company} is going well. They answer quickly, and they ask about the details.
H: What is the next date?
G: The pilot review. I want to show them the wasted trips, before and after.
H: Do you have the before?
G: Only roughly. I need to ask them for last year's numbers.
H: Do that this week, otherwise nobody will remember.`,
    `
G: I am worried about {company}. They have not answered in two weeks.
H: Who was your last contact?
G: Only one person. That is my mistake, I know.
H: Then call, do not write. And ask for a second person for the technical side.
G: I'll call them tomorrow.`,
    `
H: Where do we stand with {company}?
G: They like us, and they like {rival} for the price.
H: What would you do if the price was the same?
G: Then it would be done.
H: So it is about the value. Show them what a second visit costs.
G: You are right, we never calculated it.`,
    `
G: {company} asked for a function that we do not have.
H: Which one?
G: They want to plan two people and a crane in one step.
H: How important is it?
G: They could live without it, but they would grumble.
H: Then say that we do not have it. I prefer grumbling to surprises.`,
  ],
};

const growth: Beat = {
  variants: [
    `
H: You wanted to talk about the training.
G: Yes. I would like to do the course on presenting, two days in spring.
H: What do you want to be able to do afterwards?
G: To stand in front of twenty people and not read from the slide.
H: Good reason. Send me the form by {day}, I'll sign it.`,
    `
H: What did you enjoy in the last weeks?
G: The workshop. I was nervous for three days, and then it was fun.
H: I heard that from two people, without asking.
G: Really? That is nice to hear.
H: You should do the next one alone.`,
    `
H: How is your workload, honestly?
G: Too high on Mondays, fine for the rest.
H: What eats the Mondays?
G: The report for the management. It takes me until noon.
H: Then let's drop the second half of it. Nobody has asked about it since summer.
G: I will not stop you.`,
    `
G: May I say something about the team meeting?
H: Please.
G: It is too long, and three people talk. I am one of the three.
H: What would you change?
G: Half an hour, and the quiet ones begin.
H: Let's try that from next week on.`,
  ],
};

const favour: Beat = {
  variants: [
    `
H: I have a request. Could you write down how you prepare a visit? The new people ask for it.
G: Sure, I'll write it by {day}.
H: One page is enough.
G: Then it will be one page.`,
    `
G: Could you talk to product about the export? I get the same question every week.
H: I will bring it up with them tomorrow.
G: Thank you. And I'll collect the questions, so that he believes us.`,
    `
H: I need somebody for the fair in {city}. Would you go?
G: When is it?
H: In the third week of next month, two days.
G: Okay, I can do that. I will book the train today.
H: Wonderful, thank you.`,
    `
G: I would like to take two days off around the holiday.
H: Put them into the calendar, that is fine.
G: I'll find somebody who looks after my accounts.
H: Good. Please tell {company} yourself.`,
  ],
};

const farewell: Beat = {
  variants: [
    `
H: Is there anything else?
G: No, that was it. Thank you.
H: Then have a good week.`,
    `
G: I have to run. Same time next week?
H: Same time. And call me if {company} says something.
G: Will do.`,
    `
H: So, are we at eight now?
G: Eight and a half.
H: I take that.`,
  ],
};

/** Two colleagues, one of whom leads the other. */
export const oneOnOne: readonly Beat[] = [
  hello,
  account,
  account,
  account,
  growth,
  growth,
  favour,
  { ...favour, chance: 0.6 },
  farewell,
];

const weeklyStart: Beat = {
  variants: [
    `
H: Good morning everybody. We have half an hour and four points.
G: May I add a fifth one? It is short.
H: That is what you said last week. But yes.`,
    `
H: Let's begin. Who is missing?
I: Two are on the road, they will read the notes.
H: Then the notes should be good today. Who writes them?
G: I do.`,
  ],
};

const weeklyTopic: Beat = {
  variants: [
    `
H: What is new at {company}?
G: They want to begin two weeks earlier.
H: Can we do that?
I: If somebody takes the data import off me, yes.
H: {guest}, could you take the import?
G: Yes, I will do it by {day}.`,
    `
I: The number of late answers went up last week.
H: Do we know why?
I: Two people were ill, and the new routing put everything into one box.
H: Then let's go back to the old routing until it is fixed.
I: I will change it today.`,
    `
G: {company} asked whether they may be a reference for us.
H: They asked us? That is a first.
G: They are proud of their numbers.
H: Then we should write it up. Who has time?
G: I'll write a draft by {day}.
H: Thank you.`,
    `
H: The demo workspace is a mess. Every customer sees the names of other customers.
I: They are invented names.
H: I know, but they do not.
G: I could clean it up, it takes an hour.
H: Please do that before the next demo.
G: I will do it tomorrow.`,
    `
I: We should decide about the newsletter. The date was moved twice.
H: What are we waiting for?
I: For a customer story.
H: Then we send it without the story. We decided to send it this week, with or without.
I: All right, I'll send it on {day}.`,
    `
G: {rival} has changed its prices. They are ten percent higher from January on.
H: Does that help us?
G: It helps in two of my talks.
H: Then please write a few lines about it for the others.
G: I'll post them this afternoon.`,
  ],
};

const weeklyEnd: Beat = {
  variants: [
    `
H: Anything else? No? Then we are done, thank you all.
G: That was quick.
H: Do not say it too loudly.`,
    `
H: Let me repeat the names. The import, the routing, the draft, all of them have somebody.
I: And a date.
H: And a date. Thank you, have a good week.`,
  ],
};

/** The weekly meeting of a team. */
export const weekly: readonly Beat[] = [
  weeklyStart,
  weeklyTopic,
  weeklyTopic,
  weeklyTopic,
  weeklyTopic,
  { ...weeklyTopic, chance: 0.6 },
  weeklyEnd,
];
