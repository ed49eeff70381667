// The thread that builds: started with the first export, kept, and started anew when it dies.
import type { KeyObject } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import type { Context } from '../context.ts';
import type { Organisation } from '../organisation/organisation.ts';
import { instant } from '../platform/clock.ts';
import type { Settings } from '../platform/settings.ts';
import { threadScript } from '../platform/threads.ts';
import type { Built } from './build.ts';
import { manifestType } from './building/manifest.ts';
import type { Job } from './job.ts';
import type { Progress } from './progress.ts';

/** What the thread is started with; the description as it was read, so that it need not read it again. */
export interface Equipment {
	settings: Settings;
	organisation: Organisation;
	/** With what calls to systems outside are signed. */
	sourceSecrets: Context['sourceSecrets'];
}

export interface Order {
	number: number;
	job: Job;
	key: KeyObject;
	/** The instant at which the export is made: the thread does not ask the machine. */
	now: string;
	/** It waits for other large ones, and no small one waits for it. */
	isLarge: boolean;
}

/** Ends one that is being built, or waits to be. */
export interface Ending {
	number: number;
	end: true;
}

/** An error without its message: a database driver puts values into it. */
export interface Failure {
	name: string;
	stack: string;
	code: string | undefined;
}

/** The thread has no key that signs: it shows what it wants signed. */
export interface Question {
	number: number;
	manifest: Uint8Array;
}

export interface Signature {
	number: number;
	signature: string;
}

export type Answer =
	| { number: number; built: Built }
	| { number: number; failed: Failure }
	| { number: number; progress: Progress };

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
	resolve(built: Built): void;
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
	async build(
		{ keys, signer, settings, organisation, sourceSecrets, clock }: Context,
		job: Job,
		{ signal, isLarge = false, tell = () => undefined }: Looking = {}
	): Promise<Built> {
		const key = await keys.of(job.personId);
		signal?.throwIfAborted();
		clearTimeout(this.#idle);
		const number = ++this.#count;
		const worker = this.#running({ settings, organisation, sourceSecrets });
		const end = () => worker.postMessage({ number, end: true } satisfies Ending);
		signal?.addEventListener('abort', end, { once: true });
		try {
			return await new Promise<Built>((resolve, reject) => {
				this.#waiting.set(number, { signer, tell, resolve, reject });
				worker.postMessage({ number, job, key, now: instant(clock.now()), isLarge } satisfies Order);
			});
		} catch (error) {
			signal?.throwIfAborted();
			throw error;
		} finally {
			signal?.removeEventListener('abort', end);
		}
	}

	async stop(): Promise<void> {
		clearTimeout(this.#idle);
		this.#isStopping = true;
		await this.#worker?.terminate();
		this.#worker = undefined;
		this.#isStopping = false;
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
		if ('built' in answer) waiting?.resolve(answer.built);
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
