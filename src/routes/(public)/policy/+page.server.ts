import { answerPolicy } from './answer';
import { policyPage } from './policy-page';

export const load = ({ locals }) => policyPage(locals, undefined);

export const actions = { default: answerPolicy };
