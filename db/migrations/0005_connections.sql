ALTER TABLE "provider_budgets" ALTER COLUMN "paid_back_at_ms" SET DATA TYPE double precision;--> statement-breakpoint
ALTER TABLE "connect_states" ADD COLUMN "result" jsonb;