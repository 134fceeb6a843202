import type { Conversation } from "@/db/seed-data/conversations/conversation";

export const colleagueConversations: readonly Conversation[] = [
  {
    title: "1:1 Tom / Lena",
    kind: "one_on_one",
    account: null,
    daysAgo: 5,
    text: `
tom: Hey Lena. How are you, really?
lena: Good, a bit short of sleep. My sister had her baby on Sunday.
tom: Oh, congratulations! Is everybody well?
lena: Everybody is well and very loud. But let's talk about work, otherwise I show you forty photos.
tom: Show me two at the end. What is on your mind?
lena: Northwind. I think it is real. They have a budget, they have a number for what goes wrong, and Elena wants it.
tom: What could stop it?
lena: The works council, because of the location data. And Daniel, if the single sign-on turns out to be a problem.
tom: Have you asked Hugo for the works council document?
lena: I have the old version. I need to ask him for the new one.
tom: I'll get it from Hugo today, I see him at lunch anyway.
lena: Thanks, that helps.
tom: And Harborline?
lena: Harborline is more complicated. They like the product, but the switch has to happen in the frost season. I worry that we promise too much.
tom: What would you do if nobody put pressure on you?
lena: I would start with twenty engineers in December, and the rest in March.
tom: Then propose that. I would rather have a smaller deal that works.
lena: Claire wants no gap in January, though. With twenty people there is a gap for the other sixty.
tom: Unless FieldPilot lets them extend by two months. Has anybody asked?
lena: No. I will ask Claire tomorrow.
tom: Good. It is a boring answer, but often it is only a signature.
lena: True.
tom: Your forecast says one hundred and forty for the quarter. How sure are you?
lena: Ninety is safe. Northwind could be another thirty, and Harborline will not be in this quarter, if I am honest.
tom: Then let's take Harborline out of the quarter. I prefer a number that I can defend.
lena: Okay. I'll update the forecast today.
tom: How is the new discovery script? I listened to the Northwind call, by the way.
lena: And?
tom: You asked what it cost, and then you were silent. For nine seconds. That was perfect.
lena: It felt like nine minutes.
tom: That is how it has to feel. One thing, though. You showed the board after eight minutes, and they had not finished with the inspections.
lena: I know. I got excited, because it fitted so well.
tom: It did fit. Next time write it down and come back to it.
lena: Will do.
tom: What about Willow? Is that still alive?
lena: It is asleep until spring. They have four hundred a month and not more. I told them what to do without us.
tom: I saw that. It was the right thing, and I bet they come back.
lena: I hope so, I like them.
tom: Something else. I would like you to show the new people how you prepare a demo. Half an hour, nothing fancy.
lena: Me? Jonas has been here longer.
tom: Jonas is good at the end of a deal. You are good at the beginning.
lena: Thank you. Then I will prepare something for next Thursday.
tom: Great. Do you need anything from me?
lena: Two things. I need somebody from product in the Harborline workshop. And I would like to take Friday off.
tom: Friday is fine, put it into the calendar. For the workshop I will ask Sofia, she knows the checklists best.
lena: Thank you.
tom: We also agreed last time that you would look at the course on negotiation. Did you?
lena: I did. The one in March looks good, it is twelve hundred euros.
tom: Then book it. Send me the form by Wednesday and I will sign it.
lena: I'll send it tomorrow.
tom: Perfect. And now the two photos, please.
lena: You asked for it. Here.
tom: Oh, she looks like she has already closed a deal.
`,
  },
  {
    title: "Product Weekly",
    kind: "weekly",
    account: null,
    daysAgo: 4,
    text: `
hugo: Good morning. Three topics today, the board that jumps, the customer messages, and what we do about photos.
sofia: I brought all three, so blame me.
mei: I can add numbers from support for two of them.
hugo: Let's begin with the board. What is the problem?
sofia: When a new job comes in, the list moves, and dispatchers click on the wrong one. Callum at Marlow said ten times a day.
mei: We have thirty-one tickets about it since August. I just searched.
hugo: Why did we never see it as one problem?
mei: Because every ticket says something else. Wrong technician, lost click, it moved. You need to read them together.
hugo: What can we do without building a new board?
sofia: Hold new jobs back while the pointer is over the list, and show a small line at the top, three new jobs.
hugo: I like that. How long would it take?
sofia: Four days with tests. I asked Tobias.
hugo: Then let's do it in this sprint. We decided to fix faults before features, so the export filter moves to the next one.
sofia: Okay. I'll tell Lumen that the filter comes two weeks later.
hugo: Thank you. Number two, customer messages. Where are we?
sofia: The texts are there, the opt-out works, and German is missing. The beta can begin on the first of December.
mei: Which customers?
sofia: Marlow, Cedar and Finch, and one more. I would like somebody who is critical.
mei: Take Bluebird. They are unhappy, and they would notice that we move.
hugo: Is that not dangerous?
mei: They are more annoyed by silence than by faults. I talk to Nadia every week.
hugo: Fine, Bluebird is in. But Marcus has to agree. Mei, can you ask him today?
mei: I'll ask him after this.
sofia: One open question is who pays for text messages during the beta.
hugo: We do. It is a few hundred euros, and I do not want to have that discussion with anybody.
sofia: Agreed.
hugo: Number three, photos.
sofia: Two different things. The category that annoys everybody, and the size that blocked the sync at Pinewood.
mei: The sync is fixed in eight point four point two. But we still accept photos of any size, and that will bite us again.
hugo: What is the largest that somebody really needs?
mei: Ten megabytes. I asked five customers.
hugo: Then the limit is ten, with a setting for more. Sofia, please write the change for the release notes.
sofia: I will write it by Thursday.
hugo: And the category?
sofia: I would make it optional, and keep it required where a customer has asked for it. That is one customer.
hugo: Which one?
sofia: Fabrikon. They use it for warranty cases.
hugo: Then we make it optional, and Fabrikon keeps it. Who tells them?
sofia: I will call Akari on Monday, she will want to know before her people do.
hugo: Good. Anything from support that I should know?
mei: The waiting devices report is invisible. Three customers asked for exactly that, and it has been there for two years.
hugo: Where is it?
mei: Under reports, other, technical. Nobody clicks on technical.
hugo: Could it be on the start page of admins?
sofia: Only when something waits for more than a day. Otherwise it is noise.
hugo: Yes, like that. Can you make a sketch for next week?
sofia: Sure.
mei: I have one more thing. I will sit with Orchard on the day of their sale, so I am out for the whole day.
hugo: Do you need an engineer with you?
mei: On call would be enough, from eight to eight.
hugo: I'll arrange that by Friday. It should be Tobias, he wrote the queue.
mei: Thank you.
hugo: Who takes the notes for the release meeting?
sofia: It is my turn. I will post them this afternoon.
hugo: Then we are done in eighteen minutes. That must be a record.
mei: Do not jinx it.
`,
  },
  {
    title: "1:1 Marcus / Priya",
    kind: "one_on_one",
    account: null,
    daysAgo: 33,
    text: `
marcus: Hello Priya. Thank you for moving this, my morning was chaos.
priya: Mine too, so we are equal.
marcus: You have the floor. What do we talk about?
priya: Three things. Solberg, my workload, and something personal at the end.
marcus: Take them in the order you like.
priya: Solberg is going well. The test import is through, and Kaja has found nine differences in fifty turbines.
marcus: Is nine good or bad?
priya: Seven of them are mistakes in the old database. Two are ours, and they are fixed.
marcus: Then it is very good. Does Anders know?
priya: He knows. He said that he sleeps better. I want to give him a one page summary for his insurance.
marcus: Do that. It is the kind of paper that gets us a reference.
priya: I'll write it by Friday.
marcus: And the workload?
priya: I have fourteen accounts, and three of them are in a critical phase. I notice that the quiet ones do not hear from me at all.
marcus: Which ones?
priya: Alpine and Fabrikon. I have not spoken to Alpine since August.
marcus: What would help?
priya: If Mei could take the two for a quarter. She knows both of them from support, and she would like to do more of this.
marcus: Has she said that?
priya: She said it to me at lunch. I told her to tell you.
marcus: She has not yet. I will talk to her tomorrow, and I will act surprised.
priya: Thank you.
marcus: Then we decided that Alpine and Fabrikon move to Mei, if she wants it. You introduce her in a call.
priya: Yes, I'll set up the two calls next week.
marcus: What about Cedar and Finch? The quarterly review is coming up.
priya: The numbers are lovely. The outage is not. I want to begin with the outage, before Ingrid does.
marcus: She will try to begin with it in any case.
priya: She will. But then she sees that it is on my first page.
marcus: I'll bring the report about the certificate. Should I speak to it?
priya: Please. It sounds better when it comes from you.
marcus: Because I am grey?
priya: Because you do not say sorry three times in one sentence.
marcus: That can be learned. How is Bluebird, from where you stand?
priya: Quiet, and I do not like it. Nadia answers in one line. In spring it was one page.
marcus: I had the same feeling. I'll call Victor this week and ask him directly.
priya: Ask him about the shift planning. It was never finished, and I think that nobody dares to say it.
marcus: That was before your time, and before mine as well. But it is ours now.
priya: Exactly.
marcus: And the personal thing?
priya: I would like to work four days from March on. My mother is ill, and I want to have one day with her.
marcus: I am sorry to hear that. Of course. Is it serious?
priya: It is slow. But it will not get better.
marcus: Take the day. We will find a way with the accounts, that is what the other point was about as well.
priya: It was, yes. I did not want to mix the two.
marcus: You didn't. I need to talk to HR about the form. I'll do that on Monday.
priya: Thank you, Marcus.
marcus: Does the team know?
priya: Not yet. I would like to tell them myself, in two weeks or so.
marcus: Then I say nothing. If there is a day when it has to be quicker, you go, and we sort it out afterwards.
priya: That means a lot to me.
marcus: Is there something that you need before March?
priya: No. Right now it is good to be busy.
marcus: Okay. Then let's look at the reviews together on Thursday, and I bring coffee.
priya: With the good milk, please.
marcus: With the good milk.
`,
  },
];
