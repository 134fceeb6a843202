import type { connections, syncSettings } from "@/db/schema/integrations";

/** A connection as it is stored. */
export type ConnectionRow = typeof connections.$inferSelect;
/** What a connection syncs, which way and when. */
export type SyncSettingsRow = typeof syncSettings.$inferSelect;
