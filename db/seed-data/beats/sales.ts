import type { Beat } from "@/db/seed-data/beats/beat";
import { closing, opening } from "@/db/seed-data/beats/shared";

const situation: Beat = {
  variants: [
    `
H: Could you describe how a job gets from the phone to one of your {crew}?
G: Somebody calls, the office writes it down, and then it goes into {tool}. From there it depends on who has the early shift.
H: Who decides which of the {crew} takes it?
G: Usually the person who shouts loudest. We have {count} of them, so there is a lot of shouting.
H: And how do you know in the evening what was done?
G: Officially from the reports. Honestly, from the corridor.`,
    `
H: What do your {crew} look after, exactly?
G: Mostly {assets}, at about {hundreds} sites around {city}.
H: How many jobs is that in a normal week?
G: Between {low} and {high}. In winter it doubles.
H: And the planning is done with {tool}?
G: With {tool}, and in the head of one colleague who retires in two years.`,
    `
G: Let me explain what we have today. We use {tool}, and around it we have built a lot of little helpers.
H: What kind of helpers?
G: Lists, mostly. A list for parts, a list for keys, a list of the lists.
H: Who keeps them up to date?
G: Nobody does, that is the point.
H: Thank you, that is a very good description.`,
    `
H: If I stood next to your dispatcher at eight in the morning, what would I see?
G: Two phones, {tool}, a map on the wall, and a cold coffee.
K: And me, asking where everybody is.
H: How often do you ask that?
K: Twenty times a day. For {count} {crew} that is not even a lot.`,
  ],
};

const trigger: Beat = {
  variants: [
    `
H: Why do you look at this now, and not last year?
G: Last year it was annoying. This year we lost a contract because of it.
H: What happened, if I may ask?
G: The customer wanted to see when each of the {assets} had been checked. We needed nine days to answer.
H: And what would have been a good answer?
G: Nine minutes.`,
    `
H: What made you write to us?
G: We grow. Two years ago it was half as many {crew}, and everybody knew everybody.
H: And today?
G: Today I met a colleague at the coffee machine and asked her who she came to visit.
H: So what worked with twenty people does not work with {count}.
G: Exactly.`,
    `
G: To be honest, it was an audit. They asked for the service records of the {assets}, and we printed for a week.
H: Did you pass?
G: We did, with four remarks. I do not want to do that again.
H: When is the next one?
G: In eight months. That is my deadline, in a way.`,
    `
H: Is there a date that drives this?
G: I promised our board that {tool} will be history by spring.
K: That promise is two years old.
G: This year I have a budget, though.
H: That changes things.`,
  ],
};

const cost: Beat = {
  variants: [
    `
H: Do you know what the wasted trips cost you?
G: I have a guess. About {pct} percent of the visits are for nothing, because a part is missing or nobody is there.
H: And what is one visit worth?
G: One hundred and thirty, with the van and the wages.
H: Then it is a number that your finance people should see.
G: I did the sum on a train once. I did not like it.`,
    `
H: When something goes wrong, what is the most expensive part of it?
G: The second visit. The first one is planned, the second one is always urgent.
H: How often does that happen?
G: With {assets}, I would say at every fifth job.
H: What would it mean to bring that down to every tenth?
G: Two people fewer on call at the weekend. They would send you flowers.`,
    `
G: You know what really costs us? The time between the job and the invoice.
H: How long is it today?
G: Three weeks. The reports arrive late, and then somebody corrects them.
H: And if it were three days?
G: Then our controller would marry you.
H: I will put that into the offer.`,
    `
H: What do your customers complain about most?
G: That they do not know when we come. We say between eight and four.
H: And what do they want?
G: An hour. Anything shorter would be a miracle to them.
K: We lose tenders with that, it is a real point in the scoring.
H: That is worth writing down.`,
  ],
};

const show: Beat = {
  variants: [
    `
H: May I show you something for two minutes? This is the board. Every line is one of your {crew}.
G: And the colours?
H: Green is on the way, blue is working, grey is a break. Yellow means that the job will be late.
G: How does it know that it will be late?
H: It compares the usual time for such a job with what is left of the day.
G: That is clever. We find out when the customer calls.`,
    `
H: This is the app. I open a job on one of the {assets}, and I see its whole history.
G: The photos as well?
H: The photos, the parts, and the remark that somebody wrote in March.
K: Does that work in a cellar?
H: It works without a signal, and it sends everything later.
K: Then it is better than my telephone.`,
    `
H: Let me share my screen. A customer reports a fault here, on this page, and it becomes a job.
G: Without anybody typing?
H: Without anybody typing. Your office only checks it.
G: Can they attach a picture?
H: Yes, and most people do.
G: Half of our calls are somebody describing a picture to us.`,
    `
H: I would like to show you the planning of regular visits, because you mentioned the audit.
G: Please.
H: You say twice a year, and here are the next six months. It puts visits that are close to each other on the same day.
G: And if one of the {crew} is ill?
H: You drag their day to the others, and it shows who has the skills for it.
G: I could watch this for an hour.`,
  ],
};

