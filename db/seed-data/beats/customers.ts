import type { Beat } from "@/db/seed-data/beats/beat";
import { closing, opening } from "@/db/seed-data/beats/shared";

const numbers: Beat = {
  variants: [
    `
H: Let me begin with the numbers. You closed {high} jobs in the last four weeks, with {count} {crew}.
G: Is that more or less than before?
H: Six percent more, with the same people.
G: Then it is the second visits. We have fewer of them, I can feel it.
H: You can see it as well, they went down by {pct} percent.`,
    `
H: The picture of the quarter is mixed, and I would rather show you both halves.
G: Please, the bad one first.
H: {low} jobs were late. Most of them on Mondays, most of them in the north.
G: Mondays are when the weekend falls on our heads.
H: The good half is that the invoices go out after four days now. It was eleven in spring.
G: Finance has noticed, they even wrote me an e-mail.`,
    `
G: How do we compare with others of our size?
H: In first visits you are in the upper third. In reports with photos you are at the bottom.
G: Because my {crew} think that a photo is a confession.
H: What if the photo saved them a phone call?
G: That might work. Nobody likes my phone calls.`,
    `
H: May I show you one chart? This is the time between the call and the arrival, for each week.
G: There is a bump in the middle.
H: That is the week in which three people were ill.
K: And the week of the storm.
H: Without that week you are at fifty-two minutes, and the goal was sixty.
G: Then I would like to show this to our board.`,
  ],
};

const trouble: Beat = {
  variants: [
    `
G: There is one thing that annoys my people. The app asks them to sign in again every morning.
H: That is a setting, it was made for shared tablets. Do you share them?
G: No, everybody has their own.
H: Then I will switch it to thirty days. Done.
G: Was it that simple? We have complained to each other for months.
H: Next time, please complain to me.`,
    `
K: The export to our books was wrong twice. It rounded the hours up.
H: Which report is that?
K: The monthly one. Seven and a half became eight.
H: That should not happen. I'll look into it today and call you tomorrow.
K: Thank you. It was not much money, but I had to explain it.`,
    `
G: The new ones do not know the half of it. We hired nine {crew} since summer.
H: When did they get their training?
G: They sat next to somebody for a day.
H: I can do an hour online for them, every second week.
G: An hour is fine. After four o'clock, please, when they are back.`,
    `
G: Can I be frank? Parts are still a mess.
H: Please.
G: The list in the van says four, and there are two. So people order by telephone again.
H: When was the last count?
G: I would have to look. In August?
H: Then the numbers cannot be right. A short count on Friday would bring them back.
G: On Friday everybody wants to go home. But I hear you.`,
    `
G: We had the case again that two people were sent to the same site.
H: Do you have the date? Then I can look at the history of the job.
G: Last Tuesday, in the afternoon.
H: I see it. One of them was added by hand, and the warning was clicked away.
G: By whom?
H: By a user with the name Dispatch. You share that login, and you should not.
G: Point taken.`,
  ],
};

const wish: Beat = {
  chance: 0.8,
  variants: [
    `
G: My wish for the next months is the customer page. They should see when we come.
H: It comes in January. I can put you on the list for the beta.
G: With pleasure.
H: Then let's do that. You will have to live with small faults.
G: We live with {assets}, we are used to faults.`,
    `
K: I would love to have a report about guarantees. Who pays, we or the maker?
H: Do you record that in the jobs?
K: There is a field, and nobody fills it.
H: If we make it required for {assets}, you have the report in a month.
K: Let's go with that.`,
    `
G: Can the planning learn how long somebody really needs? New people need longer.
H: It can take the average of each person, if your works council agrees.
G: It will not.
H: Then it can take the average of the job type for people in their first year. That is not personal.
G: That would be enough for me.`,
    `
G: I heard that others read the data with the API. What do they do with it?
H: Mostly two things. They put the hours into payroll, and they show open jobs on a screen in the hall.
G: The screen I like.
K: I can build the screen, if I get a key.
H: An admin of yours can make one in the settings, it takes a minute.`,
  ],
};

