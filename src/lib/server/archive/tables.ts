// The archive database: what the law keeps of people who have left, sealed to keys that the portal does not hold.
import type { Migration } from 'kysely/migration';
import { makeTables, type Index, type Table } from '../platform/database/tables.ts';

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

const tables: Record<string, Table> = {
	archive_entry: {
		columns: {
			id: 'text',
			ground: 'text',
			ends_on: 'text',
			records: 'integer',
			sealed: 'sealed',
			created_at: 'text',
			held_by: 'text?',
			held_why: 'text?',
			held_at: 'text?',
			destroyed_at: 'text?'
		},
		key: ['id']
	}
};

const indexes: Index[] = [['archive_entry_due', 'archive_entry', ['ends_on', 'id'], true]];

export const archiveMigrations: Record<string, Migration> = {
	'0001-entries': { up: (db) => makeTables(db as never, tables, indexes) }
};
