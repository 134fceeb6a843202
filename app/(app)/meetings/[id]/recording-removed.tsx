import { RelativeTime } from "@/components/ui/relative-time";

/** Stands where the player would be once the workspace's retention has removed the recording. */
export function RecordingRemoved({ at }: { readonly at: string }) {
  return (
    <p className="text-ink-muted text-sm">
      Recording removed on <RelativeTime value={at} format="date" /> by the workspace’s retention.
      The transcript stays.
    </p>
  );
}