const future: Beat = {
  variants: [
    `
H: Your contract runs until the end of March. How do you see it today?
G: We stay. I would only like to talk about the number of people.
H: How many will it be?
G: We are {count} now, and it will be ten more in summer.
H: Then I'll send you an offer by {day}, and you can add people later without a new contract.`,
    `
G: In spring we take over a company with forty people. They use {rival}.
H: Congratulations. Do they know that they will change?
G: They suspect it.
H: We moved another customer away from {rival} in five weeks. I can prepare a plan for you.
G: Please do, but do not write to them yet.
H: Understood. I'll send it to you alone by {day}.`,
    `
H: What are your plans for the next year?
G: We want to offer a contract with guaranteed arrival times.
H: Which time would you promise?
G: Ninety minutes in the city, and three hours outside.
H: With your numbers you would have kept it in nine of ten cases.
G: Then we know what to work on.`,
    `
H: Is there anything that would make you leave?
G: If support became a robot. I like that somebody knows my name when I call.
H: So do we. I'll pass that on to the team.
G: Please do.`,
  ],
};

const reviewSteps: Beat = {
  variants: [
    `
H: Let me repeat what I have. I'll send the numbers for each region by {day}.
G: And I will talk to the team leads about the photos.
H: We agreed that the photo becomes required for guarantee cases only.
G: Yes, that is right.`,
    `
H: I will plan the training for the new people by the end of the week.
G: I'll send you their names tomorrow.
H: Then let's meet again in four weeks.
G: Agreed, same time.`,
    `
G: Could you send me the slides today? I need two of them for our board.
H: I'll send them right after this.
G: Thank you. And I will ask finance about the rounding by {day}.
H: Then we decided to leave the export as it is until you know more.`,
    `
H: {guest}, can you check the list of licences before Friday? There are six that nobody uses.
G: Sure, I will go through it.
H: I'll update the contract next week, when I have your list.
G: That sounds good.`,
    `
G: So what do you need from us?
H: Two hours of somebody who knows the parts, next {day}.
G: You can have our warehouse man. I'll ask him tomorrow.
H: And I will prepare the count together with him.
G: Then we are doing the count before the end of the month.`,
  ],
};

/** A review with a customer, at the end of a quarter. */
export const quarterlyReview: readonly Beat[] = [
  opening,
  numbers,
  numbers,
  trouble,
  wish,
  trouble,
  future,
  wish,
  future,
  reviewSteps,
  closing,
];

/** The regular talk with a customer. */
export const checkIn: readonly Beat[] = [
  opening,
  trouble,
  { ...numbers, chance: 0.6 },
  wish,
  { ...future, chance: 0.5 },
  reviewSteps,
  closing,
];

const onboardingScope: Beat = {
  variants: [
    `
H: Today I would like to fix three things, the regions, the data and the people.
G: The regions are easy. We begin with {city}, because I can walk there.
H: How many {crew} is that?
G: Twelve of the {count}.
H: A good number. Let's go with {city} then.`,
    `
H: What has to work on the first day?
G: The jobs of the day, and the report. Everything else can come later.
H: And what must not happen on the first day?
G: That somebody stands in front of one of the {assets} and does not know what to do.
H: Then we print the first day, just in case. It is a kind of insurance.`,
  ],
};

const onboardingData: Beat = {
  variants: [
    `
H: I looked at the file that you sent. There are {high} addresses, and about a tenth are doubles.
G: Only a tenth? I expected worse.
H: I mark them, and somebody of yours decides.
K: That will be me. I know all of them by heart.
H: Then it will take you an afternoon.`,
    `
G: What do we do with the history? There are twelve years of it.
H: We import the last three years, and keep the rest as files that you can search.
G: Is that what others do?
H: Nearly all of them. Nobody has asked for year eleven so far.
G: Agreed.`,
    `
K: The serial numbers are a problem. Half of the {assets} have none in the list.
H: Then the {crew} add them on their next visit, with a photo of the plate.
K: That takes a year.
H: It does. But after that it stays right.
K: Okay, I can live with a year.`,
  ],
};

