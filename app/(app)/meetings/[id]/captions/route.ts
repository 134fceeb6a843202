import { AppError } from "@/lib/core/errors";
import { contextOf, currentSession } from "@/lib/http/action";
import { readCaptions } from "@/lib/meetings/captions";

const plain = { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" };

/** The transcript as WebVTT, for the video on the meeting's page. */
export async function GET(
  _request: Request,
  { params }: { readonly params: Promise<{ readonly id: string }> },
): Promise<Response> {
  const session = await currentSession();
  if (!session) return new Response("You are signed out.\n", { status: 401, headers: plain });
  try {
    const text = await readCaptions(await contextOf(session), (await params).id);
    return new Response(text, {
      headers: { "content-type": "text/vtt; charset=utf-8", "cache-control": "private, no-cache" },
    });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return new Response(`${error.message}.\n`, { status: error.status, headers: plain });
  }
}
