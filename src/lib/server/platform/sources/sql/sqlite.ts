// SQLite as a source, in processes of its own: one for each call at a time; one that does not come back is ended.
import { fork, type ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import { threadScript } from '../../threads.ts';
import { CallFailed, type Call } from '../driver.ts';
import { mostBetweenPages, type DatabaseRow, type Engine, type Statement } from './engine.ts';
import type { Ask, Said } from './sqlite-process.ts';
import { whenEnded } from './watched.ts';

const script = threadScript('lib/server/platform/sources/sql/sqlite-process.ts');
/** What a process may hold: a row that is larger ends it, and the call. */
const memoryMegabytes = 160;
const idleMilliseconds = 60_000;

class Helper {
	readonly #process: ChildProcess;
	#answer: ((said: Said) => void) | undefined;
	idle: NodeJS.Timeout | undefined;
	gone = false;
	constructor(file: string, ended: (helper: Helper) => void) {
		this.#process = fork(script, [file], {
			serialization: 'advanced',
			// It needs no secret of ours.
			env: {},
			execArgv: [`--max-old-space-size=${memoryMegabytes}`],
			// Its input ends with us, however we end, and it with its input.
			stdio: ['pipe', 'ignore', 'ignore', 'ipc']
		});
		const input = this.#process.stdin as Socket | null;
		input?.on('error', () => undefined).unref();
		this.#rest();
		this.#process.on('message', (said: Said) => this.#take(said));
		const over = (failed: string) => {
			this.gone = true;
			this.#take({ failed });
			ended(this);
		};
		this.#process.on('error', () => {
			this.stop();
			// One that never began never exits.
			if (this.#process.pid === undefined) over('ended');
		});
		// Ended by nobody but itself: it held more than it may.
		this.#process.on('exit', (code, signal) => over(code || signal === 'SIGABRT' ? 'memory' : 'ended'));
	}

	/** Keeps nobody alive while it has nothing to do. */
	#rest(): void {
		this.#process.unref();
		this.#process.channel?.unref();
	}

	#take(said: Said): void {
		const answer = this.#answer;
		this.#answer = undefined;
		this.#rest();
		answer?.(said);
	}

	async ask(ask: Ask): Promise<Said> {
		if (!this.#process.connected) return { failed: 'ended' };
		this.#process.channel?.ref();
		return new Promise((resolve) => {
			this.#answer = resolve;
			this.#process.send(ask, (error) => error && this.#take({ failed: 'ended' }));
		});
	}

	stop(): void {
		this.gone = true;
		this.#process.kill('SIGKILL');
	}
}

function failureOf(code: string): CallFailed {
	if (code === 'memory' || code === 'bytes') return new CallFailed('over-budget', code);
	const isAway = /^(SQLITE_(CANTOPEN|BUSY|IOERR|NOTADB|CORRUPT)|ended)/.test(code);
	return new CallFailed(isAway ? 'unreachable' : 'refused', code);
}

/** As many processes as there may be calls at once; who comes later waits for one that is free again. */
class Helpers {
	readonly #file: string;
	readonly #most: number;
	readonly #all = new Set<Helper>();
	readonly #free: Helper[] = [];
	readonly #waiting: (() => void)[] = [];
	constructor(file: string, most: number) {
		this.#file = file;
		this.#most = most;
	}

	async take(): Promise<Helper> {
		for (;;) {
			const free = this.#free.pop();
			if (free && !free.gone) {
				clearTimeout(free.idle);
				return free;
			}
			if (!free && this.#all.size < this.#most) return this.#start();
			if (!free) await new Promise<void>((resolve) => this.#waiting.push(resolve));
		}
	}

	/** One that was ended counts until it really is, so that those that hang are never many. */
	giveBack(helper: Helper): void {
		if (helper.gone) return;
		helper.idle = setTimeout(() => helper.stop(), idleMilliseconds).unref();
		this.#free.push(helper);
		this.#waiting.shift()?.();
	}

	async close(): Promise<void> {
		for (const helper of this.#all) helper.stop();
	}

	#start(): Helper {
		const helper = new Helper(this.#file, (ended) => {
			this.#all.delete(ended);
			clearTimeout(ended.idle);
			this.#waiting.shift()?.();
		});
		this.#all.add(helper);
		return helper;
	}
}

/** A process for one call, ended with it. */
async function lend(helpers: Helpers, call: Call) {
	const helper = await helpers.take().catch(() => {
		throw failureOf('ended');
	});
	let given = false;
	const ask = async (wish: Ask): Promise<Exclude<Said, { failed: string }>> => {
		if (call.signal.aborted) throw new CallFailed('timed-out');
		const said = await helper.ask(wish);
		if ('failed' in said) throw failureOf(said.failed);
		return said;
	};
	whenEnded(call.signal, () => {
		if (!given) helper.stop();
	});
	const giveBack = () => {
		given = true;
		helpers.giveBack(helper);
	};
	return { ask, giveBack };
}

async function* readFrom(
	helpers: Helpers,
	call: Call,
	{ text, values }: Statement
): AsyncGenerator<readonly DatabaseRow[]> {
	const { ask, giveBack } = await lend(helpers, call);
	let bytes = 0;
	try {
		let said = await ask({ read: { text, values }, most: Math.min(call.bytes, mostBetweenPages) });
		for (;;) {
			if (!('rows' in said)) throw new CallFailed('not-understood');
			bytes += said.bytes;
			if (bytes > call.bytes) throw new CallFailed('over-budget', 'bytes');
			if (said.rows.length) yield said.rows;
			if (said.done) return;
			said = await ask({ more: true });
		}
	} finally {
		giveBack();
	}
}

async function changeIn(helpers: Helpers, call: Call, statements: readonly Statement[]): Promise<number[]> {
	const { ask, giveBack } = await lend(helpers, call);
	try {
		const said = await ask({ change: statements });
		if (!('met' in said)) throw new CallFailed('not-understood');
		return said.met;
	} finally {
		giveBack();
	}
}

export function openSqlite(file: string, most: number): Engine {
	const helpers = new Helpers(file, most);
	return {
		mark: () => '?',
		bindable: (value) => (typeof value === 'boolean' ? Number(value) : value),
		read: (call, statement) => readFrom(helpers, call, statement),
		change: (call, statements) => changeIn(helpers, call, statements),
		close: () => helpers.close()
	};
}
