"use server";

import { refresh } from "next/cache";
import { action } from "@/lib/http/action";
import * as definitions from "@/lib/insights/definitions";
import {
  createInsightInput,
  createProjectInput,
  insightRef,
  projectRef,
  runInput,
  runRef,
  setCriteriaInput,
  setInsightActiveInput,
  setProjectTeamsInput,
  updateInsightInput,
  updateProjectInput,
} from "@/lib/insights/inputs";
import * as projects from "@/lib/insights/projects";
import * as runs from "@/lib/insights/runs";

// Which projects the reach takes in is judged by the services.
const mayChange = ["insights:update", "team"] as const;

export const createProject = action({
  permission: mayChange,
  input: createProjectInput,
  run: async (ctx, input) => {
    const made = await projects.createProject(ctx, input);
    refresh();
    return made;
  },
});

export const updateProject = action({
  permission: mayChange,
  input: updateProjectInput,
  run: async (ctx, input) => {
    await projects.updateProject(ctx, input);
    refresh();
    return null;
  },
});

export const setProjectTeams = action({
  permission: mayChange,
  input: setProjectTeamsInput,
  run: async (ctx, input) => {
    await projects.setProjectTeams(ctx, input);
    refresh();
    return null;
  },
});

export const setCriteria = action({
  permission: mayChange,
  input: setCriteriaInput,
  run: async (ctx, input) => {
    await projects.setCriteria(ctx, input);
    refresh();
    return null;
  },
});

export const deleteProject = action({
  permission: mayChange,
  input: projectRef,
  run: async (ctx, input) => {
    await projects.deleteProject(ctx, input);
    return null;
  },
});

export const createInsight = action({
  permission: mayChange,
  input: createInsightInput,
  run: async (ctx, input) => {
    const made = await definitions.createInsight(ctx, input);
    refresh();
    return made;
  },
});

export const updateInsight = action({
  permission: mayChange,
  input: updateInsightInput,
  run: async (ctx, input) => {
    await definitions.updateInsight(ctx, input);
    refresh();
    return null;
  },
});

export const setInsightActive = action({
  permission: mayChange,
  input: setInsightActiveInput,
  run: async (ctx, input) => {
    await definitions.setInsightActive(ctx, input);
    refresh();
    return null;
  },
});

export const deleteInsight = action({
  permission: mayChange,
  input: insightRef,
  run: async (ctx, input) => {
    await definitions.deleteInsight(ctx, input);
    refresh();
    return null;
  },
});

/** What asking again would take; nothing is asked yet. */
export const countRun = action({ permission: mayChange, input: runInput, run: runs.countRun });

export const startRun = action({
  permission: mayChange,
  input: runInput,
  run: async (ctx, input) => {
    const started = await runs.startRun(ctx, input);
    refresh();
    return started;
  },
});

export const cancelRun = action({
  permission: mayChange,
  input: runRef,
  run: async (ctx, input) => {
    await runs.cancelRun(ctx, input);
    refresh();
    return null;
  },
});

/** The newest run of a project, for the progress on its page. */
export const watchRun = action({
  permission: ["insights:read", "own"],
  input: projectRef,
  run: (ctx, { id }) => runs.newestRun(ctx, id),
});
