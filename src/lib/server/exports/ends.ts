// That a copy was taken is known for a year; its file went on the day that was named.
import type { Context } from '../context.ts';
import { endingOf } from '../platform/work/ending.ts';

export const exportEnds = endingOf<Context>('exports', [
	{
		rule: 'exports',
		table: 'export',
		key: ['person_id', 'id'],
		from: 'created_at',
		keptFor: 'P1Y',
		states: ['expired', 'failed', 'cancelled']
	}
]);
