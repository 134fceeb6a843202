import { createInsightInput, createProjectInput, runInput } from "@/lib/insights/inputs";
import { addContent, makeMeeting, type TestMeeting } from "../../support/factories";

// What the tests of insights share: inputs with their defaults, as an action would parse them.

export const projectInput = (values: { name: string; team_ids?: string[]; language?: string }) =>
  createProjectInput.parse(values);

export const insightInput = (projectId: string, values: Record<string, unknown> = {}) =>
  createInsightInput.parse({
    project_id: projectId,
    name: "Budget",
    type: "yes_no",
    question: "Was the budget mentioned?",
    ...values,
  });

export const runOf = (
  projectId: string,
  insightIds: readonly string[],
  values: Record<string, unknown> = {},
) => runInput.parse({ project_id: projectId, insight_ids: insightIds, ...values });

/** A processed meeting with a transcript of three turns. */
export async function makeTalk(
  workspace: { readonly id: string },
  values: Parameters<typeof makeMeeting>[1] = {},
): Promise<TestMeeting> {
  const meeting = await makeMeeting(workspace, values);
  await addContent(meeting);
  return meeting;
}
