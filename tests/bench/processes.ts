// What is measured runs as processes of their own, as an operator would start them; all end with the benchmarks.
import { execFile, execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

export const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Running {
	address: string;
	/** Resident memory now; undefined where the system does not tell. */
	memory(): number | undefined;
	stop(): Promise<void>;
}

/** Starts a script and waits for a line that ends in its address. */
export function start(script: string, environment: Record<string, string>): Promise<Running> {
	const child = spawn(process.execPath, [...profiling(), script], {
		cwd: root,
		env: { ...withoutSettings(), ...environment },
		stdio: ['ignore', 'pipe', 'inherit']
	});
	process.once('exit', () => child.kill('SIGKILL'));
	return new Promise((ready, fail) => {
		createInterface({ input: child.stdout }).on('line', (line) => {
			const address = /(http:\/\/\S+)$/.exec(line)?.[1]?.replace('0.0.0.0', 'localhost');
			if (address) ready({ address, memory: () => memoryOf(child.pid), stop: () => end(child) });
		});
		child.once('exit', (code) => fail(new Error(`${script} ended with code ${code} before it was ready`)));
	});
}

/** `CANDOR_BENCH_PROFILE=<folder>` writes where each process spends its time. */
function profiling(): string[] {
	const folder = process.env.CANDOR_BENCH_PROFILE;
	return folder ? ['--cpu-prof', `--cpu-prof-dir=${folder}`] : [];
}

/** What the developer has set must not change what is measured. */
function withoutSettings(): NodeJS.ProcessEnv {
	const foreign = /^(CANDOR_|NODE_ENV$|NODE_OPTIONS$|ORIGIN$|HOST$|PORT$)/;
	return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
}

function memoryOf(pid = 0): number | undefined {
	try {
		const kilobytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
		return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
	} catch {
		return undefined;
	}
}

function end(child: ChildProcess): Promise<void> {
	return new Promise((ended) => {
		if (child.exitCode !== null || child.signalCode !== null) return ended();
		child.once('exit', () => ended());
		child.kill('SIGTERM');
	});
}

/** The settings of a demonstration in that folder. */
export const demonstrationIn = (dataFolder: string): Record<string, string> => ({
	CANDOR_DEMONSTRATION: '1',
	CANDOR_DESCRIPTION: 'examples/classting',
	CANDOR_DATA: dataFolder,
	LOG_LEVEL: 'error'
});

let built = false;

/** The production build, made first where it is stale. */
export function startPortal(dataFolder: string): Promise<Running> {
	if (!built)
		execFileSync(process.execPath, ['src/start.js', '--build-only'], {
			cwd: root,
			stdio: ['ignore', 'ignore', 'inherit']
		});
	built = true;
	return start(join(root, 'src/server.ts'), { ...demonstrationIn(dataFolder), PORT: '0', HOST: '127.0.0.1' });
}

/** Runs a command of the portal; answers what it says as JSON. */
export function candor(dataFolder: string, ...words: string[]): unknown {
	const said = execFileSync(process.execPath, ['src/command/candor.ts', '--json', ...words], {
		cwd: root,
		env: { ...withoutSettings(), ...demonstrationIn(dataFolder) },
		stdio: ['ignore', 'pipe', 'inherit'],
		encoding: 'utf8'
	});
	return JSON.parse(said);
}

/** The same beside whatever else is measured meanwhile. */
export async function candorBeside(dataFolder: string, ...words: string[]): Promise<unknown> {
	const { stdout } = await run(process.execPath, ['src/command/candor.ts', '--json', ...words], {
		cwd: root,
		env: { ...withoutSettings(), ...demonstrationIn(dataFolder) }
	});
	return JSON.parse(stdout);
}
