import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DescriptionForTest } from '../../../../tests/support/description.ts';
import { outsideOrganisation } from '../../../../tests/support/outside-organisation.ts';

let description: DescriptionForTest;
beforeEach(() => {
	description = outsideOrganisation();
});
afterEach(() => description.remove());

test('sources that are described to the end have nothing wrong in them', () => {
	expect(description.problems()).toEqual([]);
});

test.each([
	[
		'a statement of nobody’s rows',
		'from orders where customer = :person',
		'from orders',
		'read',
		'Put :person'
	],
	[
		'a name that nobody binds',
		'customer = :person and id = :record',
		'customer = :persn and id = :record',
		'statement',
		'Did you mean "person"'
	],
	[
		'several statements in one',
		"delete from members where customer = :person'",
		"delete from members where customer = :person; select 1'",
		'erase',
		'Write one'
	],
	[
		'a query that changes something',
		"count: 'select count(*) from",
		"count: 'delete from",
		'count',
		'Write a select'
	],
	[
		'a field that nobody described',
		'field: nickname\n            statement',
		'field: nickame\n            statement',
		'field',
		'nickname'
	],
	[
		'an edit without a statement',
		"\n            statement: 'update members set nickname = :value where customer = :person'",
		'',
		'edit',
		'Add statement'
	],
	['a category of two sources', '- category: tickets', '- category: orders', 'categories', 'one of the two'],
	[
		'statements over HTTP',
		'can: [restrict, erase, plant]',
		"erase: ['delete from x where y = :person']",
		'erase',
		'can: [erase]'
	],
	[
		'what a database can, beside its statements',
		'kind: sql\n',
		'kind: sql\n    can: [erase]\n',
		'can',
		'Remove can'
	],
	['what people sign in with', '- category: membership', '- category: card', 'category', 'Move it'],
	['a name that a partner has', 'id: crm', 'id: bindery', 'id', 'another id'],
	[
		'a category that is not there',
		'- category: tickets',
		'- category: tikets',
		'category',
		'Did you mean "tickets"'
	]
])('whoever writes %s is told where, and what to write', (_wrong, from, to, path, advice) => {
	description.edit('organisation.yaml', from, to);
	const told = description.problems().filter((problem) => problem.path.startsWith('sources'));
	expect(told.map(({ path, write }) => `${path} ${write}`).join('\n')).toMatch(
		new RegExp(`sources\\..*${path}.* .*${advice.replaceAll(/[()[\]]/g, '\\$&')}`)
	);
});

test('a field that people may edit says how it is changed there', () => {
	description.edit('organisation.yaml', '          - field: nickname', '          - field: joinedOn');
	expect(description.problems()).toMatchObject([
		{
			path: 'categories.membership.fields.nickname.editable',
			write: expect.stringContaining('- field: nickname')
		}
	]);
});
