import type { Beat } from "@/db/seed-data/beats/beat";

/** Before business, with people of another company. */
export const opening: Beat = {
  variants: [
    `
H: Hello {guest}, good to see you. Can you hear me well?
G: Perfectly. It is snowing ideas here in {city}, so let's begin.
H: I have half an hour in my calendar. Is that still fine for you?
G: It is. I have to leave on time today, though.`,
    `
H: Good morning {guest}. Thank you for making the time.
G: Good morning. Give me a second, I am closing the other three windows.
H: Take your time.
G: Done. I am all yours.`,
    `
G: Hi {host}. Sorry, I was looking for a quiet room.
H: No worries, I have only just joined myself. How are things in {city}?
G: Busy. Everybody wants everything before the end of the quarter.
H: I know that feeling. Then let's use the time well.`,
    `
H: Hello {guest}. How was your week?
G: Long. We had two people out sick, and you notice that with {count} {crew}.
H: I can imagine. I sent you a short agenda, did it arrive?
G: It did, and I like that it has only three points.`,
    `
H: Good afternoon {guest}, good afternoon {guest2}.
K: Hello. I am the one who asks the annoying questions, just so that you know.
H: Those are the useful ones. May I record the call, so that I don't have to type?
G: Yes, go ahead.`,
    `
G: Good morning. It is {guest} from {company}, and {guest2} is with me.
K: Hello everybody.
H: Lovely to meet you both. I suggest that you talk first and I talk later.
G: That is a new one. Agreed.`,
    `
H: Hello {guest}. {host2} joins us today, I hope that is all right.
I: Hello {guest}. I'll mostly listen.
G: The more the better. Let me just get my coffee.
H: Of course.`,
  ],
};

/** The last words. */
export const closing: Beat = {
  variants: [
    `
H: I think that is everything from my side. You will have my notes this afternoon.
G: Wonderful. Thank you, {host}, that was a good use of my time.
H: Thank you. Have a good day.`,
    `
G: I have to jump into the next one. Is there anything that you need from me right now?
H: No, I have all of it. Thank you, {guest}.
G: Bye.`,
    `
H: Good. Then we stop four minutes early, which is my favourite kind of meeting.
G: Mine too. Thanks a lot.
H: Goodbye, {guest}.`,
    `
G: That was clear. I will talk to my people and come back to you.
H: Take the time that you need. My number is in the mail.
G: Thank you. Until then.`,
    `
K: From me there is nothing else.
G: Then we are through. Thank you, {host}.
H: Thank you both. See you soon.`,
    `
H: Before you go, was this helpful?
G: Very. I came with five questions, and now I have two.
H: Then let's take those two next time. Goodbye.`,
  ],
};
