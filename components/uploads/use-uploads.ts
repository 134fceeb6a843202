"use client";

import { useSyncExternalStore } from "react";
import type { UploadItem } from "@/components/uploads/upload-items";
import { uploadQueue } from "@/components/uploads/upload-queue";

const none: readonly UploadItem[] = [];

/** The uploads of this tab, as they are now. */
export function useUploads(): readonly UploadItem[] {
  return useSyncExternalStore(uploadQueue.subscribe, uploadQueue.snapshot, () => none);
}
