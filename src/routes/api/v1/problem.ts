// Problems as RFC 9457: a code that machines read and a sentence in English; never a value of anybody.

import { reasonsOf } from '$lib/server/disclosures/disclosures';

const titles: Record<number, string> = {
	400: 'The request could not be read',
	401: 'A token is needed',
	403: 'Not allowed',
	404: 'There is no such thing',
	405: 'Not by this method',
	409: 'It contradicts what is there',
	410: 'No longer kept',
	413: 'Too large',
	415: 'Another content type is needed',
	422: 'It does not fit the description',
	429: 'Too often',
	500: 'Something broke on our side'
};

const statuses: Record<string, number> = {
	'token-missing': 401,
	'token-unknown': 401,
	'scope-missing': 403,
	'address-not-allowed': 403,
	'signature-wrong': 403,
	'disclosure-refused': 403,
	'person-unknown': 404,
	'not-found': 404,
	'not-json': 400,
	'not-utf8': 400,
	unreadable: 400,
	'too-large': 413,
	'too-many-lines': 413,
	'changes-gone': 410,
	'content-type-wrong': 415,
	'identifier-taken': 409,
	'person-exists': 409,
	'person-erased': 409,
	'person-leaving': 409,
	'already-leaving': 409,
	'account-locked': 409,
	'awaiting-consent': 409,
	'idempotency-key-running': 409,
	'too-many-erasures': 429
};

const details: Record<string, string> = {
	'token-missing': 'Send "Authorization: Bearer" with a token.',
	'token-unknown': 'The token is wrong, has expired or was revoked.',
	'scope-missing': 'The token does not have the scope that this needs.',
	'address-not-allowed': 'The token is not taken from this address.',
	'disclosure-refused': 'The fields named in "fields" may not go to this partner; nothing was released.',
	'at-in-future': 'Ask for a release when it happens: "at" is ahead of now.',
	'person-unknown': 'Nobody has this external id.',
	'not-found': 'This address means nothing here; see /api/v1/openapi.json.',
	'not-json': 'The body is not JSON.',
	'not-utf8': 'The body is not UTF-8.',
	'too-large': 'Send less at once.',
	'too-many-lines': 'Ask about at most 10,000 at once.',
	'changes-gone':
		'What came behind this position is no longer kept: ask about everybody anew, then follow from the newest position.',
	'content-type-wrong': 'The Accept header says what is taken.',
	'method-not-allowed': 'The Allow header says what is.',
	'person-erased': 'This person was erased; send signedUpAnew: true if they came back.',
	'person-leaving': 'This person is leaving.',
	'already-leaving': 'A withdrawal runs already.',
	'account-locked': 'A report about this child is being looked into; send a reason to erase it all the same.',
	'no-such-choice': 'The person can not get this topic by this channel.',
	'essential-topic': 'An essential topic can not be turned off.',
	'choice-twice': 'Name each choice once.',
	'awaiting-consent': 'Nobody has agreed for this person yet; only a no is taken.',
	'idempotency-key-invalid': 'An Idempotency-Key has 1 to 128 visible ASCII characters.',
	'idempotency-key-reused': 'This Idempotency-Key came before with another request.',
	'idempotency-key-running': 'The request with this Idempotency-Key is still being answered.',
	'external-id-invalid': '1 to 64 of A-Z a-z 0-9 . _ ~ -, and nothing like an email address or phone number.',
	'external-id-reserved':
		'The canary bears this id, so that systems outside would erase the person each night.',
	'viewer-unknown': 'Ask with viewer=everyone, members or owner.',
	'external-id-mismatch': 'The body names another person than the address.',
	'signature-wrong': 'The signature is missing, is wrong, or is older than five minutes.',
	'message-unreadable': 'This is no text message: id, from, text and at, an instant with zone, are needed.',
	'mail-unreadable': 'This is no message with a single sender that can be read (RFC 5322).',
	'received-wrong': 'The receipt lies in the future, or over a year back.',
	'subject-unknown': 'The role has no such category or field.',
	'reason-required': 'An erasure without a grace period needs a reason.',
	'too-many-erasures': 'No more than 100 erasures without grace an hour.'
};

export interface ProblemMembers {
	field?: string | undefined;
	fields?: readonly { field: string; code: string }[] | undefined;
}

/** The status that a code of a refusal has: what does not fit is 422 where nothing else is said. */
export const statusOf = (code: string): number => statuses[code] ?? 422;

export function problem(
	code: string,
	members: ProblemMembers = {},
	headers: Record<string, string> = {},
	status = statusOf(code)
): Response {
	const { field, fields } = members;
	const said = details[code] ?? (field ? `"${field}": ${code}.` : `${code}.`);
	const detail = code === 'disclosure-refused' && fields ? `${said} ${reasonsOf(fields)}` : said;
	const body = {
		type: `urn:candor:problem:${code}`,
		title: titles[status] ?? 'Refused',
		status,
		detail,
		code,
		...(field && { field }),
		...(fields && { fields })
	};
	const challenge: Record<string, string> = status === 401 ? { 'WWW-Authenticate': 'Bearer' } : {};
	return new Response(JSON.stringify(body), {
		status,
		headers: {
			'Content-Type': 'application/problem+json',
			'Cache-Control': 'no-store',
			...challenge,
			...headers
		}
	});
}

/** For `fallback` of a route: what it does not do. */
export const notAllowed =
	(...methods: readonly string[]) =>
	(): Response =>
		problem('method-not-allowed', {}, { Allow: methods.join(', ') }, 405);

export const answerJson = (status: number, body: unknown): Response =>
	new Response(JSON.stringify(body), {
		status,
		headers: { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' }
	});
