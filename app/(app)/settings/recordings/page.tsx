import type { Metadata } from "next";
import { requireSession } from "@/app/(app)/require-session";
import { RetentionForm } from "@/app/(app)/settings/recordings/retention-form";
import { NotAllowed } from "@/app/(app)/settings/view-only";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { formatBytes, formatCount } from "@/components/ui/format";
import { PageHeader } from "@/components/ui/page-header";
import { hasGrant } from "@/lib/auth/roles";
import { contextOf } from "@/lib/http/action";
import { readRetention } from "@/lib/meetings/recording-retention";

export const metadata: Metadata = { title: "Recordings" };

export default async function RecordingsPage() {
  const session = await requireSession();
  if (!hasGrant(session.grants, "organization:update", "all")) {
    return <NotAllowed what="how long recordings are kept" />;
  }
  const retention = await readRetention(await contextOf(session));
  const { recordings, bytes } = retention.kept;
  return (
    <>
      <PageHeader
        title="Recordings"
        description={
          recordings === 0
            ? "How long audio and video are kept. There are none yet."
            : `How long audio and video are kept. There are ${formatCount(recordings, "recording")} (${formatBytes(bytes)}).`
        }
      />
      <Card className="max-w-2xl">
        <CardHeader
          title="Retention"
          description="Removes the sound and pictures of older meetings. Transcripts, summaries, insights and notes stay, and so do uploaded transcript files."
        />
        <CardBody>
          <RetentionForm current={retention.days} choices={retention.choices} />
        </CardBody>
      </Card>
    </>
  );
}
