// What is known of a report, of a lock that ended and of evidence that was shown is known as long as any other request: 24 months.
import type { Context } from '../context.ts';
import { endingOf } from '../platform/work/ending.ts';

const keptFor = 'P24M';

export const familyEnds = endingOf<Context>('families', [
	{
		rule: 'reports about children',
		table: 'child_report',
		key: ['id'],
		from: 'closed_at',
		keptFor,
		states: ['closed']
	},
	{
		rule: 'locks that were lifted',
		table: 'child_lock',
		key: ['person_id', 'id'],
		from: 'ended_at',
		keptFor,
		states: ['released']
	},
	{
		rule: 'evidence that was shown',
		table: 'evidence_request',
		key: ['person_id', 'id'],
		from: 'answered_at',
		keptFor,
		states: ['answered']
	}
]);
