"use client";

import { openParam } from "@/components/logs/open-param";

/** The delivery that is open over the log. */
export const {
  href: deliveryHref,
  open: openDelivery,
  close: closeDelivery,
  useOpen: useDeliveryParam,
} = openParam("delivery");
