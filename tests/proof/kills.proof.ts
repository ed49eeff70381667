// SIGKILL at random moments, on SQLite and on PostgreSQL, over every scenario of tests/faults/kills.
//   CANDOR_PROOF_KILLS=40           fewer, for a first look
//   CANDOR_PROOF_SCENARIOS=exports  these alone, by their names
import { startPostgres } from '../support/postgres.ts';
import { emptyPostgres, emptySqlite, type EmptyDatabase } from '../support/empty-databases.ts';
import { killOften } from '../faults/kills/harness.ts';
import { scenarios, scenariosOn } from '../faults/kills/scenarios.ts';
import type { Proof } from '../proof.ts';

const wanted = Number(process.env['CANDOR_PROOF_KILLS'] ?? 200);
const chosen = process.env['CANDOR_PROOF_SCENARIOS']?.split(',');
const chosenOn = (engine: 'sqlite' | 'postgres') =>
	scenariosOn(engine).filter(({ name }) => chosen?.includes(name) ?? true);

export const proof: Proof = async ({ seed, log }) => {
	const postgres = await startPostgres();
	const engines: Record<string, (name: string) => Promise<EmptyDatabase>> = {
		SQLite: emptySqlite,
		PostgreSQL: (name) => emptyPostgres(postgres.url, name)
	};
	const each = Math.ceil(wanted / (chosenOn('sqlite').length + chosenOn('postgres').length));
	let kills = 0;
	let rounds = 0;
	try {
		for (const [engine, emptyDatabase] of Object.entries(engines))
			for (const scenario of chosenOn(engine === 'SQLite' ? 'sqlite' : 'postgres')) {
				const run = {
					scenario,
					seed: `${seed} ${engine}`,
					kills: Math.max(each, scenario.leastKills?.many ?? 0),
					emptyDatabase
				};
				const done = await killOften({ ...run, log: (line) => log(`${engine} ${line}`) });
				kills += done.kills;
				rounds += done.rounds;
			}
	} finally {
		await postgres.stop();
	}
	const names = scenarios.map(({ name }) => name).filter((name) => chosen?.includes(name) ?? true);
	return {
		told: `${kills} kills in ${rounds} rounds of ${names.join(', ')}, on SQLite and PostgreSQL: nothing lost`
	};
};
