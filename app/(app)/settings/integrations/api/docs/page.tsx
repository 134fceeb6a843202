import { redirect } from "next/navigation";

/** The reference stands outside of the shell, where people without an account find it too. */
export default function ApiDocsPage() {
  redirect("/docs");
}
