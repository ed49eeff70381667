// Kill tests: a real process opens the portal, works, and is killed with SIGKILL at a moment that a seed chooses; then it is
// started again, until it has ended by itself; then its databases, files and mails are looked at.
//
// To add a scenario:
//   1. write tests/faults/kills/<name>.ts with `export const <name> = scenario({ name, prepare, drive, check })`;
//      scenario.ts says what each step may rely on, withdrawals.ts is one to learn from;
//   2. add it to the list in scenarios.ts. `npm test` then kills it a few times, `npm run proof -- kills` many times.
// `drive` is begun anew after each kill: what it does must be resumable, or that is what the scenario finds out.
// After each kill the portal's clock moves past every lease (six minutes), so that nothing waits for the dead process.
//
// The seed repeats people and delays; which instruction a delay meets is up to the machine, so a failure may need
// several runs with its seed.
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { randomFrom, type Random } from '../../../src/lib/server/demonstration/random.ts';
import { readSettings } from '../../../src/lib/server/platform/settings.ts';
import { openPortal } from '../../../src/lib/server/portal.ts';
import { movableClock, type MovableClock } from '../../support/clock.ts';
import type { EmptyDatabase } from '../../support/empty-databases.ts';
import { startMailServer } from './mail-server.ts';
import type { Scenario, World } from './scenario.ts';
import { processEnvironment } from '../../support/process-environment.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const carried = join(root, 'node_modules/.bin/node');
const node = existsSync(carried) ? carried : process.execPath;

/** Longer than any lease. */
const minutesAfterKill = 6;
/** A round whose process never gets to its end shows nothing: after so many kills it is let through. */
const killsARound = 8;
/** How long after its first line a process lives at most; the moments crowd at the beginning, where most happens. */
const longestMilliseconds = 900;
/** A process that is not killed and does not end has got stuck. */
const stuckMilliseconds = 90_000;

export interface KillRun {
	scenario: Scenario;
	seed: string;
	kills: number;
	emptyDatabase(name: string): Promise<EmptyDatabase>;
	log?(line: string): void;
}

/** Kills a scenario's process so often, over as many rounds as that takes. Throws what a check found. */
export async function killOften(run: KillRun): Promise<{ kills: number; rounds: number }> {
	let kills = 0;
	let rounds = 0;
	while (kills < run.kills) {
		const seed = `${run.seed} ${run.scenario.name} ${++rounds}`;
		const most = Math.min(killsARound, run.kills - kills);
		kills += await oneRound(run, randomFrom(seed), most).catch((problem: unknown) => {
			throw new Error(`${run.scenario.name}, seed "${seed}"`, { cause: problem });
		});
		run.log?.(`${run.scenario.name}: ${kills} kills in ${rounds} rounds`);
	}
	return { kills, rounds };
}

/** From empty databases to the end of the process; answers how often it was killed on the way. */
async function oneRound(run: KillRun, random: Random, mostKills: number): Promise<number> {
	const folder = mkdtempSync(join(tmpdir(), 'candor-kills-'));
	const databases: EmptyDatabase[] = [];
	for (const name of ['portal', 'keys', 'archive']) databases.push(await run.emptyDatabase(name));
	const mail = await startMailServer({ slow: run.scenario.slowMail ?? false });
	try {
		const [portal, keys, archive] = databases.map(({ url }) => url) as [string, string, string];
		const environment = {
			CANDOR_DESCRIPTION: 'tests/support/third-organisation',
			CANDOR_DATA: join(folder, 'data'),
			CANDOR_DATABASE_URL: portal,
			CANDOR_KEYS_URL: keys,
			CANDOR_ARCHIVE_URL: archive,
			CANDOR_MASTER_KEYS: `1:${randomBytes(32).toString('base64')}`,
			CANDOR_SMTP_URL: mail.url,
			ORIGIN: 'http://localhost:3000',
			LOG_LEVEL: 'error',
			...run.scenario.settings
		};
		const clock = movableClock(join(folder, 'clock'));
		const world = { random, folder: environment.CANDOR_DATA, mails: mail.mails, kills: 0 };
		return await killUntilDone(run.scenario, { folder, environment, clock, world, mostKills });
	} finally {
		await mail.close();
		for (const database of databases) await database.remove();
		rmSync(folder, { recursive: true, force: true });
	}
}

interface Round {
	folder: string;
	environment: Record<string, string>;
	clock: MovableClock;
	world: Omit<World, 'ctx'>;
	mostKills: number;
}

async function killUntilDone(scenario: Scenario, round: Round): Promise<number> {
	const { world, clock } = round;
	const given = await withWorld(round, (world) => scenario.prepare(world));
	const givenFile = join(round.folder, 'given.json');
	writeFileSync(givenFile, JSON.stringify(given));
	const args = [scenario.name, clock.file, givenFile];
	while (await runAndKill(round, args)) {
		world.kills += 1;
		clock.pass(minutesAfterKill, 'minutes');
		if (scenario.checkKilled) await withWorld(round, (world) => scenario.checkKilled?.(world, given));
	}
	await withWorld(round, (world) => scenario.check(world, given));
	return world.kills;
}

async function withWorld<Result>(
	{ environment, clock, world }: Round,
	look: (world: World) => Promise<Result> | undefined
): Promise<Result | undefined> {
	const settings = readSettings({ ...environment, LOG_LEVEL: 'silent' });
	if ('problems' in settings) throw new Error(JSON.stringify(settings.problems));
	const portal = await openPortal(settings, { clock });
	try {
		return await look({ ...world, ctx: portal.contextFor('portal') });
	} finally {
		await portal.close();
	}
}

/** Starts the process and kills it at some moment; false when it had ended by itself before. */
async function runAndKill({ environment, world, mostKills }: Round, args: string[]): Promise<boolean> {
	const { random } = world;
	const child = spawn(node, [join(root, 'tests/faults/kills/process.ts'), ...args], {
		cwd: root,
		env: { ...processEnvironment, ...environment },
		stdio: ['ignore', 'pipe', 'pipe']
	});
	const killAtExit = () => child.kill('SIGKILL');
	process.once('exit', killAtExit);
	let said = '';
	child.stderr.on('data', (chunk) => (said += String(chunk)));
	const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
	const isLast = world.kills >= mostKills;
	// Now and then while it opens its databases, usually while it works.
	const early = random.chance(0.15);
	const delay = random.fraction() ** 2 * longestMilliseconds;
	if (isLast) setTimeout(() => child.kill('SIGABRT'), stuckMilliseconds).unref();
	else void (early ? pause(delay) : begun(child).then(() => pause(delay))).then(() => child.kill('SIGKILL'));
	const code = await ended;
	process.off('exit', killAtExit);
	if (code !== null && code !== 0) throw new Error(`the process ended with ${code}: ${said}`);
	if (code === null && isLast) throw new Error(`the process did not come to its end: ${said}`);
	return code === null;
}

const begun = (child: ChildProcess): Promise<void> =>
	new Promise((resolve) => void child.stdout?.once('data', () => resolve()));
