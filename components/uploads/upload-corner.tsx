"use client";

import dynamic from "next/dynamic";
import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { readUnfinished } from "@/components/uploads/unfinished";
import { uploadQueue } from "@/components/uploads/upload-queue";
import { useUploads } from "@/components/uploads/use-uploads";

const UploadDock = dynamic(
  () => import("@/components/uploads/upload-dock").then((module) => module.UploadDock),
  { ssr: false },
);

/** Where uploads are shown on every page; its code comes with the first of them. */
export function UploadCorner() {
  const router = useRouter();
  const items = useUploads();
  const done = items.filter(({ phase }) => phase === "done").length;
  useEffect(() => {
    if (readUnfinished().length > 0) void uploadQueue.recall();
  }, []);
  // What the page lists has grown.
  useEffect(() => {
    if (done > 0) router.refresh();
  }, [done, router]);
  return items.some(({ inSheet }) => !inSheet) ? <UploadDock /> : null;
}
