import type { Conversation } from "@/db/seed-data/conversations/conversation";

export const salesConversations: readonly Conversation[] = [
  {
    title: "Sales Call - Northwind Traders",
    kind: "sales_call",
    account: "northwind",
    daysAgo: 8,
    text: `
lena: Hello Elena, hello Daniel, can you hear me all right?
elena: Loud and clear. Sorry that we are late, the previous meeting would not end.
lena: No problem at all. I have forty minutes, and I would love to spend most of them listening. Could you tell me how a normal day in maintenance looks at Northwind?
elena: Sure. We run eleven warehouses, and every one of them has between six and twenty cold rooms. If one of them warms up, we throw food away. So everything is urgent, all the time.
lena: And how do your technicians find out where they have to go?
elena: Grace keeps a shared spreadsheet. In the morning she sends everybody a picture of their part of it.
lena: A picture?
elena: A screenshot, in a chat. I know how that sounds.
daniel: It works until something changes at ten o'clock. Then there are three versions of the truth.
lena: What happens when something changes at ten o'clock?
elena: Grace calls people. On a bad day she makes about sixty calls. Last Tuesday two technicians drove to the same site, and nobody went to the other one.
lena: What did that cost you?
elena: One cold room full of dairy. Roughly eight thousand euros, and an unhappy customer on top.
lena: That is painful. Is that a rare event or does it happen every month?
elena: Once or twice a month something is spoiled. Not always that much, but I would say forty thousand a year.
lena: Thank you, that number helps. How do the technicians write down what they did?
daniel: On paper, and then somebody in the office types it in. We measured it once, it takes three days until a job is closed.
elena: And in an inspection we have to show the temperature record of every repair. We dread inspections.
lena: Let me show you one screen, because it fits what you just said. This is the dispatch board. Every row is a technician, every block is a job, and when Grace drags a job to somebody else both phones change within a second.
elena: And if the technician is inside a cold room without a signal?
lena: The app works offline. It shows the jobs of the whole day, and it sends the report as soon as there is a signal again.
daniel: What happens when two people change the same job offline?
lena: Good question. The office wins for the schedule and the technician wins for the report, and the other version is kept so that nobody loses anything.
daniel: Okay, that is a sensible rule.
elena: I like the board. Grace would cry with joy. What about the temperature records?
lena: You attach a form to the job type. The job cannot be closed without a reading, and the inspection report is one click.
elena: We also looked at FieldPilot in the spring, by the way.
lena: What did you like about FieldPilot, and what stopped you?
elena: It looked nice. But the offline part needed a second licence, and they wanted a three year contract.
lena: We do not do either of those. The offline app is part of every plan and the contract runs for one year.
daniel: From my side there are two things. We use single sign-on for everything, and I need to know where the data is stored.
lena: Single sign-on is part of the Enterprise plan, and the data stays in the European Union. I'll send you the security overview by tomorrow.
daniel: Perfect. And can we get the jobs out again? I want them in our data warehouse.
lena: Yes, there is a public API and you can read everything with a key. Daniel, can you tell me which system the warehouse runs on before Friday? Then I can bring an example.
daniel: Will do. It is nothing exotic.
lena: Let's talk about money for a moment. Is there a budget for this year?
elena: There is a budget for cold chain safety, about sixty thousand. If you can show me that we spoil less, the money is there.
lena: Who else has to agree?
elena: Our managing director signs, and the works council has to see it because of the location data.
lena: We have a short document for works councils that other customers have used. I will add it to the e-mail tomorrow.
elena: That would save me weeks.
lena: Then I suggest the following. We run a pilot in two warehouses for four weeks, with your real jobs.
elena: Let's go with the two warehouses in Hamburg. Grace sits there, and the teams are open to it.
lena: Agreed, Hamburg it is. I will prepare the pilot plan by next Wednesday, and we go through it together.
elena: I need to talk to the works council on Monday. I'll let you know how it went.
daniel: How many people do you need from IT?
lena: Two hours of you in the first week, and then nothing, ideally.
daniel: That is the best answer I have heard this year.
lena: Wonderful. Thank you both, this was really clear. You will have my e-mail tomorrow before noon.
elena: Thank you, Lena. Talk next week.
`,
  },
  {
    title: "Product Demo - Harborline Facilities",
    kind: "demo",
    account: "harborline",
    daysAgo: 13,
    text: `
lena: Good morning Claire, good morning Omar. Sofia from our product team is with me today, because you had some questions that I could not answer.
sofia: Hello. I am the person to blame for the reports, so be gentle.
claire: Good morning. We have read your proposal, and we are curious.
omar: I am curious about one thing mostly. We use FieldPilot today, and every engineer hates the mobile app. I do not want to change systems and hear the same complaints.
lena: What exactly do they hate?
omar: It takes eleven taps to close a job. I counted. And photos upload only on a wireless network.
sofia: Eleven is a lot. May I share my screen and close a job for you?
omar: Please.
sofia: So this is the app as an engineer sees it. Here is the air handling unit in the hospital basement. I scan the code on the unit, the checklist opens, I tick what I did, I take a photo, I sign. That is it.
omar: That was five.
sofia: Four, the scan opens the job by itself. And the photo is uploaded later if there is no signal.
claire: Can the checklist be different for each client? We have forty clients, and every one of them wants something special.
sofia: Yes. A checklist belongs to a client, a site or a type of equipment, and the most specific one wins.
omar: Who maintains them? In FieldPilot we have to pay for every change.
sofia: You do it yourself, in this editor. There is a draft and a published version, so nobody breaks the running jobs.
claire: That alone would save us a few thousand a year.
lena: How much do you pay for changes today?
claire: Ruth would know exactly, but it was around six thousand last year.
omar: What about preventive maintenance? Our contracts say four visits a year for each unit.
sofia: You set the interval once. The visits are planned six weeks ahead, and the board groups those that are close to each other.
omar: By distance or by driving time?
sofia: By driving time, at the usual traffic of that hour.
claire: One of our clients is a court building, and engineers without clearance must not be sent there. Can the system know that?
sofia: Yes, that is a skill on the engineer and a requirement on the site. The board refuses the job and says why.
omar: Refuses or warns?
sofia: It refuses, unless a dispatcher with the right role overrides it. And the override is in the audit trail.
claire: Good. In our world a warning would be clicked away.
lena: Omar, you mentioned parts in your mail. Shall we look at those?
omar: Yes. The van stock is a mystery to us. Engineers hoard filters because they are afraid of running out.
sofia: The app takes a part out of the van when it is used in a job. Every van has a minimum for each part, and the refill list is sent to the depot at night.
omar: And if somebody forgets to book a part?
sofia: Then the count is wrong, honestly. There is a two minute count at the end of the week, and most customers are at about ninety-seven percent after a month.
claire: I appreciate that you do not say one hundred.
lena: What would you have to see to make a decision?
claire: I would like to see our own data in it. And a reference from someone of our size.
lena: We can do both. I'll set up a workspace with two of your clients by Thursday, if Omar sends me an export.
omar: I can send you the export tomorrow. It is a spreadsheet with about nine hundred units.
lena: Great. And I will ask Cedar and Finch whether they would speak to you, they have sixty fitters in the field.
claire: That is the kind of company I want to hear.
claire: What about the switch itself? Our contract with FieldPilot ends on the last day of January.
lena: That is tight but possible. A normal switch takes six weeks, and two of those are training.
omar: We cannot train people in the first half of January, that is when all the frost damage comes in.
lena: Then we would train in December and run both systems side by side for two weeks.
claire: Okay, we agreed internally that January must not have a gap, so side by side is right for us.
omar: How many engineers need to be in the training?
sofia: We train ten champions for one day, and they show the others. The app is simple enough for that.
claire: Ruth from procurement will want a price for eighty engineers and six dispatchers.
lena: I'll send the quote to Ruth by Friday, with and without the parts module.
claire: With, please. Omar will not let me leave it out.
omar: Correct.
lena: Sofia, could you write down how the clearance rule works? Then Claire can show it to the court.
sofia: Sure, I will write that up by Wednesday.
claire: Excellent. Then let's meet again next Thursday at the same time, with our own data.
lena: I will send the invitation right after this call. Thank you all.
omar: Thanks. Four taps. I will tell the engineers.
`,
  },
  {
    title: "Pricing Call - Kestrel Energy",
    kind: "sales_call",
    account: "kestrel",
    daysAgo: 16,
    text: `
jonas: Hello everybody. Julian, Oscar, thank you for making time at short notice. Tom is here as well, because we will talk about terms.
tom: Hello from Berlin. I promised Jonas to be quiet until somebody says the word discount.
julian: Then you will not be quiet for long.
oscar: Let us begin there. We have two hundred installers and your list price is forty-nine a month for each of them. RouteWise has offered us thirty-six to stay.
jonas: That is a strong offer. Can I ask what made you look elsewhere in the first place?
julian: RouteWise plans routes, and it is good at that. But heat pumps are not parcels. A job takes two days, it needs two people and a crane, and half of the time the electrician was not there before us.
jonas: So the planning has to know what depends on what.
julian: Exactly. Mina calculated that every fifth visit is a wasted one.
jonas: Every fifth visit of how many?
julian: About nine hundred a week. So nearly two hundred wasted visits.
tom: And what is one of them worth?
oscar: Around one hundred and forty pounds, with wages and the van.
tom: That is twenty-eight thousand a week. I am only saying it because thirteen pounds a head is a different order of magnitude.
oscar: I know. But I also have to show that I negotiated.
tom: That is fair, and I respect it.
jonas: In the pilot, the wasted visits went from nineteen percent to eleven. I want to be careful, it was one region and five weeks.
julian: Mina believes in it. She said that the installers stopped calling the office, and that is worth more to her than the percentage.
oscar: What would you need from us for a better price?
tom: Three things can move it. The length of the contract, the number of people, and when you start.
oscar: Two years and two hundred people. We would start in February.
tom: For two years I can go to forty-three. For a start in December I could go to forty-one, because it counts for this year.
oscar: And for three years?
tom: I would rather not. Our customers should stay because it works.
julian: I like that sentence, although Oscar does not.
oscar: I like it less, yes. What about the onboarding fee? Twelve thousand looks high.
jonas: It is mostly the data import and four days of training on site. If Mina's team cleans the job types first, we need half of the days.
julian: They have begun with that already.
jonas: Then I would take half of it off.
oscar: So that would be forty-one for each installer, six thousand for onboarding, two years, with a start in December.
tom: Yes. And with the full API access, because you will want to connect your order system.
julian: That is important. Orders come from our own system, and I will not have anybody type them twice.
jonas: Your developers can use the sandbox from today. I'll send them access this afternoon.
oscar: There is one more thing. We need a service level, ninety-nine point nine, and credits if it is missed.
tom: Ninety-nine point nine is what we promise on the Enterprise plan. The credits are ten percent of the month for every started half percent.
oscar: Please send me that paragraph. Our lawyers are slow, so the earlier the better.
tom: I will send you the contract draft by Thursday.
julian: Let me say where I stand. I want this, and I want it before the winter peak. If the numbers are as you just said, I will take it to the board.
jonas: When does the board meet?
julian: On the first Monday of the month. I need a two page summary for it.
jonas: I'll write you a first version of the summary by Friday, with the numbers of the pilot.
julian: Good. Please do not polish the numbers. The board smells polish.
jonas: Understood. I will put the five weeks and the one region in the first line.
oscar: Did FieldPilot ever answer us, Julian?
julian: They did, with a price and without a pilot. We decided not to continue with FieldPilot.
oscar: Okay. Then it is between you and staying.
tom: Staying is always the hardest competitor.
oscar: I'll check the payment terms with our finance team tomorrow. Quarterly in advance is unusual for us.
tom: If quarterly is the problem, we can do monthly. It is not worth a fight.
oscar: Then we are agreed on monthly payment.
julian: Good. Oscar, can you collect the comments of legal until next Wednesday?
oscar: Yes, I will chase them.
jonas: Then we have a plan. The sandbox today, the contract on Thursday, the summary on Friday, and legal next week.
julian: Thank you, gentlemen. That was refreshingly short.
`,
  },
  {
    title: "Security Review - Tidewater Ports",
    kind: "demo",
    account: "tidewater",
    daysAgo: 24,
    text: `
jonas: Welcome Paula, welcome Henrik. Hugo runs our product team and he knows the security side far better than I do.
hugo: Good afternoon. Ask anything, and if I do not know the answer I will say so.
paula: That is a good beginning. I have twenty-two questions, but only six of them can stop the project.
hugo: Then let's start with the six.
paula: The first one is where the data is. We are critical infrastructure, so it must not leave the European Union.
hugo: It does not. The database, the files and the backups are in two data centres in Germany. Support people outside the Union cannot open customer data.
paula: Is that a rule or is it a technical barrier?
hugo: A technical barrier. Access needs a ticket from you, it is limited to one hour, and it shows up in your own audit trail.
paula: Good. The second one is single sign-on. We switch people off in one place.
hugo: Single sign-on with your own provider is there. When you remove somebody, the open sessions end at the next request.
paula: Not after an hour?
hugo: No, at the next request. We check the session in the database every time.
paula: I will want to test that.
hugo: Please do. I would be disappointed if you did not.
henrik: While we are at people, crane technicians share tablets. There are forty tablets for seventy people.
hugo: That works. They sign in with a badge and a code, and the tablet forgets everything at the end of the shift.
paula: What is stored on the tablet?
hugo: The jobs of the day and the photos that were not uploaded yet. Both are encrypted, and a lost tablet can be wiped from the office.
paula: The third question is about keys. How do your API keys work?
hugo: A key belongs to the workspace. It is shown once, we only keep a hash of it, and it can be read only or read and upload. You can revoke it and it is dead at once.
paula: Can I limit a key to one team?
hugo: Yes, you give it a role, and then it sees what that role sees.
paula: Do keys expire?
hugo: If you want. Thirty, ninety or three hundred and sixty-five days, or a date. We warn the admins a week before.
paula: All our keys will have ninety days. Henrik, please write that down.
henrik: Ninety days. Noted.
paula: The fourth one is logging. I need to know who changed what, and I need it in our own log system.
hugo: There is an audit trail with an export. A live stream into a log system does not exist today. You can poll it with the API, but that part is still in work.
paula: When will it be there?
hugo: I do not want to promise a date that I cannot keep. I will find out and tell you by next Friday.
paula: I prefer that to a date you invent. It is not a blocker if I can get a daily export.
hugo: A daily export is possible today.
paula: Then that is fine. Number five, penetration tests.
hugo: Twice a year by an outside company. You can read the summary under a confidentiality agreement.
jonas: I'll send you the agreement today, so that it is not the thing we wait for.
paula: Thank you. The last one is how you leave. What happens to our data at the end of a contract?
hugo: You export everything as files, we delete after thirty days, and you get a written confirmation. The backups are gone after another thirty-five days.
paula: That was the best answer of the six. Most vendors look at their shoes.
henrik: May I ask about something practical? Our asset register has nine thousand entries, and a third of them are wrong.
jonas: Most registers are like that. We import them with a status, so that technicians can confirm or correct an entry when they stand in front of the crane.
henrik: So that it gets better with every visit?
jonas: Exactly. After about a year it is usually clean.
henrik: I like that. We have tried to clean it twice with a project, and it never worked.
paula: I will send you the other sixteen questions as a document. Can you answer them in writing?
hugo: Yes. I'll answer them within a week of getting them.
paula: You will have them tomorrow.
henrik: And what is the next step on the business side?
jonas: I would like to show the crane checklists to two of your shift leads. Henrik, could you find two who are sceptical?
henrik: Sceptical is easy. I'll ask Joris and Wim on Monday.
jonas: Then we decided to do the test with the sceptics first. I will prepare it for the week after next.
paula: From my side it is a yes to continue. Not a yes to buy, but a yes to continue.
hugo: Thank you, Paula. That is all we can ask for today.
jonas: Thanks, both. You will have the agreement before five.
`,
  },
  {
    title: "Sales Call - Willow Senior Living",
    kind: "sales_call",
    account: "willow",
    daysAgo: 38,
    text: `
lena: Hello Agnes, hello Leo. How is Utrecht today?
agnes: Grey and wet, thank you. And you?
lena: Berlin is the same, so we are even. You wrote that you are looking for something for your caretakers. What made you write now?
agnes: A near miss, to be honest. A nurse call button in one of our houses did not work for two days. It was written in the paper log, but nobody read the log.
lena: I am glad that nothing happened. How many houses are there?
agnes: Fourteen houses and twenty-two caretakers. Some houses share one.
leo: And every house has its own paper log. If I want to know how many call buttons were repaired this year, I have to drive to fourteen places.
lena: What would you want instead?
leo: One list. And a reminder when something that is safety relevant is open for longer than four hours.
lena: Who should get the reminder?
leo: The caretaker first, then Agnes, and then the house manager.
lena: That is something we do. We call it an escalation, and you can set the steps for each type of job.
agnes: I should say that our caretakers are not computer people. The youngest is forty-eight.
lena: May I ask what phones they have?
agnes: Old ones. Some have no smartphone at all.
lena: The app needs a smartphone, that is a cost you should put on the list. Most of our customers spend about two hundred for each person.
agnes: That is more than I thought.
leo: We also do not want them to be tracked. They would leave.
lena: The location can be switched off for the whole workspace, and then it is not collected at all.
leo: Good, then we can say that in writing.
agnes: What does it cost? I am sorry to ask so early, but we are a charity.
lena: It is a fair question. The Plus plan is twenty-nine for each caretaker and month, so about six hundred and forty a month for all of you.
agnes: We have four hundred. That was decided last week by the board, and I cannot change it before spring.
lena: Thank you for telling me. I would rather know now than in three meetings.
leo: Is there something smaller?
lena: There is the Solo plan, but it is made for one person, and it has no escalation. It would not solve your problem.
agnes: I appreciate that. Others would have sold it to us.
leo: FieldPilot told us that we could begin with five people.
lena: You could do that with us as well. Five caretakers in three houses would be inside the four hundred, and you would learn whether it works.
agnes: Which five, though? The houses that need it most have the oldest logs.
lena: I would take the house with the near miss, and two that are close to it.
agnes: That is the Linden house. And the two by the river.
leo: The river houses share a caretaker, so that would be four people.
lena: Then you have one free place, which could be yours, Agnes. You would see everything on your own phone.
agnes: I am not sure that I want that. But yes, I probably should.
lena: Let me make a suggestion. I'll send you an offer for five people by Thursday, with the phones as a separate line.
agnes: Please do. I need to show it to the treasurer, she is away until the first of the month.
lena: That is fine, there is no hurry from our side.
leo: Could you also send the text about the location? The staff council will ask for it first.
lena: I'll attach the text to the offer.
leo: Thank you. And is there a way to import the old logs? Some go back to 2015.
lena: Honestly, I would not. Photograph them, keep them for the insurance, and start clean.
agnes: That is a relief. I had already seen myself typing all winter.
lena: Nobody should do that.
agnes: I have to be open with you, Lena. If the treasurer says no, it will be next year.
lena: Then it is next year, and we talk again in spring. The near miss is the thing to solve until then.
agnes: What would you do about that, without us?
lena: I would put one shared phone number on every log, and somebody reads it out at nine every morning. It costs nothing.
leo: That is so simple that it hurts.
agnes: We will do that from Monday. Thank you, really.
lena: You are welcome. Leo, can you send me the list of houses with the number of call points?
leo: Sure, I'll send it tomorrow.
lena: Perfect. Then I wish you a quiet week.
agnes: You too. Goodbye.
`,
  },
];
