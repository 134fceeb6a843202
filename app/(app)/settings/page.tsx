import { redirect } from "next/navigation";

/** Settings open on the person's own page. */
export default function SettingsPage() {
  redirect("/settings/profile");
}
