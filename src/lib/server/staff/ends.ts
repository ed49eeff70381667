// Sessions and reasons of staff end with their time, and what is known of their looks after two years.
import type { Context } from '../context.ts';
import { endingOf } from '../platform/work/ending.ts';
import { logKeptFor } from './log.ts';

export const staffEnds = endingOf<Context>('staff', [
	{ rule: 'staff sessions', table: 'staff_session', key: ['session_id'], from: 'expires_at', keptFor: 'P0D' },
	{
		rule: 'reasons of staff',
		table: 'staff_look',
		key: ['person_id', 'id'],
		from: 'expires_at',
		keptFor: 'P1D'
	},
	{ rule: 'staff log', table: 'staff_log', key: ['id'], from: 'at', keptFor: logKeptFor }
]);
