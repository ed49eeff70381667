// That a message was sent or a partner told, or could not be, is known for a year; its words went when it left.
import type { Context } from '../context.ts';
import { endingOf } from '../platform/work/ending.ts';

export const messageEnds = endingOf<Context>('messages', [
	{
		rule: 'messages',
		table: 'outbox',
		key: ['person_id', 'id'],
		from: 'created_at',
		keptFor: 'P1Y',
		states: ['sent', 'failed', 'withheld', 'unconfirmed']
	},
	{
		rule: 'partner-calls',
		table: 'partner_call',
		key: ['person_id', 'id'],
		from: 'created_at',
		keptFor: 'P1Y',
		states: ['acknowledged', 'silent', 'no-webhook']
	}
]);
