import { answerPolicy } from '../answer';
import { policyPage } from '../policy-page';

export const load = async ({ locals, params, url }) => ({
	...(await policyPage(locals, params.version)),
	done: url.searchParams.get('done')
});

export const actions = { default: answerPolicy };