const objection: Beat = {
  variants: [
    `
G: What worries me is the switch. We have everything in {tool}, for better or worse.
H: How much of it do you need on the first day?
G: The open jobs and the addresses. The history could come later.
H: Then it is an import of two files, and we do it together in an afternoon.
G: That sounds too easy.
H: The import is easy. The habit is the hard part, and we should talk about that one.`,
    `
K: Can it talk to our accounting? I will not type invoices twice.
H: There is an API, and most of our customers connect their accounting in the first month.
K: Who does that? We have one developer, and he is on holiday until {day}.
H: He needs two days. I can send you an example that reads the closed jobs.
K: Good, please do.`,
    `
G: My {crew} will say that we want to spy on them.
H: Some will. What would you like to know about where they are?
G: Nothing, in fact. I want to know when the job is done.
H: Then switch the location off. The board works without it.
G: I can say that in writing?
H: You can. We have a text for it that other works councils have accepted.`,
    `
G: Is it possible to begin small? I cannot train {count} people at once.
H: Nobody should. Five people for four weeks, and then we decide.
G: Which five?
H: Two who love it, two who hate it, and one who does not care.
G: I know exactly who they are.`,
    `
K: What about the price? I looked at your page, and it says forty-nine.
H: That is the list price for the Max plan. For {count} people we look at it together.
K: We pay next to nothing for {tool} today.
H: You do. The question is what {tool} costs you in trips.
K: Fair enough, let's calculate it once.`,
  ],
};

const rival: Beat = {
  chance: 0.6,
  variants: [
    `
H: Are you looking at anybody else?
G: We had a demo from {rival} two weeks ago.
H: What did you like?
G: The map was beautiful. But they could not tell me how it works without a signal.
H: That is a good question to ask all of us.`,
    `
G: I should tell you that {rival} is in the race as well.
H: Thank you for saying it. What will decide it for you?
G: Who is still there after the contract is signed.
H: Then please speak to two of our customers, and choose them yourself from the list.`,
    `
K: We tested {rival} last year. The {crew} stopped using it after a month.
H: Do you know why?
K: Too many fields. They felt that they work for the system.
H: Then we should count the fields before we do anything else.`,
    `
G: {rival} offered us the first half year for free.
H: That is generous. What comes after the half year?
G: A contract over three years.
H: Then I would compare the three years, and not the half.`,
  ],
};

const decision: Beat = {
  variants: [
    `
H: Who else has to be convinced at {company}?
G: Our managing director signs. She trusts me, but she wants to see one number.
H: Which number?
G: How many visits we save. Everything else is decoration.
H: Then the pilot should measure exactly that.
G: Agreed.`,
    `
H: Is there a budget?
G: There is one for the coming year, around forty thousand.
H: And who would have to release it?
G: Finance, at the end of the month. If the paper is on the table by then, it is quick.
H: That gives us a date.`,
    `
G: If it was only me, I would say yes today.
H: And who is not only you?
G: {guest2}, for example.
K: I want to see the contract first. And where the data is stored.
H: The data stays in the European Union, and you get both documents from me.
K: Then I am easy to please.`,
    `
H: What would make you say no?
G: If it takes more than one day to train people.
H: It takes two hours for the {crew} and one day for the office.
G: Then I do not see a reason to say no.
H: Let's find one in the pilot.`,
  ],
};

const nextSteps: Beat = {
  variants: [
    `
H: Then I suggest this. I'll send you the pilot plan by {day}, with five people and four weeks.
G: Good. I will talk to the team leads tomorrow.
H: Could you send me a list of the job types before that?
G: Yes, I'll send it by the end of the week.
H: Then we agreed on a pilot with five people.`,
    `
G: What happens next?
H: I will prepare an offer for {count} people and send it by {day}.
G: With the option to begin with a part of them, please.
H: Sure. And could you ask your IT department for the questions on security?
G: I'll ask them tomorrow.`,
    `
H: Let's go with the small pilot, then. I'll set up the workspace by {day}.
G: I will find two sites for it.
H: {guest}, please send me a list of your {assets} next week.
G: I will. It is not pretty.
H: They never are.`,
    `
K: Can you send us the documents?
H: I'll send the security overview and the contract today.
G: And I need to talk to our works council on {day}.
H: I will add the text about the location, so that you have it with you.
G: Thank you. Then we decided to meet again in two weeks.`,
    `
H: I would like to show this to your dispatcher. Could you bring her next time?
G: Sure. She will ask harder questions than I do.
H: I will send the invitation for {day} after this call.
G: And I'll send you last month's numbers by tomorrow.
H: Perfect, then we calculate with real ones.`,
  ],
};

