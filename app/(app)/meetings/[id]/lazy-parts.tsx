"use client";

import dynamic from "next/dynamic";

// One tab is on screen at a time, most meetings have no recording, and only the code that is needed is sent. Split here, in the browser's graph: a server component
// would make all of it part of the page.

export const ActionItemList = dynamic(() =>
  import("@/app/(app)/meetings/[id]/action-item-list").then((module) => module.ActionItemList),
);

export const NotesEditor = dynamic(() =>
  import("@/app/(app)/meetings/[id]/notes-editor").then((module) => module.NotesEditor),
);

export const TranscriptView = dynamic(() =>
  import("@/app/(app)/meetings/[id]/transcript-view").then((module) => module.TranscriptView),
);

export const PlayerBar = dynamic(() =>
  import("@/app/(app)/meetings/[id]/player/player-bar").then((module) => module.PlayerBar),
);

export const VideoStage = dynamic(() =>
  import("@/app/(app)/meetings/[id]/player/video-stage").then((module) => module.VideoStage),
);
