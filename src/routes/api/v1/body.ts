// Bodies of requests: read within limits, as the content type says; anything else is a code.

const largest = 2_000_000;
const drained = 32_000_000;

export type Read<Value> =
	{ value: Value } | { refused: 'too-large' | 'not-utf8' | 'not-json' | 'content-type-wrong' | 'unreadable' };

const isTooLarge = (error: unknown): boolean =>
	typeof error === 'object' && error !== null && 'status' in error && error.status === 413;

/** What went wrong while a body was read. */
export const readingProblem = (error: unknown): 'too-large' | 'unreadable' =>
	isTooLarge(error) ? 'too-large' : 'unreadable';

export const hasType = (request: Request, ...types: readonly string[]): boolean => {
	const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
	return type !== undefined && types.includes(type);
};

/** The body as it came, up to `most` bytes. */
export async function readBytes(request: Request, most = largest): Promise<Read<Buffer>> {
	const chunks: Uint8Array[] = [];
	let length = 0;
	try {
		for await (const chunk of (request.body ?? []) as AsyncIterable<Uint8Array>) {
			length += chunk.length;
			// Read to its end all the same: an answer before that would reach the sender as a broken connection.
			if (length > drained) return { refused: 'too-large' };
			if (length <= most) chunks.push(chunk);
		}
	} catch (error) {
		return { refused: readingProblem(error) };
	}
	return length > most ? { refused: 'too-large' } : { value: Buffer.concat(chunks) };
}

export async function readText(request: Request): Promise<Read<string>> {
	const read = await readBytes(request);
	if ('refused' in read) return read;
	try {
		return { value: new TextDecoder('utf-8', { fatal: true }).decode(read.value) };
	} catch {
		return { refused: 'not-utf8' };
	}
}

/** A JSON body. An empty one is undefined where `optional`. */
export function parseJson(text: string, optional = false): Read<unknown> {
	if (optional && text.trim() === '') return { value: undefined };
	try {
		return { value: JSON.parse(text) as unknown };
	} catch {
		return { refused: 'not-json' };
	}
}
