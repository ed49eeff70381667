// Global Privacy Control, as the W3C writes it down: the header is exactly "1", or one of several is.

/** Several headers of the name reach us joined by commas. Whatever else stands there is as if nothing did. */
export const saysOptOut = (headers: Headers): boolean =>
	headers
		.get('sec-gpc')
		?.split(',')
		.some((value) => value.trim() === '1') ?? false;
