// The production build as a process of its own, on a free port, with data and a clock of its own.
import { spawn, type ChildProcess } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { movableClock, type MovableClock } from './clock.ts';
import { processEnvironment } from './process-environment.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

const carried = join(root, 'node_modules/.bin/node');
const node = existsSync(carried) ? carried : process.execPath;

export type Example = 'classting' | 'classerium';

export interface RunningPortal {
	/** `http://localhost:<port>` */
	address: string;
	dataFolder: string;
	clock: MovableClock;
	/** What the process has printed so far. */
	output(): string;
	/** Stops the process, runs `between`, and starts it again on the same data and port. */
	restart(between?: () => void): Promise<void>;
	/** Ends the process in peace: running requests and work come to their end. */
	end(): Promise<void>;
	/** `keepAs`: a folder to which the data is copied when the process has ended. */
	stop(keepAs?: string): Promise<void>;
}

export interface PortalOptions {
	example?: Example;
	/** More settings, such as CANDOR_DATABASE_URL; the demonstration stays on. */
	settings?: Record<string, string>;
	/** A data folder to begin with; it is copied. */
	from?: string;
	/** The instant at which its people are invented and it opens. */
	startsAt?: string | undefined;
	/** No file that it writes may grow beyond so many kilobytes: to the process the disk is full then. */
	largestFileKilobytes?: number;
}

export async function startPortal({
	example = 'classting',
	settings = {},
	from,
	startsAt,
	largestFileKilobytes
}: PortalOptions = {}): Promise<RunningPortal> {
	const folder = mkdtempSync(join(tmpdir(), 'candor-portal-'));
	const dataFolder = join(folder, 'data');
	if (from) cpSync(from, dataFolder, { recursive: true });
	const clock = movableClock(join(folder, 'clock'), startsAt);
	const environment = {
		...withoutSettings(process.env),
		...processEnvironment,
		CANDOR_DEMONSTRATION: '1',
		CANDOR_DESCRIPTION: `examples/${example}`,
		CANDOR_DATA: dataFolder,
		CANDOR_CLOCK_FILE: clock.file,
		...settings
	};
	let running = await run({ ...environment, PORT: '0' }, largestFileKilobytes);
	const { address } = running;
	return {
		address,
		dataFolder,
		clock,
		output: () => running.output(),
		restart: async (between) => {
			await end(running.child);
			between?.();
			running = await run({ ...environment, PORT: new URL(address).port });
		},
		end: () => end(running.child),
		stop: async (keepAs) => {
			// Nobody looks at data that is thrown away: an end in peace, which waits for running work, is for what is kept.
			await end(running.child, keepAs ? 'SIGTERM' : 'SIGKILL');
			if (keepAs) cpSync(dataFolder, keepAs, { recursive: true });
			rmSync(folder, { recursive: true, force: true });
		}
	};
}

/** What the developer has set must not change what is tested. */
function withoutSettings(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
	const foreign = /^(CANDOR_|NODE_ENV$|NODE_OPTIONS$|ORIGIN$|HOST$|PORT$|VITEST)/;
	return Object.fromEntries(Object.entries(environment).filter(([name]) => !foreign.test(name)));
}

/** Starts a process and waits for the line that tells its address. */
function run(
	environment: NodeJS.ProcessEnv,
	largestFileKilobytes?: number
): Promise<{ address: string; child: ChildProcess; output: () => string }> {
	const server = [node, join(root, 'src/server.ts')];
	// POSIX counts in blocks of 512 bytes.
	const limit = largestFileKilobytes && `ulimit -f ${largestFileKilobytes * 2}; exec "$0" "$@"`;
	const [command = '', ...args] = limit ? ['sh', '-c', limit, ...server] : server;
	const child = spawn(command, args, {
		cwd: root,
		env: environment,
		stdio: ['ignore', 'pipe', 'pipe']
	});
	const lines: string[] = [];
	const output = () => lines.join('\n');
	process.once('exit', () => child.kill('SIGKILL'));
	createInterface({ input: child.stderr }).on('line', (line) => lines.push(line));
	return new Promise((ready, fail) => {
		createInterface({ input: child.stdout }).on('line', (line) => {
			lines.push(line);
			const address = /^Candor is at (\S+)$/.exec(line)?.[1];
			if (address) ready({ address, child, output });
		});
		child.once('exit', (code) =>
			fail(new Error(`The portal ended with code ${code} before it was ready:\n${output()}`))
		);
	});
}

/** SIGTERM, and SIGKILL for one that does not end in peace within 15 seconds. */
function end(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
	return new Promise((ended) => {
		if (child.exitCode !== null || child.signalCode !== null) return ended();
		const force = setTimeout(() => child.kill('SIGKILL'), 15_000);
		child.once('exit', () => {
			clearTimeout(force);
			ended();
		});
		child.kill(signal);
	});
}
