import { inject } from "vitest";

// Services called in the test's own process see the same database, files and secret as the servers.
Object.assign(process.env, inject("serverEnv"), {
  APP_URL: inject("laneUrl"),
  LOG_LEVEL: "silent",
});
