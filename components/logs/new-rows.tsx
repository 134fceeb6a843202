"use client";

import { ArrowUp } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTransition } from "react";
import { Button } from "@/components/ui/button";
import { formatNumber } from "@/components/ui/format";

interface NewRowsProps {
  /** Counted up to 100. */
  readonly count: number;
  readonly onShown?: () => void;
}

const countedMax = 100;

/** New rows wait behind this button, so that nothing moves under the eyes of who reads. */
export function NewRows({ count, onShown }: NewRowsProps) {
  const router = useRouter();
  const [pending, startTransition] = useTransition();
  const words =
    count >= countedMax ? `${formatNumber(countedMax)}+ new` : `${formatNumber(count)} new`;
  const show = () => {
    onShown?.();
    startTransition(() => router.refresh());
  };
  return (
    <span role="status">
      {count === 0 ? null : (
        <Button size="sm" variant="primary" loading={pending} onClick={show}>
          <ArrowUp />
          {words}
        </Button>
      )}
    </span>
  );
}