const questions: Beat = {
  variants: [
    `
G: How many customers do you have in our industry?
H: With {assets}, about thirty. With everything that has to be repaired somewhere, four hundred.
G: Is there one that I could call?
H: Yes. I ask them first, and then I introduce you.`,
    `
G: What happens when your system is down?
H: The app keeps the day, so the {crew} do not notice it. The office sees a page that tells the truth.
G: When was the last time?
H: Five weeks ago, for the parts module, and it was our fault.
G: Thank you for not saying never.`,
    `
K: Can we get our data out, if we leave?
H: All of it, as files, and every day through the API if you want.
K: And you delete it afterwards?
H: After thirty days, with a letter that says so.
K: Good.`,
    `
G: In which languages is the app?
H: In eleven. Every person chooses their own.
G: We have Polish and Romanian colleagues, and the reports should still be in one language.
H: The forms are translated, and free text stays as it was written.
G: That is good enough for me.`,
  ],
};

/** A first conversation with a possible customer. */
export const salesCall: readonly Beat[] = [
  opening,
  situation,
  trigger,
  cost,
  show,
  objection,
  { ...questions, chance: 0.7 },
  rival,
  decision,
  nextSteps,
  closing,
];

const demoStart: Beat = {
  variants: [
    `
H: You asked to see three things, the board, the app and the reports. Shall we take them in that order?
G: The app first, please. If the {crew} do not like it, the rest does not matter.
H: Very wise. Then I am one of your {crew} for the next ten minutes.`,
    `
H: I have loaded two weeks of invented jobs for {company}, so that it looks like home.
G: I recognise our sites. Where did you get them?
H: From your own web page.
G: That is nice. Please go on.`,
    `
H: {host2} will drive, and I will explain.
I: If I click too fast, just shout.
G: We will.
H: This is seven thirty on a Monday morning. Four people are ill.
G: That is realistic.`,
  ],
};

const demoDetail: Beat = {
  variants: [
    `
G: Can I decide which of the {crew} may do which job?
H: Yes, with skills. A job on {assets} needs the right certificate, and the board knows until when it is valid.
G: And after that date?
H: It does not offer that person any more, and it reminds both of you four weeks before.
G: We had a fine because of that once.`,
    `
K: What does the customer see?
H: A link with the time of arrival and a name. No login, no app.
K: And afterwards?
H: The report as a document, with the photos that you release.
K: Our customers would fall off their chairs.`,
    `
G: How do I find something that happened two years ago?
H: You type what you remember. A street, a serial number, a word from the report.
G: Let me try. The Christmas market.
H: Here. December, one of the {assets} behind the town hall, repaired by candle light.
G: You made that up.
H: I did, but the search is real.`,
    `
G: Show me how somebody changes the plan at noon.
H: I take this job and drag it here. Both phones have it now.
G: Does it ask the person?
H: It tells them, and they can say no with a reason.
G: The reason will be interesting to read.`,
    `
K: Can the reports be sent to our warehouse?
H: There is a public API. You make a key in the settings, and the numbers of yesterday are there in the morning.
K: As JSON?
H: As JSON, with pages and filters.
K: Good, then I can build the rest.`,
  ],
};

const demoVerdict: Beat = {
  variants: [
    `
H: What did you miss?
G: Honestly, not much. I would like to see it with our own {assets}.
H: That is the next step anyway.
G: And with somebody who cannot stand computers.
H: Please bring that person. I mean it.`,
    `
H: On a scale from one to ten, how well does it fit?
G: An eight. It would be a nine with our own forms in it.
H: And what would be a ten?
G: A ten does not exist in {city}.
H: Then I am happy with an eight.`,
    `
G: My feeling is that it does more than we need.
H: What would you leave out?
G: The parts, at the beginning. And the customer page.
H: Both can be switched off, and then they are really gone from the screen.
G: Good. Less is better for the start.`,
  ],
};

/** A guided look at the product. */
export const productDemo: readonly Beat[] = [
  opening,
  demoStart,
  show,
  demoDetail,
  demoDetail,
  objection,
  demoDetail,
  rival,
  demoVerdict,
  nextSteps,
  closing,
];
