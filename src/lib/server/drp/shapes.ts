// What an agent may send (Data Rights Protocol 1.0, 3.02 and 3.03).
import { z } from 'zod';

const exercises = [
	'sale:opt-out',
	'sale:opt-in',
	'deletion',
	'access',
	'access:categories',
	'access:specific'
] as const;
export type Exercise = (typeof exercises)[number];

const claim = z.string().max(500).optional();

/** Claims about somebody find them; they prove nothing. */
export const exerciseShape = z.looseObject({
	'agent-request-id': z.string().max(200).optional(),
	agent_request_id: z.string().max(200).optional(),
	'drp.version': z.literal('1.0'),
	exercise: z.enum(exercises),
	regime: z.literal('ccpa').optional(),
	status_callback: z
		.url({ protocol: /^https?$/ })
		.max(2_000)
		.optional(),
	name: claim,
	email: claim,
	phone_number: claim
});

export const revocationShape = z.looseObject({ reason: z.string().max(2_000) });
