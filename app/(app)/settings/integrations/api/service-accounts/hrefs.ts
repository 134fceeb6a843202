export const serviceAccountsHref = "/settings/integrations/api/service-accounts";
export const serviceAccountHref = (id: string) => `${serviceAccountsHref}/${id}`;
