// The organisation's mail server hands over what came to its mailbox, as it came (message/rfc822, RFC 5322).
import * as replies from '$lib/server/replies/replies';
import { largestMail } from '$lib/server/requests/requests';
import { hasType, readBytes } from '../../api/v1/body';
import { broken, enter } from '../../api/v1/endpoint';
import { answerJson, notAllowed, problem } from '../../api/v1/problem';

export const POST = async (event) => {
	try {
		const entered = await enter(event, 'mail:receive');
		if ('response' in entered) return entered.response;
		if (!hasType(event.request, 'message/rfc822'))
			return problem('content-type-wrong', {}, { Accept: 'message/rfc822' });
		const read = await readBytes(event.request, largestMail);
		if ('refused' in read) return problem(read.refused);
		const outcome = await replies.receiveMail(entered.ctx, read.value);
		return 'refused' in outcome ? problem(outcome.refused) : answerJson(202, outcome);
	} catch (error) {
		return broken(event.locals.ctx, error);
	}
};

export const fallback = notAllowed('POST');
