import { Notice } from "@/components/ui/notice";

interface PlanNoticeProps {
  readonly plan: string;
  /** Accounts of a workspace that was on Enterprise before. */
  readonly hasAccounts: boolean;
}

/** Says what the plan lacks and what an API key does meanwhile; stands where the button would be. */
export function PlanNotice({ plan, hasAccounts }: PlanNoticeProps) {
  return (
    <Notice
      tone={hasAccounts ? "warning" : "info"}
      title="Service accounts are part of the Enterprise plan"
      className="mb-4"
    >
      {hasAccounts
        ? `On the ${plan} plan the tokens and clients of these accounts are refused. They work again as soon as the workspace is back on Enterprise.`
        : `This workspace is on the ${plan} plan. An API key lets a program use the API here too, in the name of the person who makes it.`}
    </Notice>
  );
}
