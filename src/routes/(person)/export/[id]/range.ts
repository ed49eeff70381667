// RFC 9110 §14: one range of bytes. Several ranges, or another unit, are answered with the whole, as the standard allows.

/** `end` is exclusive. Undefined: the whole is asked for, or has changed since (`If-Range`). */
export function rangeOf(
	headers: Headers,
	etag: string,
	bytes: number
): { start: number; end: number } | 'unsatisfiable' | undefined {
	const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(headers.get('range')?.trim() ?? '');
	const condition = headers.get('if-range');
	if (!match || (match[1] === '' && match[2] === '') || (condition !== null && condition !== etag))
		return undefined;
	const [from, to] = [match[1] as string, match[2] as string];
	if (from === '')
		return Number(to) === 0 ? 'unsatisfiable' : { start: Math.max(0, bytes - Number(to)), end: bytes };
	const [start, end] = [Number(from), to === '' ? bytes : Math.min(bytes, Number(to) + 1)];
	if (start >= bytes) return 'unsatisfiable';
	return end > start ? { start, end } : undefined;
}
