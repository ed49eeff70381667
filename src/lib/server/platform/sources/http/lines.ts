// Promise: an answer without end, or a line without end, is cut; memory holds a line and a page, never the answer.
import { CallFailed, type Call } from '../driver.ts';

const longestLine = 16_000_000;
const linesAtOnce = 500;
const lineFeed = 0x0a;

/** Lines of an answer, as bytes, some at a time. `complete` is false where the last one was not ended. */
export async function* linesOf(
	bytes: AsyncIterable<Uint8Array>,
	call: Pick<Call, 'bytes'>
): AsyncGenerator<{ lines: Uint8Array[]; complete: boolean }> {
	let total = 0;
	let begun: Uint8Array[] = [];
	let begunBytes = 0;
	let lines: Uint8Array[] = [];
	for await (const chunk of bytes) {
		total += chunk.length;
		if (total > call.bytes) throw new CallFailed('over-budget', 'bytes');
		let start = 0;
		for (let end = chunk.indexOf(lineFeed); end >= 0; end = chunk.indexOf(lineFeed, start)) {
			lines.push(joined(begun, chunk.subarray(start, end)));
			begun = [];
			begunBytes = 0;
			start = end + 1;
			if (lines.length < linesAtOnce) continue;
			yield { lines, complete: true };
			lines = [];
		}
		begunBytes += chunk.length - start;
		if (begunBytes > longestLine) throw new CallFailed('over-budget', 'line');
		if (start < chunk.length) begun.push(chunk.subarray(start));
		// What is there is given on before the next piece is waited for.
		if (lines.length) yield { lines, complete: true };
		lines = [];
	}
	if (begunBytes > 0) yield { lines: [joined(begun, new Uint8Array())], complete: false };
}

const joined = (begun: readonly Uint8Array[], last: Uint8Array): Uint8Array =>
	begun.length === 0 ? last : Buffer.concat([...begun, last]);