const onboardingPeople: Beat = {
  variants: [
    `
H: Who are the people that the others ask, when something is new?
G: There is Bert, he is against everything. And there is Anouk, she is curious.
H: I would like to train both of them first.
G: Bert as well?
H: Bert most of all. When Bert says that it is all right, it is all right.`,
    `
H: How do we tell the {crew}?
G: I wanted to write an e-mail.
H: Do they read e-mails?
G: No.
H: Then I would come by at seven in the morning, with breakfast.
G: That they will read.`,
  ],
};

const onboardingSteps: Beat = {
  variants: [
    `
H: I'll share the project plan by {day}.
G: And I will book the room for the training tomorrow.
H: {guest}, please send me the names of the first twelve people by the end of the week.
G: You will have them.`,
    `
H: I will import the addresses by {day}, and you check fifty of them.
K: I'll check them next week.
H: We decided to start on the first Monday of the month, if the fifty are fine.
G: Yes, that is decided.`,
    `
G: I need to talk to our IT about the tablets. I'll do that tomorrow.
H: Thank you. I'll set up the single sign-on with them next {day}.
G: They need two days' notice.
H: Then I will write to them today.`,
  ],
};

/** The first weeks of a customer. */
export const onboarding: readonly Beat[] = [
  opening,
  onboardingScope,
  onboardingData,
  onboardingPeople,
  onboardingData,
  { ...wish, chance: 0.4 },
  onboardingSteps,
  closing,
];

const supportStart: Beat = {
  variants: [
    `
H: Support, this is {host}. I have your ticket open, {guest}. Tell me what you see.
G: Since this morning the board is empty for one of our teams. The other teams are fine.
H: Is it empty for everybody, or only for you?
G: For everybody. I asked three people.
H: Thank you for checking, that helps a lot.`,
    `
H: Hello {guest}, this is {host} from support. You wrote that reports arrive twice.
G: Yes, since Monday. Some {crew} send one report, and we get two.
H: The same one, or are they different?
G: The same, with two numbers.
H: I see one here. Let me look at the times.`,
    `
G: Hello {host}. It is about the photos again. They do not show up in the report.
H: All photos, or those of one person?
G: Of two people, both with a new phone.
H: New phones, all right. Which model is it?
G: The large one with three cameras. I can never remember the name.`,
    `
H: Hello, you have reached {host}. How can I help?
G: One of my {crew} cannot sign in. He says that his password is right, and I believe him, because it is on a yellow note.
H: We will have to talk about the note later. What does the screen say exactly?
G: That the account is not active.
H: That is good, it means that it is not the password.`,
  ],
};

const supportSearch: Beat = {
  variants: [
    `
H: I can see that somebody changed a filter yesterday at five. It hides jobs without a region.
G: That was me. I wanted to clean it up before going home.
H: It happens. If I take it out, they should come back. Can you reload the page?
G: Yes, there they are. All of them.
H: Nothing was lost, they were only hidden.
G: I am so sorry for the noise.`,
    `
H: It is the same second for both of them. So the phone sent it twice.
G: Is that possible?
H: When the signal breaks in the very moment of sending, yes. We should notice it on our side, and we did not.
G: So it is not my people.
H: No, it is us. Version nine point one fixes it, and it comes out on {day}.
G: What do I do until then?
H: Nothing. I will remove the doubles every evening.`,
    `
H: Those phones save photos in a new format. The app can send it, but the report cannot show it.
G: Can they change the phone?
H: They can, under camera, formats, most compatible. It takes ten seconds.
G: I'll tell them.
H: And we will convert them by ourselves from the next version on.`,
    `
H: His seat was taken away on Friday, when somebody new came in.
G: Because we have {count} seats, and now we are one more.
H: Exactly. There are two people on the list who have not signed in since June.
G: Who?
H: I'd rather send you the names than say them in a call.
G: That is fair. Then take the seat of one of those two, please.
H: You can do that yourself in the members page, and I will stay on the line.`,
    `
H: Could you open the page with the waiting devices?
G: I have it. There are three tablets in red.
H: Those three have not talked to us since yesterday. Are they together somewhere?
G: Yes, they are all in the harbour hall. There is no network there today.
H: Then we know. As soon as they come out, everything is sent.
G: I should have thought of that.
H: That is what we are here for.`,
  ],
};

