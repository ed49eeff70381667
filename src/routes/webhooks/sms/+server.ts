// The SMS gateway hands over what people write back, shaped like Twilio's (a signed form) or as JSON of Standard Webhooks.
import * as replies from '$lib/server/replies/replies';
import { readBytes } from '../../api/v1/body';
import { broken } from '../../api/v1/endpoint';
import { answerJson, notAllowed, problem } from '../../api/v1/problem';

/** A text message is short; what is longer is none. */
const largest = 100_000;

/** Nothing is said in it: what there is to say goes out through the outbox. */
const emptyAnswer = () => new Response('<Response/>', { headers: { 'Content-Type': 'text/xml' } });

export const POST = async ({ request, locals, url }) => {
	const { ctx } = locals;
	try {
		const body = await readBytes(request, largest);
		if ('refused' in body) return problem(body.refused);
		const header = (name: string) => request.headers.get(name);
		const read = replies.readGateway(ctx, { path: url.pathname + url.search, header, body: body.value });
		if ('refused' in read) return problem(read.refused);
		if ('message' in read) await replies.receiveSms(ctx, read.message);
		else if (read.refusal) await replies.addressRefused(ctx, read.refusal);
		return read.shape === 'twilio' ? emptyAnswer() : answerJson(202, { received: true });
	} catch (error) {
		return broken(ctx, error);
	}
};

export const fallback = notAllowed('POST');
