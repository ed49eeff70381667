// Promise: a call ends in its time with its share of rows, however its driver behaves; one that fails too often is left alone.
import {
	circuitBreaker,
	CircuitState,
	ConsecutiveBreaker,
	handleWhen,
	isBrokenCircuitError
} from 'cockatiel';
import { CallFailed, type Budget, type Call, type Driver } from './driver.ts';
import {
	SourceFailure,
	type Ability,
	type Source,
	type SourceFailureCode,
	type SourceRow,
	type Within
} from './source.ts';

/** Who watches over the calls of a source. */
export interface Watch {
	/** Whether somebody switched it off; asked before every call. */
	isOff(): Promise<boolean>;
	/** What came of a call; `because` is a code of the system's own. */
	noted(ability: Ability, outcome: 'done' | SourceFailureCode, because?: string): void;
}

/** So many failures one after the other, and so long it is left alone then. */
export interface BreakerRule {
	failures: number;
	pauseMilliseconds: number;
}

const ordinaryBreaker: BreakerRule = { failures: 5, pauseMilliseconds: 30_000 };

/** What says that the system itself is unwell; one that answers and refuses is not endangered by being asked. */
const unwell: readonly SourceFailureCode[] = ['unreachable', 'timed-out', 'not-understood', 'cut-off'];

interface Given {
	id: string;
	budget: Budget;
	watch: Watch;
	breaker?: BreakerRule | undefined;
}

/** One call's time and its end. */
class Running implements Call {
	readonly #id: string;
	readonly #controller = new AbortController();
	readonly #outside: AbortSignal | undefined;
	readonly bytes: number;
	readonly unreadable: () => void;
	milliseconds: number;
	constructor(id: string, budget: Budget, { seconds, signal, unreadable = () => undefined }: Within) {
		this.#id = id;
		this.#outside = signal;
		this.bytes = budget.megabytes * 1_000_000;
		this.milliseconds = Math.min(budget.seconds, seconds ?? Infinity) * 1_000;
		this.unreadable = unreadable;
	}
	get signal(): AbortSignal {
		return this.#controller.signal;
	}
	end(): void {
		this.#controller.abort();
	}

	/** The answer, or an end of the waiting for it: when the time is over, or the caller wants no more. */
	async wait<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
		// What a driver throws at once is told like what it throws later.
		const answer = new Promise<Answer>((resolve) => resolve(ask()));
		const began = performance.now();
		let stop: () => void = () => undefined;
		const ended = new Promise<never>((_, reject) => {
			const timer = setTimeout(() => reject(new CallFailed('timed-out')), this.milliseconds);
			const cancel = () => reject(this.#outside?.reason as Error);
			if (this.#outside?.aborted) cancel();
			this.#outside?.addEventListener('abort', cancel, { once: true });
			stop = () => {
				clearTimeout(timer);
				this.#outside?.removeEventListener('abort', cancel);
			};
		});
		// Whatever it still says after its end is nobody's surprise.
		answer.catch(() => undefined);
		try {
			return await Promise.race([answer, ended]);
		} catch (error) {
			this.end();
			throw error instanceof CallFailed ? new SourceFailure(this.#id, error.code, error.because) : error;
		} finally {
			stop();
			this.milliseconds = Math.max(1, this.milliseconds - (performance.now() - began));
		}
	}
}

/** Counts failures, and lets one call through after each pause to see whether it is well again. */
function breakerOf({ failures, pauseMilliseconds }: BreakerRule) {
	const counts = handleWhen((error) => error instanceof SourceFailure && unwell.includes(error.code));
	return circuitBreaker(counts, {
		halfOpenAfter: pauseMilliseconds,
		breaker: new ConsecutiveBreaker(failures)
	});
}

/** A driver with its budget, its switch and its breaker: what everybody else calls. */
export function guarded(driver: Driver, { id, budget, watch, breaker = ordinaryBreaker }: Given): Source {
	const policy = breakerOf(breaker);

	async function through<Answer>(ability: Ability, work: () => Promise<Answer>): Promise<Answer> {
		if (!driver.can.has(ability)) throw new SourceFailure(id, 'cannot');
		if (await watch.isOff()) throw new SourceFailure(id, 'off');
		try {
			return await policy.execute(work);
		} catch (error) {
			if (isBrokenCircuitError(error)) throw new SourceFailure(id, 'resting');
			if (error instanceof SourceFailure) watch.noted(ability, error.code, error.because);
			throw error;
		}
	}

	async function call<Answer>(
		ability: Ability,
		within: Within | undefined,
		ask: (call: Call) => Promise<Answer>
	) {
		const answer = await through(ability, () => {
			const running = new Running(id, budget, within ?? {});
			return running.wait(() => ask(running)).finally(() => running.end());
		});
		watch.noted(ability, 'done');
		return answer;
	}

	/** What comes bit by bit: each bit within what is left of the time. */
	async function* bitByBit<Bit>(running: Running, open: () => AsyncIterable<Bit>): AsyncGenerator<Bit> {
		let under: AsyncIterator<Bit> | undefined;
		const step = () => (under ??= open()[Symbol.asyncIterator]()).next();
		try {
			for (;;) {
				const next = await through('read', () => running.wait(step));
				if (next.done) break;
				yield next.value;
			}
			watch.noted('read', 'done');
		} finally {
			running.end();
			// Ends what the driver holds open; it is not waited for, for it may hang.
			void Promise.resolve(under?.return?.()).catch(() => undefined);
		}
	}

	async function* read(
		category: string,
		person: string,
		within: Within = {}
	): AsyncGenerator<readonly SourceRow[]> {
		const running = new Running(id, budget, within);
		let rows = 0;
		for await (const page of bitByBit(running, () => driver.read(running, category, person))) {
			rows += page.length;
			if (rows > budget.rows) throw overBudget();
			yield page;
		}
	}

	async function file(person: string, path: string, within: Within = {}) {
		const running = new Running(id, budget, within);
		const found = await through('read', () => running.wait(() => driver.file(running, person, path)));
		return { ...found, bytes: bitByBit(running, () => found.bytes) };
	}

	function overBudget(): SourceFailure {
		watch.noted('read', 'over-budget', 'rows');
		return new SourceFailure(id, 'over-budget', 'rows');
	}

	return {
		id,
		can: driver.can,
		edits: driver.edits,
		read,
		count: (category, person, within) => call('read', within, (it) => driver.count(it, category, person)),
		page: (category, person, place, within) =>
			call('read', within, (it) => driver.page(it, category, person, place)),
		find: (category, person, record, within) =>
			call('read', within, (it) => driver.find(it, category, person, record)),
		edit: (category, person, change, within) =>
			call('edit', within, (it) => driver.edit(it, category, person, change)),
		restrict: (person, on, within) => call('restrict', within, (it) => driver.restrict(it, person, on)),
		erase: (person, within) => call('erase', within, (it) => driver.erase(it, person)),
		plant: (person, within) => call('plant', within, (it) => driver.plant(it, person)),
		file,
		get resting() {
			return policy.state === CircuitState.Open;
		},
		close: driver.close
	};
}
