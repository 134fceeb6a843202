"use client";

import dynamic from "next/dynamic";

// One tab is on screen at a time, and only its code is sent. Split here, in the browser's graph: a server component
// would make all of it part of the page.

export const RunCard = dynamic(() =>
  import("@/app/(app)/insights/projects/[id]/run-card").then((module) => module.RunCard),
);

export const CriteriaForm = dynamic(() =>
  import("@/app/(app)/insights/projects/[id]/criteria-form").then((module) => module.CriteriaForm),
);

export const TeamsForm = dynamic(() =>
  import("@/app/(app)/insights/projects/[id]/teams-form").then((module) => module.TeamsForm),
);

export const BasicsForm = dynamic(() =>
  import("@/app/(app)/insights/projects/[id]/basics-form").then((module) => module.BasicsForm),
);
