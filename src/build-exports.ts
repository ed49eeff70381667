// The thread that builds exports, and encrypts them: it has its own connection, and reads only.
import { bulkhead } from 'cockatiel';
import { parentPort, workerData } from 'node:worker_threads';
import {
	build,
	encrypt,
	type Answer,
	type Ending,
	type Equipment,
	type Failure,
	type LockOrder,
	type Order,
	type Question,
	type Signature
} from './lib/server/exports/exports.ts';
import { giveWay } from './lib/server/platform/threads.ts';
import { openForReading } from './lib/server/reading.ts';

/** How often whoever waits is told how far it is. */
const tellMilliseconds = 250;

giveWay();

const equipment = workerData as Equipment;
const reading = openForReading(equipment);
const signed = new Map<number, (signature: string) => void>();
const endings = new Map<number, AbortController>();
/**
 * Large ones wait for each other, and small ones do, so that nobody with a hundred entries waits for a million; nor for a system
 * outside that hangs, of which several are read at once.
 */
const lanes = {
	large: bulkhead(1, Infinity),
	outside: bulkhead(3, Infinity),
	small: bulkhead(1, Infinity)
};

const say = (answer: Answer | Question) => parentPort?.postMessage(answer);

/** One export asks for one signature after the other. */
const signerOf = (number: number) => ({
	signDetached: (_type: string, manifest: Uint8Array) =>
		new Promise<string>((resolve) => {
			signed.set(number, resolve);
			say({ number, manifest });
		})
});

/** The portal logs it; what crosses is what a log may carry. */
function told(error: unknown): Failure {
	const { name, stack = '', code } = error as Partial<NodeJS.ErrnoException>;
	return { name: name ?? 'unknown', stack, code };
}

async function answer({ number, job, key, now }: Order, signal: AbortSignal): Promise<Answer> {
	let toldAt = 0;
	try {
		const contextFor = await reading;
		signal.throwIfAborted();
		const person = { personId: job.personId, key, now: new Date(now) };
		const result = await build(contextFor(person, signerOf(number)), job, {
			signal,
			tell: (progress) => {
				if (performance.now() - toldAt < tellMilliseconds) return;
				toldAt = performance.now();
				say({ number, progress });
			}
		});
		return { number, result };
	} catch (error) {
		return { number, failed: told(error) };
	}
}

const readsOutside = ({ categories, only }: Order['job']): boolean =>
	equipment.organisation.sources
		.flatMap((source) => source.categories)
		.some(
			({ category }) =>
				(categories?.includes(category) ?? true) && (only?.includes(`data/${category}`) ?? true)
		);

async function take(order: Order): Promise<void> {
	const { number, job } = order;
	const ending = new AbortController();
	endings.set(number, ending);
	const lane = order.isLarge ? lanes.large : readsOutside(job) ? lanes.outside : lanes.small;
	await lane.execute(async () => say(await answer(order, ending.signal)));
	endings.delete(number);
	signed.delete(number);
}

/** In no lane: whatever is built gets its turn between two pieces of a file. */
async function lock({ number, encrypting, key }: LockOrder): Promise<void> {
	const ending = new AbortController();
	endings.set(number, ending);
	const answered = encrypt(encrypting, key, ending.signal).then(
		(result) => ({ number, result }),
		(error: unknown) => ({ number, failed: told(error) })
	);
	say(await answered);
	endings.delete(number);
}

parentPort?.on('message', (said: Order | LockOrder | Signature | Ending) => {
	if ('signature' in said) return signed.get(said.number)?.(said.signature);
	if ('end' in said) return endings.get(said.number)?.abort();
	if ('encrypting' in said) return void lock(said);
	void take(said);
});
