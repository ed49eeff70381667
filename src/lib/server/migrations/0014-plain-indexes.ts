// Indexes that only serve look-ups are unique no longer where two may write the same row at the same moment: PostgreSQL sees to
// the conflict of the key alone, and a second unique index broke one of the two down.
import type { Kysely } from 'kysely';
import { makeIndex, type Index } from '../platform/database/tables.ts';

const indexes: Index[] = [
	['throttle_expire', 'throttle', ['expire', 'key'], false],
	['step_up_age', 'step_up', ['granted_at', 'person_id', 'session_id', 'action'], false],
	['gateway_message_at', 'gateway_message', ['at', 'id'], false],
	['stranger_stop_at', 'stranger_stop', ['at', 'channel', 'blind'], false]
];

export async function up(db: Kysely<never>): Promise<void> {
	for (const index of indexes) {
		await db.schema.dropIndex(index[0]).execute();
		await makeIndex(db, index);
	}
}
