// Launcher: brings the installation and the build up to date, then runs a script on the Node that Candor was tested with.
// It must work on Node 20 and in a clone without node_modules, so it imports nothing but Node itself.
//
//   node src/start.js                        install, build, serve
//   node src/start.js --build-only           install, build
//   node src/start.js <script> [arguments]   install, run that script
import { spawn } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { renameSync, rmSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
/** What Node compiled, kept for the next process: a command starts in half the time. */
const compiled = join(root, 'node_modules/.cache/candor-compiled');
const builds = join(root, 'build');
const builtFrom = [
	'src',
	'static',
	'package-lock.json',
	'svelte.config.js',
	'tsconfig.json',
	'vite.config.ts'
];
const oldestNode = [22, 18];
const longestBuild = 15 * 60_000;

try {
	process.exitCode = await start(process.argv.slice(2));
} catch (problem) {
	console.error(problem instanceof Error ? problem.message : problem);
	process.exitCode = 1;
}

/** @param {string[]} args */
async function start(args) {
	if (!isInstalled()) await alone(install);
	const [script, ...rest] = args;
	if (script && script !== '--build-only') return run(join(root, script), rest);

	const stamp = sourceStamp();
	if (!isBuilt(stamp)) await alone(() => build(stamp));
	return script ? 0 : run(join(root, 'src/server.ts'), []);
}

/** npm writes its own list of what is installed last of all, so an interrupted installation is seen as well. */
function isInstalled() {
	const installed = readPackages(join(root, 'node_modules/.package-lock.json'));
	if (!installed) return false;

	const wanted = Object.entries(readPackages(join(root, 'package-lock.json')) ?? {});
	return wanted.every(([path, { version, optional, link }]) => {
		if (path === '' || link) return true;
		return installed[path] ? installed[path].version === version : optional === true;
	});
}

/** @param {string} file @returns {Record<string, {version?: string, optional?: boolean, link?: boolean}> | undefined} */
function readPackages(file) {
	return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : undefined;
}

async function install() {
	if (isInstalled()) return;
	console.log('Installing what is missing (npm ci) …');
	const code = await run('npm', ['ci', '--no-fund', '--no-audit', '--loglevel=error'], { quiet: true });
	if (code !== 0) throw new Error('The installation failed; the lines above say why.');
}

/** A digest of everything that goes into the build. */
function sourceStamp() {
	const digest = createHash('sha256');
	for (const entry of builtFrom) {
		for (const file of filesIn(entry))
			digest
				.update(file)
				.update('\0')
				.update(readFileSync(join(root, file)));
	}
	return digest.digest('hex').slice(0, 16);
}

/** @param {string} entry @returns {string[]} */
function filesIn(entry) {
	const path = join(root, entry);
	if (!existsSync(path)) return [];
	if (!statSync(path).isDirectory()) return [entry];
	return readdirSync(path)
		.sort()
		.flatMap((name) => (name.endsWith('.test.ts') ? [] : filesIn(`${entry}/${name}`)));
}

/** @param {string} stamp */
function isBuilt(stamp) {
	return readCurrent() === stamp && existsSync(join(builds, stamp, 'handler.js'));
}

function readCurrent() {
	const file = join(builds, 'current');
	return existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined;
}

/**
 * Each build gets a folder of its own, named after its sources: a portal that runs keeps loading pages from the
 * folder it started with while the next one is made.
 * @param {string} stamp
 */
async function build(stamp) {
	if (isBuilt(stamp)) return;
	console.log('Building the portal …');
	const unfinished = join(builds, `unfinished-${process.pid}`);
	const vite = join(root, 'node_modules/vite/bin/vite.js');
	const environment = { BUILD_FOLDER: unfinished, NODE_ENV: 'production' };
	for (const which of [[], ['--config', 'src/vite-threads.config.ts']]) {
		const code = await run(vite, ['build', '--logLevel', 'warn', ...which], { quiet: true, environment });
		if (code !== 0) throw new Error('The build failed; the lines above say why.');
	}

	const previous = readCurrent();
	rmSync(join(builds, stamp), { recursive: true, force: true });
	renameSync(unfinished, join(builds, stamp));
	writeFileSync(join(builds, 'current.new'), `${stamp}\n`);
	renameSync(join(builds, 'current.new'), join(builds, 'current'));
	removeBuildsExcept([stamp, previous]);
}

/** @param {(string | undefined)[]} kept */
function removeBuildsExcept(kept) {
	for (const entry of readdirSync(builds, { withFileTypes: true })) {
		const folder = join(builds, entry.name);
		if (entry.isDirectory() && !kept.includes(entry.name) && !isServed(folder))
			rmSync(folder, { recursive: true, force: true });
	}
}

/**
 * Pages are loaded when they are first asked for: a build from which a portal still serves must stay (server.ts signs in).
 * @param {string} folder
 */
function isServed(folder) {
	return readdirSync(folder).some((name) => {
		const pid = Number(/^served-by-(\d+)$/.exec(name)?.[1] ?? 0);
		return pid > 0 && isAlive(pid);
	});
}

/**
 * Two starts at once take turns; whoever comes second finds the work done.
 * @param {() => Promise<void>} work
 */
async function alone(work) {
	mkdirSync(builds, { recursive: true });
	const lock = join(builds, 'lock');
	const mine = `${lock}-${randomUUID()}`;
	writeFileSync(mine, `${process.pid}`);
	try {
		while (!isLinked(mine, lock)) {
			if (isAbandoned(lock)) rmSync(lock, { force: true });
			else await pause(250);
		}
		try {
			await work();
		} finally {
			rmSync(lock, { force: true });
		}
	} finally {
		unlinkSync(mine);
	}
}

/** A hard link is made with its content or not at all. @param {string} from @param {string} to */
function isLinked(from, to) {
	try {
		linkSync(from, to);
		return true;
	} catch (problem) {
		if (codeOf(problem) === 'EEXIST') return false;
		throw problem;
	}
}

/** @param {string} lock */
function isAbandoned(lock) {
	try {
		if (Date.now() - statSync(lock).mtimeMs > longestBuild) return true;
		return !isAlive(Number(readFileSync(lock, 'utf8')));
	} catch {
		return false;
	}
}

/** @param {number} pid */
function isAlive(pid) {
	try {
		return process.kill(pid, 0);
	} catch (problem) {
		return codeOf(problem) !== 'ESRCH';
	}
}

/** @param {unknown} problem */
function codeOf(problem) {
	return problem instanceof Error && 'code' in problem ? problem.code : undefined;
}

/** The carried Node, or the one that runs where it is new enough to read TypeScript. */
function findNode() {
	const carried = join(root, 'node_modules/.bin/node');
	if (existsSync(carried)) return carried;

	const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
	const [leastMajor = 0, leastMinor = 0] = oldestNode;
	if (major > leastMajor || (major === leastMajor && minor >= leastMinor)) return process.execPath;
	throw new Error(
		`Candor carries its own Node for Linux only. Here it needs Node ${oldestNode.join('.')} or newer; this is ${process.version}.`
	);
}

/**
 * Runs a script on the right Node (or npm as it is), hands on signals, answers the exit code. What a quiet one prints
 * is shown only when it fails.
 * @param {string} script
 * @param {string[]} args
 * @param {{quiet?: boolean, environment?: Record<string, string>}} [options]
 * @returns {Promise<number>}
 */
function run(script, args, { quiet, environment } = {}) {
	const [command, ...words] = script === 'npm' ? ['npm', ...args] : [findNode(), script, ...args];
	const cache = script === 'npm' ? {} : { NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? compiled };
	const child = spawn(command ?? '', words, {
		cwd: quiet ? root : process.cwd(),
		stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit',
		env: { ...process.env, ...cache, ...environment },
		shell: process.platform === 'win32' && script === 'npm'
	});
	/** @type {Buffer[]} */
	const printed = [];
	child.stdout?.on('data', (chunk) => printed.push(chunk));
	child.stderr?.on('data', (chunk) => printed.push(chunk));
	const stopForwarding = forwardSignals(child);

	return new Promise((resolve, reject) => {
		child.on('error', reject);
		child.on('close', (code, signal) => {
			stopForwarding();
			if (code !== 0) process.stderr.write(Buffer.concat(printed));
			resolve(code ?? 128 + constants.signals[signal ?? 'SIGTERM']);
		});
	});
}

/** @param {import('node:child_process').ChildProcess} child */
function forwardSignals(child) {
	/** @type {NodeJS.Signals[]} */
	const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
	/** @param {NodeJS.Signals} signal */
	const forward = (signal) => {
		// A terminal sends Ctrl-C to the whole group; a second one would cut the portal off.
		if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
	};
	for (const signal of signals) process.on(signal, forward);
	// The shell in which npm runs this does not hand on signals, it only dies of them.
	const parent = process.ppid;
	const watch = setInterval(() => {
		if (!process.env.npm_lifecycle_event || process.ppid === parent) return;
		clearInterval(watch);
		child.kill('SIGTERM');
	}, 500);
	return () => {
		clearInterval(watch);
		for (const signal of signals) process.off(signal, forward);
	};
}
