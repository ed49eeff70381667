// The thread that builds and encrypts: started with the first export, kept, and started anew when it dies.
import { Worker } from 'node:worker_threads';
import type { Context } from '../context.ts';
import { instant } from '../platform/clock.ts';
import type { Settings } from '../platform/settings.ts';
import { threadScript } from '../platform/threads.ts';
import type { Built } from './build.ts';
import { manifestType } from './building/manifest.ts';
import type { Encrypted, Encrypting } from './encrypting.ts';
import type { Job } from './job.ts';
import type { Answer, Ending, Equipment, LockOrder, Order, Question, Result, Signature } from './orders.ts';
import type { Progress } from './progress.ts';

/** The thread was ended from outside: nothing is wrong with the export, which goes on where it was. */
export class ThreadStopped extends Error {}

/** How whoever wants an export built looks at it meanwhile. */
export interface Looking {
	signal?: AbortSignal;
	/** Above so many records that others should not have to wait. */
	isLarge?: boolean;
	tell?(progress: Progress): void;
}

interface Waiting {
	signer: Context['signer'];
	tell(progress: Progress): void;
	resolve(result: Result): void;
	reject(error: Error): void;
}

const idleMinutes = 2;

/** Builds exports in a thread of its own, so that pages stay quick meanwhile: small ones in turn, and beside them one large one. */
export class BuildThread {
	#worker: Worker | undefined;
	#waiting = new Map<number, Waiting>();
	#count = 0;
	#idle: NodeJS.Timeout | undefined;
	#isStopping = false;

	/** Rejects with the reason of the signal when that ends it, with `ThreadStopped` when the portal closes. */
	async build(ctx: Context, job: Job, looking: Looking = {}): Promise<Built> {
		const key = await ctx.keys.of(job.personId);
		const order = { job, key, now: instant(ctx.clock.now()), isLarge: looking.isLarge ?? false };
		return (await this.#ask(ctx, order, looking)) as Built;
	}

	/** Encrypts volumes of one person, beside whatever is built. Rejects as `build` does. */
	async encrypt(
		ctx: Context,
		personId: string,
		encrypting: Encrypting,
		signal: AbortSignal
	): Promise<Encrypted[]> {
		const key = await ctx.keys.of(personId);
		return (await this.#ask(ctx, { encrypting, key }, { signal })) as Encrypted[];
	}

	async stop(): Promise<void> {
		clearTimeout(this.#idle);
		this.#isStopping = true;
		await this.#worker?.terminate();
		this.#worker = undefined;
		this.#isStopping = false;
	}

	async #ask(
		{ signer, settings, organisation, sourceSecrets }: Context,
		order: Omit<Order, 'number'> | Omit<LockOrder, 'number'>,
		{ signal, tell = () => undefined }: Looking
	): Promise<Result> {
		signal?.throwIfAborted();
		clearTimeout(this.#idle);
		const number = ++this.#count;
		const worker = this.#running({ settings, organisation, sourceSecrets });
		const end = () => worker.postMessage({ number, end: true } satisfies Ending);
		signal?.addEventListener('abort', end, { once: true });
		try {
			return await new Promise<Result>((resolve, reject) => {
				this.#waiting.set(number, { signer, tell, resolve, reject });
				worker.postMessage({ number, ...order } satisfies Order | LockOrder);
			});
		} catch (error) {
			signal?.throwIfAborted();
			throw error;
		} finally {
			signal?.removeEventListener('abort', end);
		}
	}

	#running(equipment: Equipment): Worker {
		if (this.#worker) return this.#worker;
		const worker = new Worker(threadScript('build-exports.ts'), {
			workerData: equipment,
			resourceLimits: { maxYoungGenerationSizeMb: 8 }
		});
		worker.unref();
		worker.on('message', (said: Answer | Question) => {
			if (!('manifest' in said)) return this.#take(said);
			// Without an answer the thread would wait for ever, and so would every export after this one.
			this.#sign(worker, said).catch(() => worker.terminate());
		});
		worker.on('error', () => undefined);
		worker.on('exit', () => this.#ended(worker));
		this.#worker = worker;
		return worker;
	}

	async #sign(worker: Worker, { number, manifest }: Question): Promise<void> {
		const signature = await this.#waiting.get(number)?.signer.signDetached(manifestType, manifest);
		worker.postMessage({ number, signature: signature ?? '' } satisfies Signature);
	}

	#take(answer: Answer): void {
		const waiting = this.#waiting.get(answer.number);
		if ('progress' in answer) return waiting?.tell(answer.progress);
		this.#waiting.delete(answer.number);
		if ('result' in answer) waiting?.resolve(answer.result);
		else waiting?.reject(Object.assign(new Error('an export was not built'), answer.failed));
		if (this.#waiting.size === 0)
			this.#idle = setTimeout(() => void this.stop(), idleMinutes * 60_000).unref();
	}

	/** Whatever waited for a thread that is gone fails, and is due again. */
	#ended(worker: Worker): void {
		if (this.#worker === worker) this.#worker = undefined;
		const why = this.#isStopping ? new ThreadStopped() : new Error('the building thread ended');
		for (const { reject } of this.#waiting.values()) reject(why);
		this.#waiting.clear();
	}
}

const threads = new WeakMap<Settings, BuildThread>();

/** The building thread of this portal. */
export function threadOf(settings: Settings): BuildThread {
	const thread = threads.get(settings) ?? new BuildThread();
	threads.set(settings, thread);
	return thread;
}
