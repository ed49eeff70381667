// Expired support links are of no use to anybody: they go a month after their end.
import type { Context } from '../../context.ts';
import { endingOf } from '../../platform/work/ending.ts';

export const supportLinkSweep = endingOf<Context>('expired-support-links', [
	{
		rule: 'support links',
		table: 'support_link',
		key: ['person_id', 'id'],
		from: 'expires_at',
		keptFor: 'P30D'
	}
]);
