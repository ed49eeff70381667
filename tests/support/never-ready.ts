// An export that is being made by nobody: it stays so, and tests say how far it is.
import Database from 'better-sqlite3';
import { join } from 'node:path';
import type { RunningPortal } from './running-portal.ts';

const entries = 9;

export interface NeverReady {
	id: string;
	/** Says that so many of nine entries were read. */
	tell(done: number): void;
}

/** One of the only person who is signed in. */
export function neverReady({ dataFolder }: Pick<RunningPortal, 'dataFolder'>): NeverReady {
	const id = 'never-ready';
	const run = (sql: string, ...given: unknown[]) => {
		const database = new Database(join(dataFolder, 'portal.db'));
		database.prepare(sql).run(...given);
		database.close();
	};
	const progress = (done: number) => JSON.stringify({ phase: 'reading', done, expected: entries, volume: 1 });
	run(
		`insert into export (person_id, id, state, categories, language, created_at, attempts, progress)
			select person_id, ?, 'building', '', 'en', created_at, 1, ? from session`,
		id,
		progress(1)
	);
	return { id, tell: (done) => run('update export set progress = ? where id = ?', progress(done), id) };
}
