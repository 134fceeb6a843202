import { PATCH as one } from "@/app/api/uploads/[id]/route";
import { POST as all } from "@/app/api/uploads/route";
import { log } from "@/lib/core/log";
import { answerNode } from "@/lib/http/call";
import { callOfNode, type FastLane } from "@/lib/http/fast-lane";

// Uploads before Next, from the socket itself: a body inside of what Next wraps around it cannot be given up while it
// is silent, so a client that lost its connection would have to wait for its own old request.

const path = /^\/api\/uploads(?:\/([0-9A-Za-z_]{1,60}))?$/;

/** Answers requests for uploads; false for every other path. */
export const uploadLane: FastLane = (request, response, clientIp) => {
  const [pathname = ""] = (request.url ?? "/").split("?", 1);
  const match = path.exec(pathname);
  if (!match) return false;
  const [, id] = match;
  const call = callOfNode(request, pathname, clientIp, id === undefined ? {} : { id });
  (id === undefined ? all : one)
    .run(call)
    .then((reply) => answerNode(request, response, reply))
    .catch((error: unknown) => {
      log().error({ err: error }, "an upload could not be answered");
      response.destroy();
    });
  return true;
};
