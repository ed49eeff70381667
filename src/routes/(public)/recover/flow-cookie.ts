// The cookie that carries a recovery from step to step.
import { flowCookie, stepAddress as addressOf } from '../../flow-cookie';

export const { of: flowOf, set: setFlow, delete: deleteFlow } = flowCookie('recovery', '/recover');

/** The address of a step, with where to go in the end. */
export const stepAddress = (step: '' | '/code' | '/password', next: string): string =>
	addressOf(`/recover${step}`, next);
