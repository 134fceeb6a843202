import type { Conversation } from "@/db/seed-data/conversations/conversation";

export const customerConversations: readonly Conversation[] = [
  {
    title: "QBR - Cedar & Finch Elevators",
    kind: "qbr",
    account: "cedarfinch",
    daysAgo: 12,
    text: `
priya: Good morning Ingrid, good morning Felix, Yara. Marcus is here too. I have three topics, the numbers of the quarter, what did not work, and the plan until spring.
ingrid: Please begin with what did not work. I can read numbers myself.
priya: Fair. The biggest one was the outage of the parts sync five weeks ago. For five hours your fitters could not book parts.
felix: It was a Monday, of all days. We wrote everything on paper again, and the old hands enjoyed it far too much.
marcus: The cause was an expired certificate on our side. It should not have happened, and I do not want to dress it up.
ingrid: What did you change?
marcus: Certificates now renew by themselves, and an alarm goes off thirty days before one runs out. I'll send you the incident report by tomorrow.
ingrid: Thank you. I would have liked to have it five weeks ago.
marcus: You are right. I apologise for that.
priya: The second thing is the search for spare parts. Felix, you said that it finds too much.
felix: If I type door, I get four hundred results. I want the doors of this lift.
priya: The new search filters by the lift of the job. It is in beta, and I can switch it on for you this week.
felix: Please switch it on for me first, and for the fitters when I say so.
priya: Will do. Now the good part. You closed eleven thousand four hundred jobs in the quarter, that is nine percent more than in the summer, with the same sixty fitters.
ingrid: Where does it come from?
priya: Mostly from second visits. They went down from twenty-three to sixteen percent, because the right part is in the van more often.
yara: I can confirm that from finance. The parts cost for each job is down as well, which I did not expect.
priya: And the time from the call to the arrival is forty-eight minutes now when somebody is stuck in a lift. It was sixty-one in January.
ingrid: That is the one that I show to our customers. Can I have it for each city?
priya: Yes. I'll build that report for you by Friday.
yara: I have a question about invoices. Jobs that are closed on the last day of the month arrive in our books on the third. Can it be quicker?
marcus: The export runs at night. We could run it every hour on the last two days of a month.
yara: Every two hours would be enough, our own system is slow.
marcus: Then let's go with every two hours. Priya will change the schedule.
priya: I will change it before the end of the month.
felix: May I add something? The apprentices got their own app rights in September, and two of them close jobs that they should not close.
priya: There is a right for that, close with approval. The report then goes to the fitter they travel with.
felix: That is exactly what I need. Can you show me after this call?
priya: Sure, let's stay on for five minutes.
ingrid: And the plan until spring?
priya: Three steps. The new search in November, customer messages in January, and the predictive part in March.
ingrid: Tell me about the customer messages.
priya: The caretaker of the building gets a text message with the arrival time and a link. In other companies the calls to the office went down by a third.
felix: Our phone rings about two hundred times a day. A third would be wonderful.
ingrid: In which languages?
priya: Norwegian, Swedish and English today. German comes in December.
ingrid: We need Norwegian and English. Fine.
yara: What does it cost?
marcus: It is included. Text messages are charged at cost, about six cents each.
yara: Good. Please put the expected amount into the renewal offer.
marcus: The renewal is in February. I would like to send you the offer in the second week of December, so that you have time.
ingrid: We decided to renew, you do not have to court us. But I want the outage in the contract, a credit if parts are down for more than two hours.
marcus: I understand. I'll talk to our legal team this week, and you get a proposal by next Wednesday.
ingrid: I will hold you to that.
priya: Ingrid, one request from our side. Harborline in Lyon is about to decide, and they would love to speak to somebody who runs sixty people in the field. Would you take half an hour?
ingrid: If it is half an hour and not an hour, yes. Felix should join, he is more honest than I am.
felix: I am available on Thursday afternoon.
priya: Thank you both. I will introduce you by e-mail today.
ingrid: Good. Then I have what I need. Send me the incident report, please.
marcus: You will have it tomorrow. Thank you, Ingrid.
`,
  },
  {
    title: "Renewal Call - Bluebird Logistics",
    kind: "qbr",
    account: "bluebird",
    daysAgo: 19,
    text: `
marcus: Hello Victor, hello Nadia. Thank you for being open in your e-mail. I would rather talk about it than read it twice.
victor: Then I will be open again. We have an offer from FieldPilot, it is twenty percent cheaper, and my boss asks me why we pay more.
marcus: What do you answer?
victor: That is the problem. In the first year I had an answer. This year I am not so sure.
marcus: What has changed?
nadia: People. Of the four who knew your product well, two have left. The new ones use a third of it.
victor: And we never finished the shift planning. We paid for it, and it is half set up.
marcus: So you pay for something that does not work for you yet. I would be annoyed as well.
nadia: I am not annoyed, I am tired. Every change of a shift has to be made twice, here and in our own system.
marcus: Was there ever a plan to connect the two?
nadia: There was. Your consultant left it in a document with the title phase two.
marcus: Then phase two is late, and that is on us. May I suggest that we do it at our cost?
victor: How long would it take?
marcus: Our interface for shifts is ready since the summer. I would say three weeks, if somebody on your side knows the old system.
nadia: Peter does, he built half of it.
marcus: Could Peter give us two days?
nadia: I'll ask Peter today and let you know.
victor: It does not solve the question of the price, though.
marcus: No. Let's look at it together. You have one hundred and twenty mechanics on the plan. How many of them used the app last month?
victor: All of them, I assume.
marcus: Ninety-four. Twenty-six licences were not used at all.
victor: That is news to me.
nadia: Those are the ones at the Breda site. We closed Breda in August.
marcus: I should have told you in September. If you go down to ninety-five, your bill is twenty-one percent lower, without any discount.
victor: Can we do that before the renewal?
marcus: By the contract no. But I will make it possible from the first of December.
victor: That is a fair move. Thank you.
marcus: I want you to stay because it works, and not because it is difficult to leave.
nadia: What about the people who left? I need somebody who trains the new ones.
marcus: Priya can be with you for two days, on site. She knows conveyor lines by now.
nadia: Priya is very good. In the second week of December?
marcus: I will check her calendar and confirm by tomorrow.
victor: May I ask about the reports? Our board gets a slide with the uptime of the lines, and I build it by hand every month.
marcus: How long does it take you?
victor: Half a day. I export four files and I swear at all of them.
marcus: The uptime report was made for that, but it needs the planned stops in the system.
nadia: Planned stops are in the shift calendar, so it would come with phase two.
marcus: Exactly. So phase two is what all of this hangs on.
victor: Then let's do phase two before Christmas, and decide afterwards.
marcus: When does your decision have to be made?
victor: The contract ends on the last day of January. FieldPilot's offer is valid until the twentieth of December.
marcus: Then phase two has to run by the twelfth, so that you can see a full week of it.
nadia: That is ambitious.
marcus: It is. I'll send you a plan with names and dates by Friday. If you do not believe in it, tell me.
nadia: I will tell you, do not worry.
victor: I will tell FieldPilot that we decide in the second half of December.
marcus: Thank you. Victor, would you send me the slide for the board? I would like to see whether we can produce it one to one.
victor: Sure, I'll send it this afternoon.
nadia: One more thing. The mechanics want the dark mode to be darker, for the night shift. The white bar on top blinds them.
marcus: I will pass it on to Sofia in product. That should be a small thing.
nadia: For you it is small, for them it is every night.
marcus: You are right. I'll make sure that it gets an answer this week.
victor: Good. Then we agreed, fewer licences from December, phase two at your cost, training in December, decision before Christmas.
marcus: That is exactly how I wrote it down. Thank you both for the honesty.
`,
  },
  {
    title: "Kickoff - Solberg Wind",
    kind: "onboarding",
    account: "solberg",
    daysAgo: 45,
    text: `
priya: Welcome to the kickoff. I am Priya, I will be your contact for the next eight weeks, and Mei from support is here so that you know her voice.
mei: Hello everybody. If something burns, you call me.
anders: Hello. I am Anders, and turbines are my life. Kaja plans the crews, and Ravi owns the systems.
kaja: I plan one hundred and fifty technicians in four control rooms, and the weather plans me.
priya: Tell me about the weather. How does it decide?
kaja: Above twelve metres of wind in a second nobody climbs. Above nine nobody uses the crane. So I make a plan for the week, and on Tuesday it is waste paper.
priya: In the new system you can set a limit for each job type. If the forecast is above the limit, the job turns yellow two days before.
kaja: Where does the forecast come from?
priya: You bring your own. Which one do you use?
ravi: We pay for a forecast service, and it has an interface. I can give you the description.
priya: Perfect. Ravi, could you send me the description by Friday?
ravi: Yes, no problem.
anders: Before we go on, I want to name the risk. Our old database is from 2009. It holds the history of every turbine, and the insurance requires it.
priya: Thank you, that is the kind of thing I want to hear in the first week. How big is it?
ravi: Two point one million work orders. A lot of them are duplicates.
priya: We have moved larger ones. The rule is that we never delete, we mark.
anders: Good. If history gets lost, I lose my job.
priya: We will run a full import in a test workspace first, and you compare two hundred turbines by hand.
kaja: Two hundred is a lot for my team.
priya: What would be realistic?
kaja: Fifty, if I choose them.
priya: Then let's go with fifty, chosen by Kaja. The strange ones, please.
kaja: I have plenty of strange ones.
ravi: How do we get the data to you? I cannot open our database to the internet.
mei: You don't have to. You export encrypted files and upload them, we never connect to your network.
ravi: That makes my life easier.
priya: Let me walk you through the weeks. Weeks one and two are data, week three is the board, week four is the app, week five is training. Weeks six to eight run in one region.
anders: Which region?
priya: You choose. I would take the smallest one.
anders: Then it is Rogaland. Twenty-two technicians, and a team lead who likes new things.
kaja: Agreed, Rogaland is the right one.
priya: We decided on Rogaland then. Who is the team lead?
kaja: Signe. I will tell her tomorrow, before she hears it from somebody else.
priya: Wise. What about the phones?
ravi: Everybody has the same rugged model. The screen is small, and they wear gloves.
mei: There is a glove mode with large buttons. It was made for a ski lift company, in fact.
anders: Ha. Then it has seen worse weather than ours.
priya: Mei, please send Ravi the list of supported devices, so that he can check the model.
mei: I'll send it today.
kaja: How do the technicians report when they are up in the nacelle? They have no hands free.
priya: They speak. The note is recorded, and it becomes text when they are down again.
kaja: In Norwegian?
priya: Norwegian works, with dialects it is so-so. I would test it with Signe's team in week four.
anders: Honest answer. I like that.
priya: Let's talk about what success means. If we meet again in January, what has to be true?
anders: Fewer climbs for nothing. We climb about thirty times a month and cannot work, because a part is missing or the wind was wrong.
priya: What would be a good number?
anders: Fifteen would be a success. Ten and I buy you dinner.
priya: I will write down fifteen, and I will remember the dinner.
kaja: And I want to stop printing. We print eleven hundred pages a week.
priya: Noted, pages printed per week. That is a lovely thing to measure.
ravi: From my side, single sign-on must work on the first day of the region. Otherwise I get two hundred password calls.
mei: I will set that up with you next Tuesday. It takes about an hour.
ravi: Tuesday at ten works for me.
priya: Wonderful. I will share the project plan by tomorrow evening, and we meet every Wednesday at nine.
anders: Thank you. This was a good start.
`,
  },
  {
    title: "Escalation Call - Orchard Retail",
    kind: "support_call",
    account: "orchard",
    daysAgo: 6,
    text: `
mei: Hello Emily, hello Stefan. I have Marcus with me. We know that yesterday was bad, so please tell us how you saw it.
emily: From nine in the morning on, the stores got no arrival times. By ten we had three hundred open tickets, and the field engineers stood in front of closed doors.
stefan: On the first day of the autumn sale, I should add. It was the worst day of the year to choose.
mei: I am sorry. I will tell you what we know, and what we do not know yet.
stefan: Please.
mei: The messages were written but not sent. A queue was full, because one store had sent the same ticket forty thousand times.
emily: Which store?
mei: Store two hundred and twelve, in Augsburg. A new checkout system repeats a ticket every second until somebody confirms it.
emily: That is the pilot of the new tills. Nobody told me that it was live.
stefan: Nobody told me either, and it is my department.
marcus: So there are two faults. The till should not do that, and we should not let one store block all the others. The second one is ours.
stefan: What have you done so far?
mei: At eleven forty we blocked that one source, and at twelve fifteen everything was sent. Since then a single source can use at most five percent of the queue.
emily: Can it happen again with another store?
mei: Not in this form. One store would only slow down itself.
stefan: What about the three hundred tickets?
mei: Two hundred and eighty-one were answered by yesterday evening. Nineteen are open, and I have the list here.
emily: Please send me the list right away.
mei: I'll send it in the next ten minutes.
stefan: My engineers drove about four thousand kilometres for nothing. Who pays for that?
marcus: I can't promise you something in this call that I have to ask for. But I'll come back to you with a proposal by Wednesday.
stefan: Wednesday is fine. I am not after money, I am after the next sale. It begins in nine days.
marcus: Then let's talk about the next nine days. What would make you sleep?
stefan: Somebody who watches it on the day. Not a machine that sends me a message, a person.
mei: I will do that myself. I can be in a call with your service desk from eight to eight.
emily: That would calm everybody down, including me.
marcus: Agreed, Mei sits with you on the day. And I will be reachable the whole day as well.
stefan: Thank you. What else?
mei: I would like to run a test before the sale, with the load of the sale. On Tuesday night, if you allow it.
emily: On Tuesday our nightly stock count runs. Wednesday is better.
mei: Wednesday at eleven in the evening then. I need one person on your side for half an hour.
emily: Diego can do it, he never sleeps anyway. I'll ask him today.
stefan: And the tills in Augsburg?
emily: I will talk to the project team and find out why a pilot runs on the day of a sale.
stefan: Please do that by Monday. And until it is fixed the pilot stays switched off, that is decided.
emily: I agree.
mei: There is one more thing that I noticed. In your set-up the service desk gets no alarm when messages are late. It is a switch, and it is off.
emily: I did not know that there was such a switch.
mei: May I turn it on? The alarm would come after ten minutes.
emily: Five minutes, please.
mei: Five it is. I am changing it now. Done.
stefan: How will you tell us what happened, in the end?
marcus: You get a written report with the times, the cause and the measures. I'll send it by Friday.
stefan: Without the word learnings, please.
marcus: Without that word, I promise.
emily: Mei, thank you for calling me back last night at ten. That mattered.
mei: You are welcome. I will call you on Thursday morning after the test.
stefan: Good. Then I have nothing else.
`,
  },
  {
    title: "Support Call - Pinewood Clinics",
    kind: "support_call",
    account: "pinewood",
    daysAgo: 30,
    text: `
mei: Support, this is Mei. Hello Hannah, I see your ticket in front of me. Two device engineers cannot sync, is that right?
hannah: Yes. Since Monday. They work, they close jobs, and nothing arrives in the office. Sam from our own support is here too.
sam: Hello. I have checked the network, and other apps work fine on the same tablets.
mei: Thank you, that saves us time. Can you tell me which version is shown at the bottom of the settings page?
sam: One moment. It says eight point four point zero.
mei: And the tablets that work?
sam: Eight point four point two.
mei: That fits. Version eight point four point zero had a fault with photos that are larger than twenty megabytes. One photo like that blocks the line behind it.
hannah: The new cameras make very large photos. That could be it.
mei: Did the two of them get new tablets lately?
hannah: Yes, last week, for the scanner department.
mei: Then I am fairly sure. Before we update, I want to make sure that nothing gets lost. Please do not sign out on these tablets.
sam: Oh. I was just about to do that.
mei: I am glad that I asked. Signing out would ask whether it should throw away what was not sent.
hannah: How many jobs are stuck there?
mei: I can see the counter from here. Seven on the first one, and twelve on the second.
hannah: There are calibration records among those. By law I have to keep them.
mei: They are all on the tablets, encrypted, and we will get them out. Sam, can you open the list of waiting reports?
sam: I have it. The first one is job four four one seven, with three photos.
mei: Please open it and press and hold the largest photo. There is a menu entry, send later.
sam: Yes. Now it counts down. Six, five. The others are going out.
mei: That is what I hoped for. The photo itself will be sent after the update.
hannah: I see the jobs coming in here. Four, five. All seven are there.
mei: Wonderful. Now the same on the second tablet.
sam: The second one is with Priscilla, in the other building. I will walk over there after lunch.
mei: That is fine, there is no danger as long as nobody signs out.
sam: I'll put a note on the screen, in capitals.
hannah: Why did the update not come by itself?
mei: Because updates are set to manual for your clinics. Somebody chose that in March.
hannah: That was Lucia from compliance. Every new version has to be checked by her.
mei: I understand that. We could send Lucia a list of changes for each version, three days before it comes out.
hannah: That would help, she always asks for it.
mei: I will add her to the list today. Is it lucia dot ferrer at your address?
hannah: Yes.
mei: And for this case, could she release eight point four point two today?
hannah: I'll ask her right away. She is in the room next to mine.
sam: How many tablets still have the old version?
mei: Twenty-three of forty-one. I will send you the list with the serial numbers in a minute.
sam: Then I will update all of them by Thursday.
mei: Thank you. I'll keep the ticket open until the second tablet is through, and call you tomorrow at ten.
hannah: One more question. How can I see by myself that something is stuck? I only noticed because an engineer asked me.
mei: There is a report called waiting devices. It can come by e-mail every morning.
hannah: Why do I not know that?
mei: Because we hide it too well, I am afraid. Shall I switch it on for you?
hannah: Please. For me and for Sam.
mei: Done. You get the first one tomorrow at seven.
sam: Can the photos be made smaller on the tablet? Nobody needs twenty megabytes.
mei: Yes, there is a limit in the settings. Five megabytes is enough for most clinics, but X-ray labels need more.
hannah: Let's go with ten.
mei: Ten it is. I will set that up now.
hannah: Thank you, Mei. That was quick.
mei: My pleasure. I'll write everything into the ticket, so that Lucia can file it.
`,
  },
  {
    title: "Customer Interview - Marlow Property Care",
    kind: "interview",
    account: "marlow",
    daysAgo: 52,
    text: `
sofia: Hi Callum, hi Noor. Thank you for doing this. I do not want to sell you anything, I want to understand how you work. Is it all right if I record?
callum: Go ahead.
noor: Fine with me.
sofia: Callum, what was the first thing that you did this morning?
callum: I opened the board and looked at what went wrong in the night. Two boilers, and a burst pipe in Rathmines.
sofia: And then?
callum: I look at who lives near there. I know where everybody lives, so I do not really look, I just know.
sofia: What happens on a day when you are not there?
callum: Fiona does it, and she hates it, because she does not know where they live.
sofia: The board shows the start address of every person. Do you use it?
callum: I did not know that. Where?
sofia: It is behind the third menu. That tells me something.
noor: Can I say something? My problem is another one. I talk to the tenants, and I never know what the plumber has told them.
sofia: Can you give me an example?
noor: Yesterday a tenant said, the man promised a new boiler. I looked into the job and it said, checked, all fine.
sofia: What did you do?
noor: I called the plumber, he was on a roof, he called back three hours later. He had said that the boiler is old. The tenant heard that she gets a new one.
sofia: What would have helped you in that moment?
noor: A line from the plumber, what did I tell the tenant. Just one line.
sofia: Would they write that line?
callum: No. They would speak it, perhaps. They hate typing.
sofia: How do they write their reports today?
callum: Half of them talk into the phone. The other half write fixed, and nothing else.
sofia: Only the word fixed?
callum: Only the word fixed. I could make a T-shirt of it.
sofia: I would buy one. What happens with a job that says fixed, when the same boiler is broken again?
noor: Then I have nothing to tell the tenant, and nothing to tell the landlord. Last winter we paid for eleven repairs twice, because we could not show that the first one was fine.
sofia: What did that cost?
noor: About four thousand euros. I wrote it down, because I was so angry.
sofia: Would photos help?
noor: Photos help most. Before and after.
callum: They take photos, but with their own phone, and then they are in the family album.
sofia: Why not in the app?
callum: Because the app asks for a category for every photo. They have wet hands.
sofia: That is good to know. We added the category last year, because another customer wanted it.
callum: Then make it optional.
sofia: I'll check with Hugo whether we can make it optional, and I will tell you by Friday.
noor: What I would love is that the tenant can see something. Somebody is coming, between two and four, his name is Declan.
sofia: That exists, it is called customer messages. It comes in January.
noor: In January. You are killing me, it is the busiest time now.
sofia: Would you test it earlier, with all its faults?
noor: Yes. I would take the faults.
callum: I would too, as long as I can switch it off.
sofia: Then let's do that. I will put you on the list for the beta in December.
noor: Lovely.
sofia: If you had one wish for the board, Callum, what would it be?
callum: That it does not move by itself. When a new job comes in, everything jumps, and I click on the wrong one.
sofia: How often does that happen?
callum: Ten times a day. I have learned to wait for two seconds.
sofia: That should never be your job. I will write that down as a fault and not as a wish.
callum: Thank you.
noor: One last thing. Could the app ask the plumber whether the tenant was happy? One thumb up, one thumb down.
sofia: Would they be honest?
noor: More than the tenants.
sofia: I like that. I'll make a small sketch and send it to you next week.
callum: Send it to me as well. I am curious.
sofia: I will. Noor, can you send me the eleven repairs, without names? I would like to understand them.
noor: I'll send you the sheet tomorrow.
sofia: Thank you both. That was worth more than ten surveys.
`,
  },
];
