// `npm test`: every check there is, one after the other, counted from the runners' own reports.
//
//   npm test                      everything
//   npm test -- unit promises     some steps, by name
//   npm test -- lint              eslint, prettier, stylelint, knip
import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureChromium } from './support/chromium.ts';
import { ensureMariadb } from './support/mariadb.ts';
import { readPlaywright, readVitest, type Count } from './support/reports.ts';

const nothing: Count = { passed: 0, failed: 0, skipped: 0, failures: [], failedFiles: [] };

interface Step {
	name: string;
	group?: 'lint';
	/** Commands in order; the step fails with the first that fails. */
	commands: string[][];
	prepare?: () => Promise<void>;
	/** Reads the runner's report; a step without one counts as a single test. */
	read?: () => Count;
	/** Takes files with failed tests once more, alone. What passes then is unsteady: it counts as passed, and is named. */
	again?: (files: string[]) => string[];
}

const root = fileURLToPath(new URL('..', import.meta.url));
const results = join(root, 'test-results');
const longestStep = 30 * 60_000;
/** Files with failed tests that are taken once more; beyond, something is broken, and is told at once. */
const mostRepeated = 5;
const reports = { unit: join(results, 'unit.json'), promises: join(results, 'promises.json') };

const vitest = ['vitest', 'run', '--reporter=dot', '--reporter=json', `--outputFile.json=${reports.unit}`];
const formatted = ['src', 'static', 'tests', '*.{js,ts,json}', '!static/schemas', '!tests/**/*.yaml'];

/** Rounds, one after the other; what stands in one round reads only and goes side by side. */
const rounds: Step[][] = [
	[{ name: 'routes', commands: [['svelte-kit', 'sync']] }],
	[
		{ name: 'types', commands: [['svelte-check', '--output', 'machine', '--fail-on-warnings']] },
		{ name: 'eslint', group: 'lint', commands: [['eslint', '.', '--max-warnings', '0']] },
		{ name: 'prettier', group: 'lint', commands: [['prettier', '--check', ...formatted]] },
		{
			name: 'stylelint',
			group: 'lint',
			commands: [['stylelint', 'src/lib/styles/*.css', 'src/**/*.svelte', '--max-warnings', '0']]
		},
		{ name: 'knip', group: 'lint', commands: [['knip', '--no-progress']] }
	],
	[{ name: 'build', commands: [['node', 'src/start.js', '--build-only']] }],
	[
		{
			name: 'unit',
			prepare: ensureMariadb,
			commands: [vitest],
			read: () => readVitest(reports.unit),
			again: (files) => [...vitest, '--maxWorkers=1', ...files]
		}
	],
	[
		{
			name: 'promises',
			prepare: ensureChromium,
			commands: [['playwright', 'test']],
			read: () => readPlaywright(reports.promises),
			again: () => ['playwright', 'test', '--last-failed', '--workers=1']
		}
	]
];
const steps = rounds.flat();

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !steps.some((step) => step.name === name || step.group === name));
if (unknown.length) {
	console.error(
		`There is no step ${unknown.join(', ')}. Steps: lint, ${steps.map(({ name }) => name).join(', ')}.`
	);
	process.exit(2);
}
rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });

const total: Count = { ...nothing, failures: [] };
const unsteady: string[] = [];
const isWanted = ({ name, group = name }: { name: string; group?: string }) =>
	!wanted.length || wanted.includes(name) || wanted.includes(group);
for (const round of rounds.map((round) => round.filter(isWanted)).filter(({ length }) => length)) {
	console.log(`… ${round.map(({ name }) => name).join(', ')}`);
	await Promise.all(round.map(take));
}
if (unsteady.length) console.log(`\nPassed only when run again, alone:\n${unsteady.join('\n')}`);
if (total.failures.length) console.log(`\nFailed:\n${total.failures.join('\n')}`);
console.log(
	`\n${total.passed} passed, ${total.failed} failed${total.skipped ? `, ${total.skipped} skipped` : ''}`
);
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;

/** Runs one step; whatever goes wrong in it is a failure to count, never the end of the run. */
async function take(step: Step): Promise<void> {
	const { name, again } = step;
	const startedAt = performance.now();
	const first = await outcome(step);
	const isRepeated = again && first.failedFiles.length > 0 && first.failedFiles.length <= mostRepeated;
	const second = isRepeated ? await outcome({ ...step, commands: [again(first.failedFiles)] }) : first;
	const mended = first.failed - second.failed;
	const time = `${Math.round((performance.now() - startedAt) / 1_000)} s`.padStart(6);
	console.log(`${name.padEnd(10)} ${first.passed + mended} passed, ${second.failed} failed  ${time}`);
	total.passed += first.passed + mended;
	total.failed += second.failed;
	total.skipped += first.skipped;
	total.failures.push(...listed(name, second.failures));
	if (mended) unsteady.push(...listed(name, first.failures));
}

function listed(name: string, failures: string[]): string[] {
	return failures.map((failure) => `· ${name}: ${failure.replaceAll('\n', '\n    ')}`);
}

async function outcome({ name, commands, prepare, read }: Step): Promise<Count> {
	const log = join(results, `${name}.log`);
	const failed = (why: string): Count => ({ ...nothing, failed: 1, failures: [why] });
	try {
		await prepare?.();
		for (const [index, command] of commands.entries()) {
			const code = await run(command, log);
			if (read && index === commands.length - 1) return checked(read(), code);
			if (code !== 0) return failed(lastLines(log));
		}
		return { ...nothing, passed: 1 };
	} catch (problem) {
		return failed(`${problem instanceof Error ? problem.message : problem}\n${lastLines(log)}`);
	}
}

/** A runner that fails without naming a failed test has failed all the same. */
function checked(count: Count, code: number): Count {
	if (code === 0 || count.failed > 0) return count;
	return { ...count, failed: 1, failures: [`the runner ended with code ${code}`] };
}

function run([command = '', ...args]: string[], log: string): Promise<number> {
	const path = [join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter);
	const output = createWriteStream(log, { flags: 'a' });
	return new Promise((resolve, reject) => {
		const child = spawn(command, args, {
			cwd: root,
			env: { ...process.env, PATH: path, NO_COLOR: '1', FORCE_COLOR: undefined },
			stdio: ['ignore', 'pipe', 'pipe'],
			timeout: longestStep
		});
		child.stdout.pipe(output, { end: false });
		child.stderr.pipe(output, { end: false });
		child.on('error', reject);
		child.on('close', (code) => output.end(() => resolve(code ?? 1)));
	});
}

function lastLines(log: string): string {
	const lines = readFileSync(log, 'utf8').trimEnd().split('\n');
	return [...lines.slice(-40), `(all of it in ${log.slice(root.length)})`].join('\n');
}
