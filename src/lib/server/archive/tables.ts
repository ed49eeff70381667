// The archive database: what the law keeps of people who have left, sealed to keys that the portal does not hold.
import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { columnsOf } from '../platform/database/columns.ts';

/** One entry per person, ground and end date. In the clear: neither who it is about nor what it says. */
export interface ArchiveEntryTable {
	/** Made from the person's key, ground and end date: archiving twice writes one entry, and nobody makes it afterwards. */
	id: string;
	/** The description's retention rule. */
	ground: string;
	/** The day (`YYYY-MM-DD`) on which it is destroyed. */
	endsOn: string;
	records: number;
	/** An age file; empty once destroyed. */
	sealed: Buffer;
	createdAt: string;
	/** A legal hold: who ordered it, why, since when. It stops the end date. */
	heldBy: string | null;
	heldWhy: string | null;
	heldAt: string | null;
	destroyedAt: string | null;
}

export interface ArchiveSchema {
	archiveEntry: ArchiveEntryTable;
}

async function entries(db: Kysely<never>): Promise<void> {
	const { text, integer, sealed } = columnsOf(db);
	const required = (column: { notNull(): never }) => column.notNull();
	await db.schema
		.createTable('archive_entry')
		.addColumn('id', text, (column) => column.primaryKey().notNull())
		.addColumn('ground', text, required as never)
		.addColumn('ends_on', text, required as never)
		.addColumn('records', integer, required as never)
		.addColumn('sealed', sealed, required as never)
		.addColumn('created_at', text, required as never)
		.addColumn('held_by', text)
		.addColumn('held_why', text)
		.addColumn('held_at', text)
		.addColumn('destroyed_at', text)
		.execute();
	await db.schema
		.createIndex('archive_entry_due')
		.on('archive_entry')
		.column('ends_on' as never)
		.execute();
}

export const archiveMigrations: Record<string, Migration> = {
	'0001-entries': { up: entries as Migration['up'] }
};
