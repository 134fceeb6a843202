import {
  Ban,
  CircleCheck,
  CircleDashed,
  CircleDot,
  CircleSlash,
  CircleX,
  Clock,
  Info,
  type LucideIcon,
  Pause,
  RefreshCw,
  TimerOff,
  TriangleAlert,
  Unlink,
} from "lucide-react";
import type { Tone } from "@/components/ui/tones";

interface StatusLook {
  readonly label: string;
  readonly icon: LucideIcon;
  readonly tone: Tone;
}

/** Every state the product names: its word, icon and tint, in one place. */
export const statusKinds = {
  // Meetings (handbook 17.3)
  recording: { label: "Recording", icon: CircleDot, tone: "danger" },
  queued: { label: "Queued", icon: Clock, tone: "neutral" },
  processing: { label: "Processing", icon: CircleDashed, tone: "info" },
  processed: { label: "Processed", icon: CircleCheck, tone: "success" },
  failed: { label: "Failed", icon: CircleX, tone: "danger" },
  // Connections (handbook 4.2)
  connected: { label: "Connected", icon: CircleCheck, tone: "success" },
  needs_attention: { label: "Needs Attention", icon: TriangleAlert, tone: "warning" },
  disconnected: { label: "Disconnected", icon: Unlink, tone: "danger" },
  // API keys (handbook 14.2); webhooks (21.3) share "active"
  active: { label: "Active", icon: CircleCheck, tone: "success" },
  expired: { label: "Expired", icon: TimerOff, tone: "warning" },
  revoked: { label: "Revoked", icon: Ban, tone: "neutral" },
  paused: { label: "Paused", icon: Pause, tone: "neutral" },
  disabled: { label: "Disabled", icon: Ban, tone: "danger" },
  // Deliveries and syncs (handbook 21.4)
  pending: { label: "Pending", icon: Clock, tone: "neutral" },
  delivering: { label: "Delivering", icon: CircleDashed, tone: "info" },
  succeeded: { label: "Succeeded", icon: CircleCheck, tone: "success" },
  retrying: { label: "Retrying", icon: RefreshCw, tone: "warning" },
  running: { label: "Running", icon: CircleDashed, tone: "info" },
  partial: { label: "Partial", icon: TriangleAlert, tone: "warning" },
  skipped: { label: "Skipped", icon: CircleSlash, tone: "neutral" },
  cancelled: { label: "Cancelled", icon: Ban, tone: "neutral" },
  // Anything else; give these a label of their own
  neutral: { label: "Unknown", icon: CircleDashed, tone: "neutral" },
  info: { label: "Information", icon: Info, tone: "info" },
  success: { label: "Done", icon: CircleCheck, tone: "success" },
  warning: { label: "Warning", icon: TriangleAlert, tone: "warning" },
  danger: { label: "Problem", icon: CircleX, tone: "danger" },
} as const satisfies Record<string, StatusLook>;

export type StatusKind = keyof typeof statusKinds;