const supportPrevent: Beat = {
  variants: [
    `
G: How can I make sure that it does not happen again?
H: You can lock filters, so that only admins change them.
G: Please do that for us.
H: I would rather show you where it is, then you can do it any time.
G: Even better.`,
    `
G: Will I be told when this is fixed for good?
H: Yes. I keep the ticket open, and it sends you a mail with the version.
G: Thank you. The last vendor just closed tickets.
H: We close them when you say so.`,
    `
H: May I suggest something? You could get an e-mail when a device is silent for a day.
G: Every day?
H: Only when there is something to say.
G: Then yes, please. For me and for my deputy.
H: It is switched on now.`,
    `
G: Could you write that down for my colleagues? They will ask me the same thing.
H: I'll write a short page with pictures and send it to you tomorrow.
G: You are a treasure.`,
  ],
};

const supportSteps: Beat = {
  variants: [
    `
H: I'll call you tomorrow at ten to see whether it is still fine.
G: Please do. And I will tell the {crew} today.
H: Thank you for your patience.`,
    `
H: I will write it all into the ticket, with the steps.
G: And I'll send you the serial numbers by {day}.
H: Perfect. Then I can check the others as well.`,
    `
G: What do you need from me?
H: A list of the phones, if you have one. Could you send it this week?
G: I'll send it tomorrow.
H: Then I will look at all of them before {day}.`,
    `
H: Let's go with the workaround until {day}, and then you update.
G: Agreed.
H: I will remind you one day before.`,
  ],
};

/** A customer with a problem. */
export const supportCall: readonly Beat[] = [
  supportStart,
  supportSearch,
  { ...trouble, chance: 0.35 },
  supportPrevent,
  supportSteps,
  closing,
];

const interviewDay: Beat = {
  variants: [
    `
H: Tell me about yesterday, from the first minute on.
G: I came in at half past six. The first thing I do is to look at who is ill.
H: Where do you look?
G: In three places. The phone, the e-mail, and a piece of paper on the door.
H: Which of them is right?
G: The paper.`,
    `
H: When did you last swear at our product? Please be honest.
G: This morning. I searched for a job, and it found the one of last year.
H: What did you type?
G: The name of the street. I always type the street.
H: And what did you expect?
G: The one of today, obviously.`,
  ],
};

const interviewDeep: Beat = {
  variants: [
    `
H: What do you do when the plan breaks?
G: I print it.
H: You print it?
G: On paper I can draw. When I have a solution, I put it back into the computer.
H: Could I see one of those drawings?
G: They are in the bin, but I can make you a new one tomorrow, I am sure.`,
    `
H: If you had to give up one part of it, which one would it be?
G: The statistics. I never look at them.
H: And what would you fight for?
G: The little line that says who was there the last time. I look at that for every job.
H: That is interesting, it was a side project of two days.
G: Then do more side projects.`,
    `
H: How do new people learn from you?
G: They sit beside me for two weeks, and they ask why. After two weeks they stop asking.
H: Do they know it then?
G: No, but they have stopped asking.
H: What is the hardest thing to explain?
G: Why I do not send the nearest person. The nearest one is not always the right one.`,
    `
H: What do you write down by hand?
G: Telephone numbers of people who are nice. And which dog is not.
H: Is there a place for that in the app?
G: There is a remark, but the customer could see it.
H: So a remark that only colleagues can see.
G: Yes. With a picture of a dog.`,
  ],
};

const interviewSteps: Beat = {
  variants: [
    `
H: That was very rich, thank you. I'll send you a sketch next week.
G: I would like to see it. I will show it to the early shift.
H: Please do, and tell me what they laugh about.`,
    `
H: May I come by and sit next to you for a morning?
G: Sure. Bring good shoes. {day} is a good day.
H: Then I will come next {day}.
G: I'll tell the gate.`,
  ],
};

/** Product people listening to somebody who uses the product. */
export const interview: readonly Beat[] = [
  opening,
  interviewDay,
  interviewDeep,
  interviewDeep,
  interviewDeep,
  wish,
  interviewSteps,
  closing,
];
