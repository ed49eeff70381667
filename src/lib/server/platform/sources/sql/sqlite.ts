// SQLite as a source, in threads: one for each call at a time; one that does not come back is given up.
import { Worker } from 'node:worker_threads';
import { threadScript } from '../../threads.ts';
import { CallFailed, type Call } from '../driver.ts';
import type { DatabaseRow, Engine, Statement } from './engine.ts';
import type { Ask, Said } from './sqlite-thread.ts';
import { whenEnded } from './watched.ts';

/** What a thread may hold: a row that is larger ends it, and the call. */
const resourceLimits = { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 8 };
const idleMilliseconds = 60_000;

class Thread {
	readonly #worker: Worker;
	#answer: ((said: Said) => void) | undefined;
	idle: NodeJS.Timeout | undefined;
	gone = false;
	constructor(file: string, ended: (thread: Thread) => void) {
		this.#worker = new Worker(threadScript('lib/server/platform/sources/sql/sqlite-thread.ts'), {
			workerData: file,
			resourceLimits
		});
		this.#worker.unref();
		this.#worker.on('message', (said: Said) => this.#take(said));
		this.#worker.on('error', (error) => {
			this.gone = true;
			const { code } = error as { code?: string };
			this.#take({ failed: code ?? error.name });
		});
		this.#worker.on('exit', () => {
			this.gone = true;
			this.#take({ failed: 'ended' });
			ended(this);
		});
	}

	#take(said: Said): void {
		const answer = this.#answer;
		this.#answer = undefined;
		this.#worker.unref();
		answer?.(said);
	}

	ask(ask: Ask): Promise<Said> {
		this.#worker.ref();
		return new Promise((resolve) => {
			this.#answer = resolve;
			this.#worker.postMessage(ask);
		});
	}

	/** SQLite is not interrupted: it ends when a row comes, and counts as there until then. */
	stop(): Promise<unknown> {
		this.gone = true;
		return this.#worker.terminate();
	}
}

function failureOf(code: string): CallFailed {
	if (code === 'ERR_WORKER_OUT_OF_MEMORY') return new CallFailed('over-budget', code);
	const isAway = /^(SQLITE_(CANTOPEN|BUSY|IOERR|NOTADB|CORRUPT)|ERR_|ended)/.test(code);
	return new CallFailed(isAway ? 'unreachable' : 'refused', code);
}

/** As many threads as there may be calls at once; who comes later waits for one that is free again. */
class Threads {
	readonly #file: string;
	readonly #most: number;
	readonly #all = new Set<Thread>();
	readonly #free: Thread[] = [];
	readonly #waiting: (() => void)[] = [];
	constructor(file: string, most: number) {
		this.#file = file;
		this.#most = most;
	}

	async take(): Promise<Thread> {
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
	giveBack(thread: Thread): void {
		if (thread.gone) return;
		thread.idle = setTimeout(() => void thread.stop(), idleMilliseconds).unref();
		this.#free.push(thread);
		this.#waiting.shift()?.();
	}

	async close(): Promise<void> {
		await Promise.all([...this.#all].map((thread) => thread.stop()));
	}

	#start(): Thread {
		const thread = new Thread(this.#file, (ended) => {
			this.#all.delete(ended);
			clearTimeout(ended.idle);
			this.#waiting.shift()?.();
		});
		this.#all.add(thread);
		return thread;
	}
}

/** A thread for one call, ended with it. */
async function lend(threads: Threads, call: Call) {
	const thread = await threads.take();
	let given = false;
	const ask = async (wish: Ask): Promise<Exclude<Said, { failed: string }>> => {
		if (call.signal.aborted) throw new CallFailed('timed-out');
		const said = await thread.ask(wish);
		if ('failed' in said) throw failureOf(said.failed);
		return said;
	};
	whenEnded(call.signal, () => void (given || thread.stop()));
	const giveBack = () => {
		given = true;
		threads.giveBack(thread);
	};
	return { ask, giveBack };
}

async function* readFrom(
	threads: Threads,
	call: Call,
	{ text, values }: Statement
): AsyncGenerator<readonly DatabaseRow[]> {
	const { ask, giveBack } = await lend(threads, call);
	let bytes = 0;
	try {
		let said = await ask({ read: { text, values } });
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

async function changeIn(threads: Threads, call: Call, statements: readonly Statement[]): Promise<number[]> {
	const { ask, giveBack } = await lend(threads, call);
	try {
		const said = await ask({ change: statements });
		if (!('met' in said)) throw new CallFailed('not-understood');
		return said.met;
	} finally {
		giveBack();
	}
}

export function openSqlite(file: string, most: number): Engine {
	const threads = new Threads(file, most);
	return {
		mark: () => '?',
		bindable: (value) => (typeof value === 'boolean' ? Number(value) : value),
		read: (call, statement) => readFrom(threads, call, statement),
		change: (call, statements) => changeIn(threads, call, statements),
		close: () => threads.close()
	};
}
