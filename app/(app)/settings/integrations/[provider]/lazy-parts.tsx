"use client";

import dynamic from "next/dynamic";

// One tab is on screen at a time, and only its code is sent. Split here, in the browser's graph: a server component
// would make all of it part of the page.

export const SyncForm = dynamic(() =>
  import("@/app/(app)/settings/integrations/[provider]/sync-form").then(
    (module) => module.SyncForm,
  ),
);

export const TestMessage = dynamic(() =>
  import("@/app/(app)/settings/integrations/[provider]/test-message").then(
    (module) => module.TestMessage,
  ),
);

export const PastMeetings = dynamic(() =>
  import("@/app/(app)/settings/integrations/[provider]/past-meetings").then(
    (module) => module.PastMeetings,
  ),
);

export const RunFeed = dynamic(() =>
  import("@/app/(app)/settings/integrations/[provider]/log/run-feed").then(
    (module) => module.RunFeed,
  ),
);

export const AlertChoices = dynamic(() =>
  import("@/app/(app)/settings/integrations/[provider]/alert-choices").then(
    (module) => module.AlertChoices,
  ),
);
